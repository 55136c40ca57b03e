import type { RuleMeta } from '../ir/ir.ts';
import { readMeta, snakeCase } from './attributes.ts';
import { boundSelections } from './bound.ts';
import { aggregation } from './condition.ts';
import { readCorrelation } from './correlation.ts';
import { readDetection } from './detection.ts';
import { Problems } from './diagnostic.ts';
import { expandActions } from './documents.ts';
import type { DetectionDraft, Draft } from './draft.ts';
import { readFilter } from './filter.ts';
import { NOTHING } from './item.ts';
import { readLogsource } from './logsource.ts';
import { readFold, readLevels } from './ours.ts';
import { applyParameters, type Overrides } from './parameters.ts';
import type { Placeholders } from './placeholders.ts';
import { booleanAt, mapAt } from './shape.ts';
import { entryOf, type TreeMap, treeAt } from './tree.ts';
import { readYaml } from './yaml.ts';

export interface RuleFile {
  readonly file: string;
  readonly text: string;
}

/** What documents are read with. `usedOverrides` and `ids` collect over all files. */
export interface Reading {
  readonly placeholders: Placeholders;
  readonly overrides: Overrides;
  readonly usedOverrides: Set<string>;
  /** How a rule without an id is called; never twice the same. */
  readonly nameless: (title: string) => string;
}

/** One document: its draft, or null if it is not valid, and what was found. */
export interface ReadDocument {
  readonly draft: Draft | null;
  readonly document: TreeMap;
  readonly problems: Problems;
}

/** Every document of a file by itself; problems of the file as a whole come first, without a draft. */
export function readFile(
  { file, text }: RuleFile,
  reading: Reading,
): { readonly whole: Problems; readonly documents: ReadDocument[] } {
  const whole = new Problems(file);
  const maps = expandActions(readYaml(text, whole), whole);
  if (maps.length === 0 && !whole.failed) whole.error('CW-3001', null, 'the file holds no rule', 'begin with "title:"');
  const documents = maps.map((document) => {
    const problems = new Problems(file);
    const draft = readDocument(document, reading, problems);
    return { draft: problems.failed ? null : draft, document, problems };
  });
  return { whole, documents };
}

function readDocument(written: TreeMap, reading: Reading, problems: Problems): Draft | null {
  if (entryOf(written, 'filter')) return readFilter(written, reading.placeholders, problems);
  const keys = namesOf(written);
  const { document, parameters } = applyParameters(written, keys, reading.overrides, reading.usedOverrides, problems);
  const meta = readMeta(document, parameters, problems);
  const identified = { ...meta, id: meta.id ?? reading.nameless(meta.title) };
  if (entryOf(document, 'correlation')) return readCorrelation(document, identified, problems);
  return readRule(document, identified, reading.placeholders, problems);
}

/** How a user may call a rule in `--set`: its name, and its id. */
function namesOf(document: TreeMap): string[] {
  const text = (key: string): string => {
    const tree = treeAt(document, key);
    return tree?.kind === 'scalar' ? tree.text : '';
  };
  return [text('name') || snakeCase(text('title')), text('id').toLowerCase()].filter((name) => name !== '');
}

function readRule(
  document: TreeMap,
  meta: RuleMeta,
  placeholders: Placeholders,
  problems: Problems,
): DetectionDraft | null {
  const logsource = readLogsource(document, problems);
  const map = mapAt(document, 'detection', problems);
  if (!map)
    return problems.error(
      'CW-3001',
      document.span,
      'the detection is missing',
      'add "detection:", "correlation:" or "filter:"',
    );
  const detection =
    meta.status === 'unsupported' && usesAggregation(map, problems)
      ? UNUSABLE
      : readDetection(map, placeholders, problems);
  const fold = readFold(document, problems);
  if (!detection || !logsource) return null;
  return {
    kind: 'detection',
    document,
    problems,
    meta,
    logsource,
    match: problems.disarmed ? NOTHING : detection.match,
    fold,
    levels: readLevels(document, { selections: detection.selections, touched: false }, problems),
    bound: boundSelections(document, detection.selections, problems),
    alerts: booleanAt(document, 'alerts', problems),
  };
}

const UNUSABLE = { selections: new Map(), match: NOTHING } as const;

/** A rule that says of itself that it cannot be used (`status: unsupported`) is no mistake: it loads and matches nothing. */
function usesAggregation(detection: TreeMap, problems: Problems): boolean {
  const condition = treeAt(detection, 'condition');
  if (condition?.kind !== 'scalar' || aggregation(condition.text) === null) return false;
  problems.warning(
    'CW-3006',
    condition.span,
    'counts in its condition and says it is unsupported: it matches nothing',
    'write a correlation',
  );
  return true;
}
