import type { Fact } from '../../events/fact.ts';
import type { Sample } from '../../lib/sample.ts';
import { type Client, clientKey, type HourOfReads, MOST_CLIENTS, mergeClients } from '../../relate/clients.ts';
import { factsOf, largeReads, Newcomers } from '../../relate/firstUse.ts';
import type { ClientRow, ClientStore } from '../../store/clients.ts';

/**
 * Who uses the data of each account, and what that tells. The store holds it; of an account that was asked for lately its facts are
 * remembered.
 */
export class LiveClients {
  readonly #store: ClientStore;
  readonly #facts = new Map<string, readonly Fact[]>();

  constructor(store: ClientStore) {
    this.#store = store;
  }

  restore(): void {
    this.#facts.clear();
  }

  /** Inside a transaction. @returns whether what is told of the account may be otherwise now */
  add(client: Client): boolean {
    const { account } = client;
    const isChanged = this.#merge(client);
    if (isChanged) this.#facts.delete(account);
    return isChanged;
  }

  /** What the clients of an account tell. */
  facts(account: string): readonly Fact[] {
    const known = this.#facts.get(account);
    if (known !== undefined) return known;
    if (this.#facts.size > 1000) this.#facts.clear();
    const rows = this.#store.clients(account);
    const newcomers = new Newcomers(rows, this.#store.account(account)?.since);
    const facts = rows.flatMap((row) => {
      const newness = newcomers.of(row);
      return newness === null ? [] : factsOf(this.#clientOf(row), newness);
    });
    this.#facts.set(account, facts);
    return facts;
  }

  #merge(client: Client): boolean {
    const { account, first } = client;
    const known = this.#store.account(account);
    const isFirst = known === null || first < known.since;
    if (isFirst) this.#store.setAccount(account, { since: first, forgotten: known?.forgotten ?? 0 });
    const row = this.#store.client(account, clientKey(client));
    if (row === null) return this.#take(client) || isFirst;
    return this.#extend(row, client) || isFirst;
  }

  #take(client: Client): boolean {
    const { account } = client;
    if (this.#store.countOf(account) >= MOST_CLIENTS && !this.#makeRoom(client)) return false;
    this.#save(client, null);
    return true;
  }

  /** Those stay that came first. @returns whether there is room now */
  #makeRoom(client: Client): boolean {
    const { account, first, count } = client;
    const newest = this.#store.newest(account)!;
    const isLater = first > newest.first || (first === newest.first && clientKey(client) > newest.client);
    const known = this.#store.account(account)!;
    this.#store.setAccount(account, { ...known, forgotten: known.forgotten + (isLater ? count : newest.count) });
    if (!isLater) this.#store.removeClient(account, newest.client);
    return !isLater;
  }

  #extend(row: ClientRow, client: Client): boolean {
    if (client.first > row.first && client.reads.length === 0) {
      this.#store.addUses(row.account, row.client, client.last, client.count);
      return false;
    }
    const before = this.#clientOf(row);
    const after = mergeClients(before, client);
    this.#save(after, before);
    const isEarlier = after.first < before.first || after.fact !== before.fact;
    return isEarlier || bytesOf(before) !== bytesOf(after);
  }

  #save(client: Client, before: Client | null): void {
    const { account, who, address, agent, first, last, count, fact } = client;
    const key = clientKey(client);
    if (before === null || before.fact !== fact)
      this.#store.setClient({
        account,
        client: key,
        who,
        address,
        agent,
        first,
        last,
        count,
        fact: JSON.stringify(fact),
      });
    else this.#store.addUses(account, key, last, count - before.count);
    if (before === null ? client.reads.length > 0 : !sameReads(before.reads, client.reads))
      this.#store.setReads(
        account,
        key,
        client.reads.map(({ hour, since, sample }) => ({ hour, since, sample: JSON.stringify(sample) })),
      );
  }

  #clientOf({ account, client, who, address, agent, first, last, count, fact }: ClientRow): Client {
    const reads = this.#store
      .reads(account, client)
      .map(({ hour, since, sample }): HourOfReads => ({ hour, since, sample: JSON.parse(sample) as Sample }));
    return { account, who, address, agent, first, last, count, fact: JSON.parse(fact) as Fact, reads };
  }
}

/** As far as it is told. */
function bytesOf(client: Client): number | null {
  return largeReads(client)?.bytes ?? null;
}

function sameReads(a: readonly HourOfReads[], b: readonly HourOfReads[]): boolean {
  const isSame = (one: HourOfReads, other: HourOfReads | undefined): boolean =>
    one.hour === other?.hour && one.since === other.since && one.sample === other.sample;
  return a.length === b.length && a.every((one, at) => isSame(one, b[at]));
}
