import { type Micros, SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import type { Correlation } from '../ir/ir.ts';
import { compareText } from '../lib/compare.ts';
import type { Json } from '../lib/json.ts';
import type { AbsenceRule, Compiled } from './compile.ts';
import type { KnownFields } from './partial.ts';
import type { Key, Silence, SilenceEnd, Tally } from './ports.ts';

/** Seconds, both inclusive. */
export interface Run {
  from: number;
  to: number;
}

/** The records of one key: runs without a gap of more than the rule's window, in order of time. */
export class Runs {
  readonly list: Run[] = [];
  readonly #window: number;

  constructor(window: number) {
    this.#window = window;
  }

  /** Records mostly come in order, so the search begins at the end. */
  add(second: number): void {
    const runs = this.list;
    const newest = runs.at(-1);
    if (newest !== undefined && second >= newest.from && second - newest.to <= this.#window) {
      if (second > newest.to) newest.to = second;
      return;
    }
    const at = runs.findLastIndex((run) => run.from <= second);
    const [before, after] = [runs[at], runs[at + 1]];
    const joinsBefore = before !== undefined && second - before.to <= this.#window;
    const joinsAfter = after !== undefined && after.from - second <= this.#window;
    if (joinsBefore && joinsAfter) {
      before.to = after.to;
      runs.splice(at + 1, 1);
    } else if (joinsBefore) before.to = Math.max(before.to, second);
    else if (joinsAfter) after.from = second;
    else runs.splice(at + 1, 0, { from: second, to: second });
  }
}

/** When an account is gone: from its deletion until it is back (infinity: never). Seconds. */
export interface Gone {
  readonly from: number;
  readonly to: number;
}

export interface AbsenceEnd {
  /** The clock stands here; seconds. */
  readonly end: number;
  /** From when declared accounts are waited for: `--since`, else the oldest record. */
  readonly since: number;
  /** Accounts that are waited for even if they were never seen: by the rules that tell records apart by account alone. */
  readonly declared: readonly string[];
  /** When an account is gone, in order of time. */
  readonly deletions: (account: string) => readonly Gone[];
  /** Facts of an account that matched the rule's `touchedBy`. */
  readonly touches: (rule: Correlation, account: string) => readonly Fact[];
  readonly newTally: () => Tally;
}

const ACCOUNT = 'cosmosdb.account';

/**
 * Silence is what no record tells, so it is worked out at the end from runs of records: between two runs lies a silence. Runs merge in any
 * order, and there are few: a run ends only where records were missing for longer than the window.
 */
export class Absence {
  readonly #rules: readonly Watched[];

  constructor(compiled: Compiled) {
    this.#rules = compiled.absences.map((rule) => new Watched(rule));
  }

  /** A record came. `known`: its few fields, by lower-case name. One that they cannot decide does not count. */
  seen(known: KnownFields, second: number): void {
    for (const runs of this.runsOf(known)) runs.add(second);
  }

  /** Where records with these fields count: one of runs for each rule that waits for them. */
  runsOf(known: KnownFields): readonly Runs[] {
    return this.#rules.flatMap((rule) => rule.runsOf(known) ?? []);
  }

  finish(at: AbsenceEnd): Silence[] {
    return this.#rules.flatMap((rule) => rule.finish(at));
  }

  /** The keys under which records with these fields count, by the place of their rule in `Compiled.absences`. */
  keysOf(known: KnownFields): readonly (readonly [place: number, key: string])[] {
    return this.#rules.flatMap((rule, place) => {
      const key = rule.keyOf(known);
      return key === null ? [] : [[place, key] as const];
    });
  }

  /** Silences of one key, for who keeps the runs. @param place of the rule in `Compiled.absences` */
  silencesOf(place: number, key: string, runs: readonly Run[], at: AbsenceEnd): Silence[] {
    return this.#rules[place]!.silencesOf(key, runs, at);
  }

  /** A key as an alert has it. */
  keyFrom(place: number, key: string): Key {
    return this.#rules[place]!.keyFrom(key);
  }

  /** Does the rule wait for declared accounts? */
  isByAccount(place: number): boolean {
    return this.#rules[place]!.isByAccount;
  }
}

/** One rule of absence with the runs of each of its keys. */
class Watched {
  readonly #rule: number;
  readonly #correlation: Correlation;
  readonly #names: readonly string[];
  /** The same names in lower case. */
  readonly #fields: readonly string[];
  readonly #base: AbsenceRule['base'];
  readonly #asksFor: readonly string[];
  /** What the base rule said of records, by the fields it asks for. Only of names from a closed vocabulary, so there are few. */
  readonly #said = new Map<string, boolean>();
  readonly #runs = new Map<string, Runs>();

  constructor({ rule, correlation, base, asksFor }: AbsenceRule) {
    this.#rule = rule;
    this.#correlation = correlation;
    this.#names = correlation.groupBy.map(({ name }) => name);
    this.#fields = this.#names.map((name) => name.toLowerCase());
    this.#base = base;
    this.#asksFor = asksFor;
  }

