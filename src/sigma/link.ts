import type { Correlation, Detection, Match, Rule } from '../ir/ir.ts';
import { simplify } from '../ir/simplify.ts';
import type { Problems } from './diagnostic.ts';
import type { CorrelationDraft, DetectionDraft, FilterDraft, RuleDraft } from './draft.ts';
import { covers, logsourceMatch } from './logsource.ts';
import { References } from './references.ts';
import type { Scalar } from './tree.ts';

/** Drafts of all files to rules: filters applied, references resolved, circles and broken references refused. */
export function link(
  drafts: readonly RuleDraft[],
  filters: readonly FilterDraft[],
  broken: ReadonlySet<string>,
  logsource: 'match' | 'ignore',
): Rule[] {
  const references = new References(drafts, broken);
  const resolved = resolveReferences(drafts, references);
  refuseCircles(drafts, resolved);
  refuseBroken(drafts, resolved);
  const filtered = applyFilters(drafts, filters, references);
  const silent = silencedBy(drafts, resolved);
  const rules: Rule[] = [];
  for (const draft of drafts) {
    if (draft.problems.failed) continue;
    const alerts = draft.alerts ?? !silent.has(draft);
    if (draft.kind === 'detection') rules.push(detection(draft, filtered.get(draft) ?? [], alerts, logsource));
    else rules.push(correlation(draft, resolved.get(draft)!, alerts));
  }
  return rules;
}

/** The drafts that a correlation names, as it names them. */
interface Resolved {
  readonly rules: readonly RuleDraft[];
  readonly touchedBy: RuleDraft | null;
  readonly aliases: ReadonlyMap<string, readonly (readonly [string, string])[]>;
}

function resolveReferences(drafts: readonly RuleDraft[], references: References): Map<RuleDraft, Resolved> {
  const resolved = new Map<RuleDraft, Resolved>();
  for (const draft of drafts) {
    if (draft.kind !== 'correlation') continue;
    const rules = draft.rules.map((rule) => references.find(rule, draft.problems)).filter((rule) => rule !== null);
    const touchedBy = draft.touchedBy ? references.find(draft.touchedBy.rule, draft.problems) : null;
    const aliases = new Map(
      draft.aliases.map(({ name, fields }) => [name, aliasFields(fields, rules, references, draft.problems)]),
    );
    resolved.set(draft, { rules, touchedBy, aliases });
  }
  return resolved;
}

function aliasFields(
  fields: readonly { readonly rule: Scalar; readonly field: string }[],
  rules: readonly RuleDraft[],
  references: References,
  problems: Problems,
): (readonly [string, string])[] {
  return fields.flatMap(({ rule, field }) => {
    const target = references.find(rule, problems);
    if (target === null) return [];
    if (rules.includes(target)) return [[target.meta.id, field] as const];
    problems.error(
      'CW-3002',
      rule.span,
      `"${rule.text}" is not among the rules of this correlation`,
      'add it to "rules"',
    );
    return [];
  });
}

/** Rules that refer to rules that refer to rules: nobody follows more. */
const MAX_CHAIN = 32;

/** Depth first; a correlation that comes back to itself is refused, and so is all that the circle holds. */
function refuseCircles(drafts: readonly RuleDraft[], resolved: ReadonlyMap<RuleDraft, Resolved>): void {
  const done = new Set<RuleDraft>();
  const open: RuleDraft[] = [];
  const visit = (draft: RuleDraft): void => {
    if (done.has(draft)) return;
    const at = open.indexOf(draft);
    if (at !== -1) {
      reportCircle(open.slice(at));
      return;
    }
    if (open.length === MAX_CHAIN) {
      draft.problems.error(
        'CW-3011',
        null,
        `correlations refer to each other in a chain of more than ${MAX_CHAIN}`,
        'count the rules at its start',
      );
      return;
    }
    open.push(draft);
    const { rules = [], touchedBy = null } = resolved.get(draft) ?? {};
    for (const next of touchedBy ? [...rules, touchedBy] : rules) visit(next);
    open.pop();
    done.add(draft);
  };
  for (const draft of drafts) visit(draft);
}

function reportCircle(circle: readonly RuleDraft[]): void {
  const names = [...circle, circle[0]!].map((draft) => draft.meta.name).join(' -> ');
  for (const draft of circle) {
    const span = draft.kind === 'correlation' ? (draft.rules[0]?.span ?? null) : null;
    draft.problems.error(
      'CW-3011',
      span,
      `rules refer to each other in a circle: ${names}`,
      'take one of them out of "rules"',
    );
  }
}

