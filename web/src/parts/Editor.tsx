import { autocompletion, type Completion, completeFromList } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import './editor.css';

/** Something to say at a place of the text; line and column count from 1, line 0 is the whole of it. */
export interface Remark {
  readonly severity: 'info' | 'warning' | 'error';
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

interface EditorProps {
  readonly label: string;
  readonly text: string;
  /** Null: it can only be read. */
  readonly onChange: ((text: string) => void) | null;
  readonly remarks: readonly Remark[];
  /** Shown as changes against this text; null: not. */
  readonly against: string | null;
  /** Words to complete. */
  readonly words: readonly Completion[];
}

const LOOK = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.keyword], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.special(tags.string)], color: 'var(--code-str)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-num)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-com)' },
]);

/** A file in YAML. Escape, then Tab, leaves it by keyboard. */
export function Editor({ label, text, onChange, remarks, against, words }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const merging = useRef(new Compartment());
  const isReadOnly = onChange === null;
  const first = useRef(text);
  first.current = text;
  useEffect(() => {
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          ...extensionsOf(label, words, isReadOnly),
          merging.current.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label, words, isReadOnly]);
  useEffect(() => {
    const own = view.current;
    if (own === null || own.state.doc.toString() === text) return;
    own.dispatch({ changes: { from: 0, to: own.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const shown = against === null ? [] : unifiedMergeView({ original: against, mergeControls: false, gutter: true });
    view.current?.dispatch({ effects: merging.current.reconfigure(shown) });
  }, [against]);
  useEffect(() => {
    const own = view.current;
    if (own !== null)
      own.dispatch(
        setDiagnostics(
          own.state,
          remarks.map((remark) => diagnosticOf(own.state, remark)),
        ),
      );
  }, [remarks]);
  return <div className="editor" ref={place} />;
}

function extensionsOf(label: string, words: readonly Completion[], isReadOnly: boolean): Extension[] {
  return [
    lineNumbers(),
    history(),
    yaml(),
    syntaxHighlighting(LOOK),
    lintGutter(),
    EditorView.lineWrapping,
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of({ 'aria-label': label, ...(isReadOnly ? { 'aria-readonly': 'true' } : {}) }),
    ...(words.length === 0 ? [] : [autocompletion({ override: [completeFromList([...words])] })]),
    keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
  ];
}

function diagnosticOf(state: EditorState, { severity, line, column, length, message }: Remark): Diagnostic {
  const own = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  const from = Math.min(own.from + Math.max(0, column - 1), own.to);
  return { severity, message, from, to: line === 0 ? own.to : Math.min(from + Math.max(1, length), own.to) };
}
