import { Decoder, type DecodeSink } from '../events/decode.ts';
import { type Event, MINUTE, type Micros, type Position, SECOND } from '../events/event.ts';
import { isKnown, normalise, readTime } from '../events/normalise.ts';
import { accountOf } from '../events/resource.ts';
import type { Rule } from '../ir/ir.ts';
import { compareText } from '../lib/compare.ts';
import type { JsonObject } from '../lib/json.ts';
import type { AccountStats, CallerStats, FamilyStats, LogStats, Rate, SilenceStats } from '../report/logStats.ts';
import { createSkim, type Skimmed } from '../skim/skim.ts';
import { coverageOf } from './coverage.ts';
import { secondOf } from './hits.ts';
import { LeftOuts } from './leftOut.ts';
import { type FilesRead, type ReadPorts, readFiles } from './readFiles.ts';
import { Silences } from './silences.ts';

/** Accounts that are told apart; records of further ones are only counted. */
export const MOST_ACCOUNTS = 1000;
const MOST_SILENCES = 10;

/** What the files below the paths hold, and what could be detected from it. */
export async function logStats(
  paths: readonly string[],
  options: { readonly nowMs: number; readonly rules: readonly Rule[] },
  ports: ReadPorts,
  signal?: AbortSignal,
): Promise<LogStats> {
  const tally = new Tally(options.nowMs);
  return tally.told(await readFiles(paths, tally, ports, signal), options.rules);
}

interface Span {
  records: number;
  from: Micros;
  to: Micros;
}

interface Account extends Span {
  readonly id: string;
  readonly logs: Map<string, Silences>;
}

/** Counts of records, in any order, in memory that does not grow with their number. */
export class Tally {
  records = 0;
  readonly #nowMs: number;
  readonly #skim = createSkim(() => false);
  readonly #leftOut = new LeftOuts();
  readonly #families = new Map<string, Span & Pick<FamilyStats, 'family' | 'variant'>>();
  readonly #accounts = new Map<string, Account>();
  readonly #ids = new Map<string, string | null>();
  readonly #minutes = new Minutes();
  readonly #callers = { activity: 0, withId: 0 };
  #otherAccounts = 0;

  /** @param nowMs wall clock: records more than a day ahead of it are left out */
  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  decoder(source: string, noText?: (what: string) => void): Decoder<Skimmed> {
    const at = (line: number, index: number): Position => ({ source, line, index });
    const sink: DecodeSink<Skimmed> = {
      record: (value, line, index) => this.#record(value, at(line, index)),
      skimmed: (read, line, index) => this.#skimmed(read, at(line, index)),
      invalid: (reason, line, detail) => this.#out(reason, at(line, 0), detail),
      ...(noText && { noText }),
    };
    return new Decoder({ known: isKnown, skim: this.#skim, sink });
  }

  told({ files, bytes, skipped }: FilesRead, rules: readonly Rule[]): LogStats {
    const families = [...this.#families.values()].sort(
      (a, b) => compareText(a.family, b.family) || compareText(a.variant, b.variant),
    );
    const accounts = [...this.#accounts.values()].sort((a, b) => b.records - a.records || compareText(a.id, b.id));
    const shown = accounts.map(accountStats);
    const events = families.reduce((sum, { records }) => sum + records, 0);
    const period =
      events === 0
        ? null
        : { from: Math.min(...families.map(({ from }) => from)), to: Math.max(...families.map(({ to }) => to)) };
    const seen = new Set<string>(families.map(({ family }) => family));
    return {
      files,
      bytes,
      records: this.records,
      events,
      period,
      families,
      accounts: shown,
      otherAccounts: this.#otherAccounts,
      silences: period === null ? [] : silencesOf(accounts, secondOf(period.to)),
      rate: period === null ? null : this.#minutes.rate(events, period),
      callers: this.#callersOf(seen),
      leftOut: this.#leftOut.list(),
      skipped,
      rules: coverageOf(
        rules,
        seen,
        shown.map((account) => account.families),
      ),
    };
  }

  #out(reason: string, position: Position, detail: string): void {
    this.records += 1;
    this.#leftOut.add(reason, position, detail);
  }

  #record(value: JsonObject, position: Position): void {
    const read = normalise(value, position, { now: this.#nowMs });
    if (read.kind === 'invalid') this.#out(read.reason, position, read.detail);
    else if (read.kind === 'event') this.#event(read.event);
    else {
      this.records += 1;
      this.#leftOut.addUnknown(read, value, position);
    }
  }

  #event({ family, variant, time, account, clientRequestId }: Event): void {
    this.#count(family, variant, time, account);
    if (family !== 'ActivityLog') return;
    this.#callers.activity += 1;
    if (clientRequestId !== null) this.#callers.withId += 1;
  }

  /** Only export records of the two frequent logs can be read without being parsed. */
  #skimmed(read: Skimmed, position: Position): void {
    const time = readTime(read.time, this.#nowMs);
    if (typeof time === 'number') this.#count(read.category, 'export', time, this.#accountOf(read.resourceId));
    else this.#out(time.reason, position, time.detail);
  }

  #accountOf(resourceId: string): string | null {
    const known = this.#ids.get(resourceId);
    if (known !== undefined) return known;
    const account = accountOf(resourceId);
    if (this.#ids.size < 10_000) this.#ids.set(resourceId, account);
    return account;
  }

  #count(family: string, variant: string, time: Micros, account: string | null): void {
    this.records += 1;
    const key = `${family}|${variant}`;
    let row = this.#families.get(key);
    if (row === undefined) {
      row = { family, variant, records: 0, from: time, to: time };
      this.#families.set(key, row);
    }
    widen(row, time);
    this.#minutes.add(time);
    if (account !== null) this.#countAccount(account, family, time);
  }

  #countAccount(id: string, family: string, time: Micros): void {
    let account = this.#accounts.get(id);
    if (account === undefined) {
      if (this.#accounts.size >= MOST_ACCOUNTS) {
        this.#otherAccounts += 1;
        return;
      }
      account = { id, records: 0, from: time, to: time, logs: new Map() };
      this.#accounts.set(id, account);
    }
    widen(account, time);
    let silences = account.logs.get(family);
    if (silences === undefined) {
      silences = new Silences();
      account.logs.set(family, silences);
    }
    silences.add(secondOf(time));
  }

