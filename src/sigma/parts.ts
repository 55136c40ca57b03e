import type { Detection, Match } from '../ir/ir.ts';
import { simplify } from '../ir/simplify.ts';
import type { Condition } from './condition.ts';
import { readConditions, readSelections } from './detection.ts';
import { Problems } from './diagnostic.ts';
import type { DetectionDraft, Draft, FilterDraft } from './draft.ts';
import { type LoadOptions, startReading } from './load.ts';
import { covers, logsourceMatch } from './logsource.ts';
import { type RuleFile, readFile } from './read.ts';
import { References } from './references.ts';
import { entryOf, treeAt } from './tree.ts';

/** A piece of a rule as its file has it, before all became one match. */
export interface Part {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly match: Match;
}

/** A detection rule by its pieces: it matches if the log source, one of the conditions and all filters do. */
export interface RuleParts {
  /** null: the log source restricts nothing. */
  readonly logsource: Part | null;
  readonly selections: readonly Part[];
  readonly conditions: readonly { readonly text: string; readonly condition: Condition }[];
  readonly filters: readonly Part[];
}

/**
 * The pieces of detection rules, from the files that the rules were loaded from, with the same options. A rule is found by its place,
 * because one without an id has another in every reading.
 */
export class PartsReader {
  readonly #drafts: readonly Draft[];
  readonly #references: References;
  readonly #options: LoadOptions;

  constructor(files: readonly RuleFile[], options: LoadOptions) {
    const reading = startReading(options);
    this.#drafts = files.flatMap((file) => readFile(file, reading).documents.flatMap(({ draft }) => draft ?? []));
    this.#references = new References(
      this.#drafts.filter((draft) => draft.kind !== 'filter'),
      new Set(),
    );
    this.#options = options;
  }

  partsOf(rule: Detection): RuleParts | null {
    const { file, line, column } = rule.meta.place;
    const draft = this.#drafts.find((one): one is DetectionDraft => {
      if (one.kind !== 'detection' || one.meta.title !== rule.meta.title) return false;
      const { place } = one.meta;
      return place.file === file && place.line === line && place.column === column;
    });
    const detection = draft && treeAt(draft.document, 'detection');
    if (draft === undefined || detection?.kind !== 'map') return null;
    const unread = new Problems(file);
    const placeholders = new Map(Object.entries(this.#options.placeholders ?? {}));
    const selections = [...readSelections(detection, [], placeholders, unread)].flatMap(([name, match]) =>
      match === null ? [] : [{ name, file, line: entryOf(detection, name)!.keySpan.line, match: simplify(match) }],
    );
    const conditions = readConditions(detection, unread) ?? [];
    return {
      logsource: this.#options.logsource === 'ignore' ? null : logsourcePart(draft),
      selections,
      conditions: conditions.map(({ condition, scalar }) => ({ text: scalar.text, condition })),
      filters: this.#drafts.flatMap((one) =>
        one.kind === 'filter' && this.#filters(one, draft) ? [filterPart(one)] : [],
      ),
    };
  }

  #filters(filter: FilterDraft, draft: DetectionDraft): boolean {
    const isNamed = filter.rules === null || filter.rules.some(({ text }) => this.#references.peek(text) === draft);
    return isNamed && covers(filter.logsource, draft.logsource);
  }
}

function logsourcePart({ document, logsource, meta }: DetectionDraft): Part | null {
  const match = logsourceMatch(logsource);
  if (match === null) return null;
  const name = Object.entries(logsource).map(([key, value]) => `${key} ${value}`);
  const line = entryOf(document, 'logsource')?.keySpan.line ?? meta.place.line;
  return { name: name.join(', '), file: meta.place.file, line, match };
}

function filterPart({ title, problems, document, match }: FilterDraft): Part {
  return { name: title, file: problems.file, line: document.span.line, match: simplify(match) };
}