  /** The key under which a record with these fields counts; null: it does not. */
  keyOf(known: KnownFields): string | null {
    const key = keyOf(this.#fields, known);
    return key === null || !this.#counts(known) ? null : key;
  }

  keyFrom(text: string): Key {
    return keyFrom(this.#names, text);
  }

  get isByAccount(): boolean {
    return this.#fields.length === 1 && this.#fields[0] === ACCOUNT;
  }

  runsOf(known: KnownFields): Runs | null {
    const key = this.keyOf(known);
    if (key === null) return null;
    const runs = this.#runs.get(key) ?? new Runs(this.#correlation.window);
    this.#runs.set(key, runs);
    return runs;
  }

  #counts(known: KnownFields): boolean {
    let asked = '';
    for (const field of this.#asksFor) asked += `${typeof known[field]}${known[field]}\u001f`;
    const said = this.#said.get(asked);
    if (said !== undefined) return said;
    const counts = this.#base(known) === 'yes';
    if (this.#said.size < 10_000) this.#said.set(asked, counts);
    return counts;
  }

  finish(at: AbsenceEnd): Silence[] {
    const keys = [...new Set([...this.#runs.keys(), ...(this.isByAccount ? at.declared : [])])].sort();
    return keys.flatMap((text) => this.silencesOf(text, this.#runs.get(text)?.list ?? [], at));
  }

  silencesOf(text: string, runs: readonly Run[], at: AbsenceEnd): Silence[] {
    const isDeclared = this.isByAccount && at.declared.includes(text);
    const key = keyFrom(this.#names, text);
    const account = accountOf(key);
    const gone = account === null ? [] : at.deletions(account);
    const { window } = this.#correlation;
    return gapsOf(runs, isDeclared, gone, at).flatMap(({ after, until, ended }) => {
      const opened = (after ?? at.since) + window + 1;
      if (opened > until) return [];
      const touches = account === null ? [] : this.#touches(account, after ?? at.since, opened, at);
      const touched = at.newTally();
      for (const fact of touches) touched.add(fact);
      return [{ rule: this.#rule, key, lastRecord: after, opened, last: until, ended, touched, touches }];
    });
  }

  /** From `within` before the last record to the second in which the silence is noticed. */
  #touches(account: string, after: number, opened: number, at: AbsenceEnd): Fact[] {
    const { touchedBy } = this.#correlation;
    if (touchedBy === null) return [];
    const from: Micros = (after - touchedBy.within) * SECOND;
    return at
      .touches(this.#correlation, account)
      .filter((fact) => fact.time >= from && fact.time < (opened + 1) * SECOND)
      .sort((a, b) => a.time - b.time || compareText(a.id, b.id));
  }
}

/** The values of the group-by fields as text; null: one is missing, so the record has no key. A single text stands for itself. */
function keyOf(fields: readonly string[], known: KnownFields): string | null {
  if (fields.length === 1) {
    const value = known[fields[0]!];
    return typeof value === 'string' ? value : null;
  }
  const values = fields.map((field) => known[field] ?? null);
  return values.includes(null) ? null : JSON.stringify(values);
}

function keyFrom(names: readonly string[], text: string): Key {
  const values = names.length === 1 ? [text] : (JSON.parse(text) as Json[]);
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}

function accountOf(key: Key): string | null {
  const [, account] = Object.entries(key).find(([name]) => name.toLowerCase() === ACCOUNT) ?? [];
  return typeof account === 'string' ? account : null;
}

interface Gap {
  /** The last record before; null: never one since it is waited for. */
  readonly after: number | null;
  /** The first record after, the deletion, or the end of the clock. */
  readonly until: number;
  readonly ended: SilenceEnd | null;
}

/** From each run to the next, to the account's deletion, or to the end. A deleted account is not waited for until it is back and seen. */
function gapsOf(
  runs: readonly Run[],
  isDeclared: boolean,
  gone: readonly Gone[],
  { since, end }: Pick<AbsenceEnd, 'since' | 'end'>,
): Gap[] {
  const gaps: Gap[] = runs.map(({ to }, index) => {
    const next = runs[index + 1];
    return { after: to, until: next?.from ?? end, ended: next === undefined ? null : 'logs_again' };
  });
  const first = runs[0]?.from;
  if (isDeclared && (first ?? end) > since) {
    gaps.unshift({ after: null, until: first ?? end, ended: first === undefined ? null : 'logs_again' });
  }
  return gaps.flatMap((gap) => {
    const from = gap.after ?? since;
    if (gone.some((span) => span.from < from && from < span.to)) return [];
    const death = gone.find((span) => span.from >= from && span.from <= gap.until);
    return [death === undefined ? gap : { ...gap, until: death.from, ended: 'account_deleted' }];
  });
}