  #callersOf(seen: ReadonlySet<string>): CallerStats | null {
    return seen.has('ControlPlaneRequests') ? { ...this.#callers } : null;
  }
}

function widen(span: Span, time: Micros): void {
  span.records += 1;
  if (time < span.from) span.from = time;
  if (time > span.to) span.to = time;
}

function accountStats({ id, records, from, to, logs }: Account): AccountStats {
  return { account: id, name: id.split('/').at(-1)!, records, from, to, families: [...logs.keys()].sort(compareText) };
}

/** The longest silence of each log of each account, the longest of them first. */
function silencesOf(accounts: readonly Account[], end: number): SilenceStats[] {
  const all = accounts.flatMap(({ id, logs }) =>
    [...logs].flatMap(([family, silences]): SilenceStats[] => {
      const silence = silences.longest(end);
      if (silence === null) return [];
      const seconds = silence.to - silence.from;
      return [{ account: id, family, ...silence, seconds, isExact: seconds >= silences.forgotten }];
    }),
  );
  return all
    .sort((a, b) => b.seconds - a.seconds || compareText(a.account, b.account) || compareText(a.family, b.family))
    .slice(0, MOST_SILENCES);
}

const DAY_MINUTES = 1440;

/** Records of each minute. Times lie between 2010 and tomorrow, so there are few thousand days at most. */
class Minutes {
  readonly #days = new Map<number, Uint32Array>();

  add(time: Micros): void {
    const minute = Math.floor(time / MINUTE);
    const day = Math.floor(minute / DAY_MINUTES);
    let counts = this.#days.get(day);
    if (counts === undefined) {
      counts = new Uint32Array(DAY_MINUTES);
      this.#days.set(day, counts);
    }
    counts[minute - day * DAY_MINUTES]! += 1;
  }

  /** The fullest minute, the first of equals; the mean is over the whole time from the first record to the last. */
  rate(events: number, { from, to }: { readonly from: Micros; readonly to: Micros }): Rate {
    let peak = { minute: 0, records: 0 };
    for (const [day, counts] of [...this.#days].sort(([a], [b]) => a - b)) {
      for (const [at, records] of counts.entries())
        if (records > peak.records) peak = { minute: (day * DAY_MINUTES + at) * MINUTE, records };
    }
    return { mean: events / Math.max(1, (to - from) / SECOND), peak };
  }
}
