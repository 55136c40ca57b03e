import { editDistance } from '../lib/nearest.ts';
import type { Problems } from './diagnostic.ts';
import { type Span, type Tree, type TreeMap, treeAt } from './tree.ts';

export interface KnownFields {
  /** Names that a rule of `service: cosmosdb` may use; `properties.*` allows all below `properties`. null: not checked. */
  readonly fields?: readonly string[] | null;
  /** Fields that a late record may still fill, with what fills them: an alert folded by one would split. */
  readonly lateFields?: ReadonlyMap<string, string>;
}

/**
 * Fields that no log has, and fold keys that come late. All fields can be judged in files whose rules all read Cosmos DB's logs. Other
 * logs of Azure have fields that are not listed here: of their rules, what is nearly a canonical name, and fold keys (only cosmowatch has
 * them) that neither are canonical names nor stand in a selection.
 */
export function checkFields(
  documents: readonly TreeMap[],
  { fields = null, lateFields }: KnownFields,
  problems: Problems,
): void {
  for (const document of documents) {
    for (const { field, span } of foldFields(document)) {
      const why = lateFields?.get(field);
      if (why !== undefined) problems.error('CW-3007', span, `fold by "${field}": it can arrive late`, why);
    }
  }
  if (fields === null) return;
  const known = new FieldNames(fields);
  const warn = ({ field, span }: Use): void => {
    const hint = known.suggestion(field) ?? 'names: docs/reference/fields.md';
    problems.warning('CW-3051', span, `no field "${field}" in any log`, hint);
  };
  const unknown = documents.flatMap(fieldsOf).filter(({ field }) => !known.has(field));
  if (documents.every((document) => reads(document, 'service', 'cosmosdb'))) unknown.forEach(warn);
  else if (documents.every((document) => reads(document, 'product', 'azure'))) {
    const folds = new Set(documents.flatMap(foldFields).map(({ span }) => span));
    const selected = new Set(documents.flatMap(selectionFields).map(({ field }) => field));
    unknown
      .filter(({ field, span }) => known.isMisspelt(field) || (folds.has(span) && !selected.has(field)))
      .forEach(warn);
  }
}

/** Does a rule say so of its log source? A correlation has none, and reads what its rules read. */
function reads(document: TreeMap, key: 'product' | 'service', value: string): boolean {
  const logsource = treeAt(document, 'logsource');
  if (logsource?.kind !== 'map') return treeAt(document, 'correlation') !== null;
  const said = treeAt(logsource, key);
  return said?.kind === 'scalar' && said.text.toLowerCase() === value;
}

interface Use {
  readonly field: string;
  readonly span: Span;
}

function fieldsOf(document: TreeMap): Use[] {
  return [...selectionFields(document), ...foldFields(document), ...groupFields(document)];
}

function selectionFields(document: TreeMap): Use[] {
  const detection = treeAt(document, 'detection');
  const selections = detection?.kind === 'map' ? detection.entries.filter(({ key }) => key !== 'condition') : [];
  return selections.flatMap(({ value }) => selectedFields(value));
}

function selectedFields(selection: Tree): Use[] {
  if (selection.kind === 'list') return selection.items.flatMap(selectedFields);
  if (selection.kind === 'scalar') return [];
  return selection.entries.flatMap(({ key, keySpan, value }) => {
    const [field = '', ...modifiers] = key.split('|');
    const own = field === '' ? [] : [{ field, span: { ...keySpan, length: field.length } }];
    return modifiers.includes('fieldref') && value.kind === 'scalar'
      ? [...own, { field: value.text, span: value.span }]
      : own;
  });
}

function foldFields(document: TreeMap): Use[] {
  const fold = treeAt(document, 'fold');
  return fold?.kind === 'map' ? texts(treeAt(fold, 'by')) : [];
}

/** `group-by` and the field of a value_count, less what aliases stand for. */
function groupFields(document: TreeMap): Use[] {
  const correlation = treeAt(document, 'correlation');
  if (correlation?.kind !== 'map') return [];
  const aliases = treeAt(correlation, 'aliases');
  const aliased = aliases?.kind === 'map' ? aliases.entries : [];
  const condition = treeAt(correlation, 'condition');
  const counted = condition?.kind === 'map' ? texts(treeAt(condition, 'field')) : [];
  const groups = texts(treeAt(correlation, 'group-by')).filter(
    ({ field }) => !aliased.some(({ key }) => key === field),
  );
  const behind = aliased.flatMap(({ value }) =>
    value.kind === 'map' ? value.entries.flatMap((entry) => texts(entry.value)) : [],
  );
  return [...groups, ...behind, ...counted];
}

function texts(tree: Tree | null): Use[] {
  if (tree?.kind === 'list') return tree.items.flatMap(texts);
  return tree?.kind === 'scalar' ? [{ field: tree.text, span: tree.span }] : [];
}

/** Mistakes in a name that still is what was meant. */
const SLIPS = 2;

class FieldNames {
  readonly #exact: ReadonlySet<string>;
  readonly #prefixes: readonly string[];
  readonly #names: readonly string[];

  constructor(fields: readonly string[]) {
    this.#names = fields.filter((field) => !field.endsWith('.*'));
    this.#exact = new Set(this.#names.map((field) => field.toLowerCase()));
    this.#prefixes = fields.filter((field) => field.endsWith('.*')).map((field) => field.slice(0, -1).toLowerCase());
  }

  has(field: string): boolean {
    const name = field.toLowerCase();
    return this.#exact.has(name) || this.#prefixes.some((prefix) => name.startsWith(prefix));
  }

  /** Is it a canonical name but for a letter or two? Canonical names have a dot, which sets them apart from most others. */
  isMisspelt(field: string): boolean {
    const name = field.toLowerCase();
    return name.includes('.') && this.#names.some((known) => known.includes('.') && isNear(name, known.toLowerCase()));
  }

  /** The nearest name by words first (`caller_ip` means `source.ip`), then by letters. */
  suggestion(field: string): string | null {
    const words = field.toLowerCase().split(/[._\s-]+/);
    const scored = this.#names.map((name) => ({
      name,
      score: likeness(field.toLowerCase(), words, name.toLowerCase()),
    }));
    const best = scored.reduce((a, b) => (b.score > a.score ? b : a), { name: '', score: 0 });
    return best.score >= 0.4 ? `did you mean "${best.name}"?` : null;
  }
}

function isNear(name: string, known: string): boolean {
  return Math.abs(name.length - known.length) <= SLIPS && editDistance(name, known) <= SLIPS;
}

/** 0 to 1; the last word of a name says what it is, so it weighs most. */
function likeness(field: string, words: readonly string[], name: string): number {
  const parts = name.split(/[._]/);
  const shared = words.filter((word) => parts.includes(word)).length / Math.max(words.length, parts.length);
  const last = words.at(-1) === parts.at(-1) ? 0.25 : 0;
  const letters = 1 - editDistance(field.slice(0, 60), name) / Math.max(field.length, name.length);
  return Math.max(shared + last, letters);
}
