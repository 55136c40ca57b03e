import type { Fact } from '../events/fact.ts';
import type { Correlation } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import type { Compiled } from './compile.ts';
import type { KnownFields } from './partial.ts';
import type { Silence, Tally } from './ports.ts';

/** A run of records without a gap of more than the rule's window; seconds, both inclusive. */
interface Run {
  from: number;
  to: number;
}

export interface AbsenceEnd {
  /** The clock stands here; seconds. */
  readonly end: number;
  /** From when declared keys are waited for: `--since`, else the oldest record. */
  readonly since: number;
  /** Values of the group-by field that are waited for even if they were never seen. */
  readonly declared: readonly string[];
  /** When a key's account is deleted, and when it came back; seconds, in order. */
  readonly deletions: (key: string) => readonly { readonly from: number; readonly to: number }[];
  /** Facts that matched the rule's `touchedBy`, of that key. */
  readonly touches: (rule: Correlation, key: string) => readonly Fact[];
  readonly newTally: () => Tally;
}

/**
 * Silence is what no record tells, so it is worked out at the end from runs of records: between two runs lies a silence. Runs merge in any
 * order, and there are few: a run ends only where records were missing for longer than the window.
 */
export class Absence {
  readonly #rules: readonly {
    rule: number;
    correlation: Correlation;
    base: Compiled['absences'][number]['base'];
    field: string;
    runs: Map<string, Run[]>;
  }[];

  constructor(compiled: Compiled) {
    this.#rules = compiled.absences.map(({ rule, correlation, base }) => ({
      rule,
      correlation,
      base,
      field: (correlation.groupBy[0]?.name ?? '').toLowerCase(),
      runs: new Map<string, Run[]>(),
    }));
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** A record came. `known`: its few fields, by lower-case name. */
  seen(known: KnownFields, second: number): void {
    for (const rule of this.#rules) {
      const key = known[rule.field];
      if (typeof key === 'string' && rule.base(known) === 'yes')
        this.#add(rule.runs, key, second, rule.correlation.window);
    }
  }

  #add(runs: Map<string, Run[]>, key: string, second: number, window: number): void {
    let list = runs.get(key);
    if (list === undefined) {
      list = [];
      runs.set(key, list);
    }
    const last = list.at(-1);
    // Records mostly come in order: the last run grows.
    if (last !== undefined && second >= last.from && second <= last.to + window) {
      if (second > last.to) last.to = second;
      return;
    }
    insert(list, second, window);
  }

  finish(at: AbsenceEnd): Silence[] {
    return this.#rules.flatMap(({ rule, correlation, field, runs }) => {
      const keys = [...new Set([...runs.keys(), ...at.declared])].sort();
      return keys.flatMap((key) => silencesOf(rule, correlation, field, key, runs.get(key) ?? [], at));
    });
  }
}

function insert(list: Run[], second: number, window: number): void {
  let at = list.findIndex((run) => second < run.from);
  if (at < 0) at = list.length;
  const [before, after] = [list[at - 1], list[at]];
  const joinsBefore = before !== undefined && second - before.to <= window;
  const joinsAfter = after !== undefined && after.from - second <= window;
  if (joinsBefore && joinsAfter) {
    before.to = after.to;
    list.splice(at, 1);
  } else if (joinsBefore) before.to = Math.max(before.to, second);
  else if (joinsAfter) after.from = second;
  else list.splice(at, 0, { from: second, to: second });
}

function silencesOf(
  rule: number,
  correlation: Correlation,
  field: string,
  key: string,
  runs: readonly Run[],
  at: AbsenceEnd,
): Silence[] {
  const name = correlation.groupBy.find((group) => group.name.toLowerCase() === field)?.name ?? field;
  return gapsOf(runs, key, at).flatMap(({ after, until, ends }) => {
    const opened = (after ?? at.since) + correlation.window + 1;
    if (opened > until) return [];
    const touches = touchesOf(correlation, key, after ?? at.since, opened, at);
    const touched = at.newTally();
    for (const fact of touches) touched.add(fact);
    const keyed: Record<string, Json> = { [name]: key };
    return [{ rule, key: keyed, lastRecord: after, opened, last: until, ended: ends, touched, touches }];
  });
}

interface Gap {
  /** The last record before; null: never one since it is waited for. */
  readonly after: number | null;
  /** The first record after, the deletion, or the end of the clock. */
  readonly until: number;
  readonly ends: boolean;
}

/** From each run to the next, to the deletion of the account, or to the end. A deleted account is not waited for until it is back and seen. */
function gapsOf(runs: readonly Run[], key: string, { end, since, declared, deletions }: AbsenceEnd): Gap[] {
  const deleted = deletions(key);
  const gaps: Gap[] = [];
  const add = (after: number | null, until: number, ends: boolean): void => {
    const from = after ?? since;
    const death = deleted.find((span) => span.from >= from && span.from <= until);
    if (deleted.some((span) => span.from < from && from < span.to)) return;
    gaps.push(death === undefined ? { after, until, ends } : { after, until: death.from, ends: true });
  };
  if (declared.includes(key)) {
    const first = runs[0]?.from;
    if (first === undefined) add(null, end, false);
    else if (first > since) add(null, first, true);
  }
  for (const [index, run] of runs.entries()) {
    const next = runs[index + 1];
    if (next === undefined) add(run.to, end, false);
    else add(run.to, next.from, true);
  }
  return gaps;
}

function touchesOf(correlation: Correlation, key: string, after: number, opened: number, at: AbsenceEnd): Fact[] {
  const { touchedBy } = correlation;
  if (touchedBy === null) return [];
  return at
    .touches(correlation, key)
    .filter((fact) => fact.time >= (after - touchedBy.within) * 1e6 && fact.time < (opened + 1) * 1e6)
    .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
}
