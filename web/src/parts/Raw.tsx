import { json } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, RangeSetBuilder } from '@codemirror/state';
import { Decoration, EditorView, lineNumbers, WidgetType } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';

export interface Hit {
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

/** A record as it came, with the lines marked that made the rule match. It can be read and copied, not changed. */
export function Raw({ text, hits }: { readonly text: string; readonly hits: readonly Hit[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    const state = EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        json(),
        syntaxHighlighting(STYLE),
        EditorState.readOnly.of(true),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'The record', tabindex: '0' }),
        EditorView.decorations.of((view) => marksOf(view, hits)),
      ],
    });
    const view = new EditorView({ state, parent: box.current });
    return () => view.destroy();
  }, [text, hits]);
  return <div className="raw" ref={box} />;
}

const STYLE = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-key)' },
  { tag: tags.string, color: 'var(--code-str)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-num)' },
]);

class Why extends WidgetType {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span');
    element.className = 'why';
    element.textContent = this.text;
    return element;
  }

  override eq(other: Why): boolean {
    return other.text === this.text;
  }
}

function marksOf({ state }: EditorView, hits: readonly Hit[]) {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { line, why } of hits) {
    const { from, to } = state.doc.line(line);
    marks.add(from, from, Decoration.line({ class: 'hit' }));
    marks.add(to, to, Decoration.widget({ widget: new Why(why), side: 1 }));
  }
  return marks.finish();
}