/** What refers to a rule that is left out is left out too, however long the chain. */
function refuseBroken(drafts: readonly RuleDraft[], resolved: ReadonlyMap<RuleDraft, Resolved>): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (const draft of drafts) {
      if (draft.kind !== 'correlation' || draft.problems.failed) continue;
      const { rules, touchedBy } = resolved.get(draft)!;
      const bad = (touchedBy ? [...rules, touchedBy] : rules).find((rule) => rule.problems.failed);
      if (!bad) continue;
      draft.problems.error(
        'CW-3021',
        draft.rules[0]?.span ?? null,
        `refers to "${bad.meta.name}", which is not valid`,
        'repair that rule first',
      );
      changed = true;
    }
  }
}

/**
 * A rule that only feeds correlations raises no alerts of its own, unless one of them says `generate: true`. One that `touched_by` names
 * is silent only in the same file: there it was written for this correlation, elsewhere it is somebody's rule.
 */
function silencedBy(drafts: readonly RuleDraft[], resolved: ReadonlyMap<RuleDraft, Resolved>): Set<RuleDraft> {
  const silent = new Set<RuleDraft>();
  const loud = new Set<RuleDraft>();
  for (const draft of drafts) {
    if (draft.kind !== 'correlation' || draft.problems.failed) continue;
    const { rules, touchedBy } = resolved.get(draft)!;
    for (const rule of rules) (draft.generate ? loud : silent).add(rule);
    if (touchedBy?.problems.file === draft.problems.file) silent.add(touchedBy);
  }
  return silent.difference(loud);
}

function applyFilters(
  drafts: readonly RuleDraft[],
  filters: readonly FilterDraft[],
  references: References,
): Map<RuleDraft, Match[]> {
  const filtered = new Map<RuleDraft, Match[]>();
  for (const filter of filters) {
    const named =
      filter.rules === null ? drafts : filter.rules.flatMap((rule) => filterTarget(rule, filter, references) ?? []);
    const fitting = named.filter((draft) => draft.kind === 'detection' && covers(filter.logsource, draft.logsource));
    for (const draft of fitting) filtered.set(draft, [...(filtered.get(draft) ?? []), filter.match]);
    if (fitting.length > 0 || (filter.rules !== null && named.length < filter.rules.length)) continue;
    const why = 'none of its rules has its log source';
    filter.problems.warning(
      'CW-3061',
      filter.document.span,
      `this filter changes no rule: ${why}`,
      'filters work on detections',
    );
  }
  return filtered;
}

function filterTarget(rule: Scalar, filter: FilterDraft, references: References): RuleDraft | null {
  const target = references.peek(rule.text);
  if (target !== null) return target;
  return filter.problems.warning(
    'CW-3061',
    rule.span,
    `no rule "${rule.text}" is loaded: the filter does nothing here`,
    'name a rule by its id or name',
  );
}

function detection(
  draft: DetectionDraft,
  filters: readonly Match[],
  alerts: boolean,
  logsource: 'match' | 'ignore',
): Detection {
  const source = logsource === 'match' ? logsourceMatch(draft.logsource) : null;
  const parts = [...(source ? [source] : []), draft.match, ...filters];
  return {
    kind: 'detection',
    meta: draft.meta,
    match: simplify({ kind: 'all', of: parts }),
    logsource: draft.logsource,
    fold: draft.fold,
    levels: draft.levels.map((level) =>
      level.when.kind === 'selection'
        ? { ...level, when: { ...level.when, match: simplify(level.when.match) } }
        : level,
    ),
    bound: draft.bound.map(({ name, match }) => ({ name, match: simplify(match) })),
    alerts,
  };
}

function correlation(draft: CorrelationDraft, { rules, touchedBy, aliases }: Resolved, alerts: boolean): Correlation {
  return {
    kind: 'correlation',
    meta: draft.meta,
    type: draft.type,
    rules: rules.map((rule) => rule.meta.id),
    groupBy: draft.groupBy.map((name) => ({ name, fieldByRule: Object.fromEntries(aliases.get(name) ?? []) })),
    window: draft.window,
    conditions: draft.conditions,
    expression: draft.expression,
    fields: draft.fields,
    percentile: draft.percentile,
    levels: draft.levels,
    touchedBy: touchedBy && draft.touchedBy && { rule: touchedBy.meta.id, within: draft.touchedBy.within },
    alerts,
  };
}
