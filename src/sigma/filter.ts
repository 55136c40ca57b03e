import { readConditions, readSelections, resolve } from './detection.ts';
import type { Problems } from './diagnostic.ts';
import type { FilterDraft } from './draft.ts';
import { type Logsource, readLogsource } from './logsource.ts';
import type { Placeholders } from './placeholders.ts';
import { mapAt, textAt, textsAt } from './shape.ts';
import { entryOf, type Scalar, type TreeMap } from './tree.ts';

/**
 * A `filter:` document. Its condition is joined to that of every rule it names by AND, so one that takes events away reads
 * `condition: not selection`. `rules: any`, or an empty list, means every rule of the log source.
 */
export function readFilter(document: TreeMap, placeholders: Placeholders, problems: Problems): FilterDraft | null {
  const title = textAt(document, 'title', problems);
  if (title === null) problems.error('CW-3001', document.span, 'the title is missing', 'begin with "title:"');
  const logsource = readFilterLogsource(document, problems);
  const map = mapAt(document, 'filter', problems);
  if (!map)
    return problems.error(
      'CW-3001',
      document.span,
      'the filter is empty',
      'it needs rules, a selection and a condition',
    );

  const rules = readRules(map, problems);
  const selections = readSelections(map, ['rules'], placeholders, problems);
  if (selections.size === 0)
    problems.error(
      'CW-3001',
      map.span,
      'a filter without a selection',
      'add "selection:" with "field: value" below it',
    );
  if (entryOf(map, 'condition')?.value.kind === 'list') {
    return problems.error(
      'CW-3005',
      entryOf(map, 'condition')!.value.span,
      'a filter has one condition',
      'join them by "and" or "or"',
    );
  }
  const [condition] = readConditions(map, problems) ?? [];
  const match = condition ? resolve(condition, selections, problems) : null;
  if (title === null || !logsource || !match || problems.failed || problems.disarmed) return null;
  return { kind: 'filter', document, problems, title, rules, logsource, match };
}

/** The specification demands one, but filters without it are about: they cover the rules that they name. */
function readFilterLogsource(document: TreeMap, problems: Problems): Logsource | null {
  if (entryOf(document, 'logsource')) return readLogsource(document, problems);
  problems.warning(
    'CW-3052',
    document.span,
    'a filter should have a logsource',
    'without one it covers every log source',
  );
  return {};
}

function readRules(map: TreeMap, problems: Problems): readonly Scalar[] | null {
  const entry = entryOf(map, 'rules');
  if (!entry)
    return problems.error(
      'CW-3001',
      map.span,
      'a filter names the rules that it changes',
      '"rules: any" for all of them',
    );
  const any = entry.value.kind === 'scalar' && entry.value.text === 'any';
  const rules = any ? [] : textsAt(map, 'rules', problems, true);
  return rules.length === 0 ? null : rules;
}
