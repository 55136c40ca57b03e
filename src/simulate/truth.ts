import { type Act, type Expectation, expecting } from './acts.ts';
import { floorSecond, HOUR, isoSecond, MINUTE } from './clock.ts';
import { changesBetween, type Settings } from './settings.ts';
import { EVERYTHING, type Telling } from './telling.ts';
import { type Account, idOf } from './world.ts';

/** An alert that the scenario must raise. */
export interface Truth {
  readonly rule: string;
  /** Lower-case ARM id. */
  readonly account: string;
  /** ISO 8601 in UTC, whole seconds. */
  readonly firstSeen: string;
  readonly count: number;
  /** Entra object ids, or `primary_key@ADDRESS`, in the order in which they came. */
  readonly actors: readonly string[];
}

interface Story {
  readonly rule: string;
  readonly account: Account;
  first: number;
  last: number;
  count: number;
  readonly actors: Set<string>;
}

interface Creation {
  readonly second: number;
  readonly container: string;
  readonly actor: string | null;
}

/**
 * What follows from the acts as far as the logs tell them, worked out in the plainest way: expectations fold as alerts do (the same rule,
 * account and key, neighbours at most an hour apart), settings are compared with those before, and containers are counted in a window.
 */
export class TruthKeeper {
  readonly #open = new Map<string, Story>();
  readonly #settings = new Map<Account, Settings>();
  readonly #creations = new Map<Account, Creation[]>();
  readonly #done: Truth[] = [];
  readonly #telling: Telling;

  constructor(telling: Telling = EVERYTHING) {
    this.#telling = telling;
  }

  /** Acts come in order of time. */
  add(act: Act): void {
    const second = floorSecond(this.#telling.seenAt(act));
    for (const expectation of act.expect ?? [])
      if (this.#telling.bodies || expectation.needsBody !== true) this.#fold(expectation, second);
    for (const expectation of this.#settingsChanged(act)) this.#fold(expectation, second);
    if (act.creates === undefined) return;
    const { account, container, actor } = act.creates;
    const list = this.#creations.get(account) ?? [];
    list.push({ second, container, actor });
    this.#creations.set(account, list);
  }

  /** Of an account that is gone nothing is known. */
  forget(account: Account): void {
    this.#settings.delete(account);
  }

  /** @param silences they are no acts, and told by themselves */
  list(silences: readonly Truth[]): Truth[] {
    const open = [...this.#open.values()].map(truthOf);
    const bursts = [...this.#creations].flatMap(([account, creations]) =>
      burstsOf(
        account,
        creations.sort((a, b) => a.second - b.second),
      ),
    );
    return [...this.#done, ...open, ...bursts, ...silences].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  }

  #fold({ rule, account, key, actor, count = 1 }: Expectation, second: number): void {
    const id = `${rule}|${account.name}|${key}`;
    const open = this.#open.get(id);
    if (open !== undefined && second - open.last <= HOUR) {
      // Acts are told when they end, where forms have no start: a later one may end before an earlier one.
      open.first = Math.min(open.first, second);
      open.last = Math.max(open.last, second);
      open.count += count;
      if (actor !== null) open.actors.add(actor);
      return;
    }
    if (open !== undefined) this.#done.push(truthOf(open));
    const actors = new Set(actor === null ? [] : [actor]);
    this.#open.set(id, { rule, account, first: second, last: second, count, actors });
  }

  /** What is sent whole for the first time is learnt; nothing can be said of a part that comes before. */
  #settingsChanged(act: Act): Expectation[] {
    if (act.kind !== 'arm' || act.settings === undefined || act.outcome === 'failure') return [];
    const { account, after, whole } = act.settings;
    const before = this.#settings.get(account);
    const { bodies } = this.#telling;
    if (before === undefined && !whole && bodies)
      throw new Error(`the settings of ${account.name} are changed before they are known`);
    this.#settings.set(account, after);
    const changes = before === undefined ? [] : [...changesBetween(before, after, bodies)];
    return changes.map(([rule, count]) => expecting(rule, account, '', act.who.oid, count));
  }
}

const WINDOW = 15 * MINUTE;
const TABLES = 3;

/** More than three containers within 15 minutes, looking back from each creation; it lasts while that holds at the next. */
function burstsOf(account: Account, creations: readonly Creation[]): Truth[] {
  const bursts: { readonly first: number; last: number }[] = [];
  let isOpen = false;
  for (const { second } of creations) {
    const isMany = distinct(within(creations, second - WINDOW, second)) > TABLES;
    const current = bursts.at(-1);
    if (isMany && isOpen && current !== undefined && second - current.last <= WINDOW) current.last = second;
    else if (isMany) bursts.push({ first: second, last: second });
    isOpen = isMany;
  }
  return bursts.map((burst) => truthOfBurst(account, creations, burst));
}

function within(creations: readonly Creation[], from: number, to: number): Creation[] {
  return creations.filter(({ second }) => second >= from && second <= to);
}

function distinct(creations: readonly Creation[]): number {
  return new Set(creations.map(({ container }) => container)).size;
}

function truthOfBurst(
  account: Account,
  creations: readonly Creation[],
  { first, last }: { readonly first: number; readonly last: number },
): Truth {
  const counted = within(creations, first - WINDOW, last);
  const actors = new Set(counted.flatMap(({ actor }) => actor ?? []));
  const count = distinct(counted);
  return truthOf({ rule: 'cosmosdb_multiple_tables_created', account, first, last, count, actors });
}

function truthOf({ rule, account, first, count, actors }: Story): Truth {
  return { rule, account: idOf(account).toLowerCase(), firstSeen: isoSecond(first), count, actors: [...actors] };
}

function textOf(truth: Truth): string {
  return `${truth.firstSeen}|${truth.rule}|${truth.account}|${truth.actors.join()}`;
}
