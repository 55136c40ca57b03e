import type { Problems } from './diagnostic.ts';
import type { RuleDraft } from './draft.ts';
import { didYouMean } from './suggest.ts';
import type { Scalar } from './tree.ts';

/** Finds rules by id, else by name, else by title, in whatever file and order they stand. */
export class References {
  readonly #byId = new Map<string, RuleDraft>();
  readonly #byName = new Map<string, RuleDraft>();
  readonly #byTitle = new Map<string, RuleDraft[]>();
  readonly #broken: ReadonlySet<string>;

  /** @param broken ids, names and titles of documents that are not valid: a reference to one is not a misspelling */
  constructor(drafts: readonly RuleDraft[], broken: ReadonlySet<string>) {
    this.#broken = broken;
    for (const draft of drafts) this.#add(draft);
  }

  peek(text: string): RuleDraft | null {
    const titled = this.#byTitle.get(text);
    return this.#byId.get(text.toLowerCase()) ?? this.#byName.get(text) ?? (titled?.length === 1 ? titled[0]! : null);
  }

  find(rule: Scalar, problems: Problems): RuleDraft | null {
    const found = this.peek(rule.text);
    if (found !== null) return found;
    if (this.#broken.has(rule.text))
      return problems.error(
        'CW-3021',
        rule.span,
        `refers to "${rule.text}", which is not valid`,
        'repair that rule first',
      );
    const titled = this.#byTitle.get(rule.text);
    if (titled)
      return problems.error(
        'CW-3002',
        rule.span,
        `${titled.length} rules are called "${rule.text}"`,
        'refer to one by its id',
      );
    const hint =
      didYouMean(rule.text, this.#byName.keys()) ?? 'rules are found by id or name, in all files that are loaded';
    return problems.error('CW-3002', rule.span, `no rule is called "${rule.text}"`, hint);
  }

  #add(draft: RuleDraft): void {
    const { id, name, title, place } = draft.meta;
    const same = this.#byId.get(id) ?? (hasName(draft) ? this.#named(name) : null);
    if (same) {
      const what = same.meta.id === id ? `id "${id}"` : `name "${name}"`;
      const other = same.meta.place;
      const span = { line: place.line, column: place.column, length: 5 };
      draft.problems.error(
        'CW-3010',
        span,
        `${what} is already that of ${other.file}:${other.line}`,
        'give this rule one of its own',
      );
      return;
    }
    this.#byId.set(id, draft);
    if (hasName(draft) || !this.#byName.has(name)) this.#byName.set(name, draft);
    this.#byTitle.set(title, [...(this.#byTitle.get(title) ?? []), draft]);
  }

  /** A name that another rule gave itself; one that was made of a title gives way. */
  #named(name: string): RuleDraft | null {
    const other = this.#byName.get(name);
    return other && hasName(other) ? other : null;
  }
}

function hasName(draft: RuleDraft): boolean {
  return draft.document.entries.some((entry) => entry.key === 'name');
}
