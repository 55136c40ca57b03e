import { type Bound, type Impact, LEVELS, type Parameter, type RuleMeta, type Step, type Technique } from '../ir/ir.ts';
import { techniquesOfTags } from './attack.ts';
import { BOUND_KEYS, readBound } from './bound.ts';
import { isDate } from './dates.ts';
import type { Problems } from './diagnostic.ts';
import { booleanAt, listAt, mapsAt, onlyKeys, proseAt, scalarAt, textAt, textsAt, wordAt } from './shape.ts';
import { entryOf, isEmpty, type Tree, type TreeMap, treeAt } from './tree.ts';

export const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
export const RELATIONS = ['derived', 'obsolete', 'obsoletes', 'merged', 'renamed', 'similar', 'correlation'] as const;

/** A rule without a level: neither drowned nor alarming; lint asks for one. */
const DEFAULT_LEVEL = 'medium';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** What people read of a rule, and checks of the attributes that only people read. `id` is filled in by the caller where missing. */
export function readMeta(
  document: TreeMap,
  parameters: readonly Parameter[],
  problems: Problems,
): Omit<RuleMeta, 'id'> & { readonly id: string | null } {
  const title = textAt(document, 'title', problems);
  const titleEntry = entryOf(document, 'title');
  if (!titleEntry || isEmpty(titleEntry.value))
    problems.error('CW-3001', document.span, 'the title is missing', 'begin with "title:"');
  checkDescriptive(document, problems);
  const routine = booleanAt(document, 'routine', problems);
  const tags = textsAt(document, 'tags', problems, false);
  for (const tag of tags) {
    if (tag.value !== tag.text) problems.error('CW-3001', tag.span, 'a tag is a text', 'namespace.name: attack.t1485');
  }
  return {
    id: textAt(document, 'id', problems)?.toLowerCase() ?? null,
    name: textAt(document, 'name', problems) ?? snakeCase(title ?? ''),
    title: title ?? '',
    description: proseAt(document, 'description', problems),
    status: wordAt(document, 'status', STATUSES, problems) ?? '',
    level: wordAt(document, 'level', LEVELS, problems) ?? DEFAULT_LEVEL,
    impact: readImpact(document, problems),
    mitigation: readSteps(document, problems),
    falsePositives: textsAt(document, 'falsepositives', problems, false).map((text) => text.text),
    attack: readTechniques(document, 'attack_mapping', problems) ?? techniquesOfTags(tags.map((tag) => tag.text)),
    published: readTechniques(document, 'published_mapping', problems) ?? [],
    parameters,
    ...(routine === null ? {} : { routine }),
    place: place(problems.file, titleEntry?.keySpan ?? document.span),
  };
}

function place(file: string, { line, column }: { readonly line: number; readonly column: number }): RuleMeta['place'] {
  return { file, line, column };
}

/** `Cosmos DB: keys viewed` -> `cosmos_db_keys_viewed`. */
export function snakeCase(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

function checkDescriptive(document: TreeMap, problems: Problems): void {
  for (const key of ['author', 'taxonomy', 'license']) proseAt(document, key, problems);
  const version = scalarAt(document, 'sigma-version', 'a number', problems);
  if (version && !/^[12](\.|$)/.test(version.text)) {
    problems.warning(
      'CW-3022',
      version.span,
      `written for Sigma ${version.text}, read as 2.1`,
      'see that it uses nothing newer',
    );
  }
  for (const key of ['references', 'scope', 'fields']) listAt(document, key, problems);
  for (const key of ['date', 'modified']) {
    const scalar = scalarAt(document, key, 'a date', problems);
    if (scalar && !isDate(scalar.text)) {
      problems.error('CW-3019', scalar.span, `${key} "${scalar.text}" is no date`, 'write it as 2026-11-24');
    }
  }
  for (const related of mapsAt(document, 'related', problems)) checkRelated(related, problems);
}

function checkRelated(related: TreeMap, problems: Problems): void {
  const id = scalarAt(related, 'id', 'the id of a rule', problems);
  if (!id) problems.error('CW-3001', related.span, 'a related rule needs an id', 'the UUID of the other rule');
  else if (!isUuid(id.text))
    problems.error('CW-3001', id.span, `"${id.text}" is not the id of a rule`, 'ids are UUIDs');
  if (!entryOf(related, 'type'))
    problems.error('CW-3001', related.span, 'a related rule needs a type', RELATIONS.join(', '));
  wordAt(related, 'type', RELATIONS, problems);
}

function readSteps(document: TreeMap, problems: Problems): Step[] {
  return listAt(document, 'mitigation', problems).flatMap((item) => readStep(item, problems) ?? []);
}

function readStep(item: Tree, problems: Problems): Step | null {
  if (item.kind === 'scalar' && typeof item.value === 'string') return { text: item.text.trim(), command: null };
  if (item.kind !== 'map')
    return problems.error(
      'CW-3001',
      item.span,
      'a step of mitigation is a text, or a map of text and command',
      '{text: ..., command: az ...}',
    );
  onlyKeys(item, ['text', 'command', ...BOUND_KEYS], 'a step of mitigation', problems);
  const text = textAt(item, 'text', problems);
  if (text === null)
    return problems.error('CW-3001', item.span, 'a step of mitigation needs a text', '{text: ..., command: az ...}');
  const command = textAt(item, 'command', problems)?.trim() ?? null;
  return { text: text.trim(), command, ...readBound(item, problems) };
}

/** One text, or several of which the first that is told is the one. */
function readImpact(document: TreeMap, problems: Problems): Impact[] {
  if (treeAt(document, 'impact')?.kind !== 'list') {
    const text = proseAt(document, 'impact', problems);
    return text === '' ? [] : [{ text }];
  }
  return mapsAt(document, 'impact', problems).flatMap((item) => {
    onlyKeys(item, ['text', ...BOUND_KEYS], 'an entry of impact', problems);
    const text = textAt(item, 'text', problems);
    if (text === null)
      return problems.error('CW-3001', item.span, 'an entry of impact needs a text', '{text: ...}') ?? [];
    return [{ text: text.trim(), ...readBound(item, problems) }];
  });
}

function readTechniques(document: TreeMap, key: string, problems: Problems): (Technique & Bound)[] | null {
  if (!entryOf(document, key)) return null;
  const keys = ['tactic', 'technique', ...(key === 'attack_mapping' ? BOUND_KEYS : [])];
  return mapsAt(document, key, problems).map((item) => {
    onlyKeys(item, keys, `an entry of ${key}`, problems);
    return {
      tactic: idAt(item, 'tactic', /^TA\d{4}$/, problems),
      technique: idAt(item, 'technique', /^T\d{4}(\.\d{3})?$/, problems),
      ...(key === 'attack_mapping' ? readBound(item, problems) : {}),
    };
  });
}

function idAt(map: TreeMap, key: string, form: RegExp, problems: Problems): string {
  const scalar = scalarAt(map, key, 'an ATT&CK id', problems);
  const id = scalar?.text.toUpperCase() ?? '';
  if (form.test(id)) return id;
  const example = key === 'tactic' ? 'TA0006' : 'T1555.006';
  problems.error('CW-3001', scalar?.span ?? map.span, `${key} is an ATT&CK id`, `for example ${example}`);
  return '';
}
