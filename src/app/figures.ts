import { type Event, type Micros, SECOND } from '../events/event.ts';
import { columnsOf } from '../events/families/resourceLog.ts';
import { number } from '../events/read.ts';
import type { JsonObject } from '../lib/json.ts';
import { addTo, type Sketch } from '../lib/sketch.ts';
import { requestSource } from '../relate/request.ts';
import { type FigureLabels, type FigureLog, type FigureRow, type Figures, Names } from '../store/figures.ts';

const MINUTE = 60;

type Sum = FigureLabels & { -readonly [Name in keyof Figures]: Figures[Name] } & {
  readonly account: string;
  readonly at: number;
};

/**
 * Adds up requests by account, minute, log, operation, container, client and address. Knows nothing but what it was given since `take`; the store
 * adds that to what it has.
 */
export class FigureCollector {
  #rows = new Map<string, Sum>();
  #names = new Map<string, Names>();

  /** Counts a request, or a record that stands for many; anything else is passed over. */
  add(event: Event): void {
    const log = requestSource(event);
    if (log !== null && event.account !== null)
      addEvent(this.#rowAt(minuteOf(event), event, log, event.account), event);
  }

  /** Where requests are counted that are like this one but for time and cost; null: it is no request. */
  like(event: Event): LikeFigures | null {
    const log = requestSource(event);
    const { account } = event;
    if (log === null || account === null || isSum(event)) return null;
    return new LikeFigures(event, (at) => this.#rowAt(at, event, log, account));
  }

  #rowAt(at: number, event: Event, log: FigureLog, account: string): Sum {
    const { operation, container, client, address } = this.#namesOf(account, at).bound({
      log,
      operation: event.operation,
      container: event.container === null ? '' : `${event.database ?? ''}/${event.container}`,
      client: event.actor?.id ?? event.sourceIp ?? '',
      address: event.sourceIp ?? '',
    });
    const key = [account, at, log, operation, container, client, address].join('\u001f');
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { account, at, log, operation, container, client, address, ...NOTHING, durations: new Map() };
      this.#rows.set(key, row);
    }
    return row;
  }

  /** What came since the last time. */
  take(): readonly FigureRow[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    this.#names = new Map();
    return rows;
  }

  #namesOf(account: string, at: number): Names {
    const key = `${at} ${account}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const names = new Names();
    this.#names.set(key, names);
    return names;
  }
}

/** Requests that agree in everything but time and cost. */
export class LikeFigures {
  readonly #isThrottled: boolean;
  readonly #isError: boolean;
  readonly #rowAt: (at: number) => Sum;
  #at = Number.NaN;
  #row: Sum | null = null;

  constructor(event: Event, rowAt: (at: number) => Sum) {
    this.#isThrottled = isThrottled(event);
    this.#isError = isError(event);
    this.#rowAt = rowAt;
  }

  /** @param cost of it: 0 milliseconds, 1 request units, 2 and 3 bytes of request and answer; NaN: not told */
  add(time: Micros, cost: (which: 0 | 1 | 2 | 3) => number): void {
    const at = Math.floor(time / (SECOND * MINUTE)) * MINUTE;
    if (this.#row === null || at !== this.#at) this.#row = this.#rowAt(at);
    this.#at = at;
    const row = this.#row;
    row.requests += 1;
    if (this.#isThrottled) row.throttled += 1;
    if (this.#isError) row.errors += 1;
    row.units += within(cost(1), MOST_UNITS);
    row.bytes += Math.round(within(cost(2), MOST_BYTES) + within(cost(3), MOST_BYTES));
    addDuration(row.durations, cost(0));
  }
}

const NOTHING = { requests: 0, errors: 0, throttled: 0, units: 0, bytes: 0 } as const;

/** A sum stamped `t` is of the minutes before `t`: it stands in the last of them. */
function minuteOf(event: Event): number {
  const seconds = Math.floor(event.time / SECOND) - (isSum(event) ? 1 : 0);
  return Math.floor(seconds / MINUTE) * MINUTE;
}

function isSum({ family }: Event): boolean {
  return family === 'DataPlaneRequests5M' || family === 'DataPlaneRequests15M';
}

/** No record of Azure's says more; a made-up one must not make sums that no number holds. */
const MOST_REQUESTS = 1e8;
const MOST_BYTES = 1e10;
const MOST_UNITS = 1e9;
const MOST_MILLISECONDS = 1e7;

function addEvent(row: Sum, event: Event): void {
  const columns = columnsOf(event.raw);
  const count = Math.min(event.count, MOST_REQUESTS);
  row.requests += count;
  if (isThrottled(event)) row.throttled += count;
  if (isError(event)) row.errors += count;
  row.units += measure(event, columns, 'requestCharge', MOST_UNITS);
  const bytes =
    measure(event, columns, 'requestLength', MOST_BYTES) + measure(event, columns, 'responseLength', MOST_BYTES);
  row.bytes += Math.round(bytes);
  if (!isSum(event)) addDuration(row.durations, number(columns, 'duration', 'DurationMs') ?? Number.NaN);
}

/** A sum has an average, which says nothing of percentiles. */
function addDuration(durations: Sketch, milliseconds: number): void {
  if (milliseconds >= 0) addTo(durations, Math.min(milliseconds, MOST_MILLISECONDS));
}

/** Of a sum: its total, else its average for each request. The names of those columns are from Microsoft's tables; no record is public. */
function measure(event: Event, columns: JsonObject, name: string, most: number): number {
  const value = isSum(event)
    ? (number(columns, `total${name}`) ?? (number(columns, `avg${name}`) ?? 0) * event.count)
    : (number(columns, name) ?? 0);
  return within(value, most);
}

function within(value: number, most: number): number {
  return value > 0 ? Math.min(most, value) : 0;
}

/** HTTP says 429. Cosmos DB's MongoDB answers 16500 (request rate is large), Cassandra 0x1001 (overloaded). */
function isThrottled({ api, status }: Event): boolean {
  if (api === 'mongodb') return status === 16_500 || status === 429;
  if (api === 'cassandra') return status === 0x1001 || status === 429;
  return status === 429;
}

/** 304 (not modified) is an answer like any other. */
function isError({ outcome, status, api }: Event): boolean {
  return outcome === 'failure' && !(api === null && status !== null && status < 400);
}
