import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { Rng } from '../../src/simulate/rng.ts';
import { type AmqpBroker, startBroker } from '../support/amqpBroker.ts';
import { essenceOf } from '../support/live.ts';
import { Service, type ShownAlert, sized, startService, storedIn, until } from '../support/service.ts';
import { counted, ledgerRules, Senders, scanned, type Told, theft, webhookLedger } from '../support/traffic.ts';

/*
 * The service is killed again and again while logs are pushed to it and wait for it in a hub, and messages go out. The whole bar:
 *   COSMOWATCH_LONG=1 COSMOWATCH_LONG_KILLS=100 COSMOWATCH_LONG_REQUESTS=20000 npx vitest run test/long/serveKills.long.test.ts
 */

const KILLS = sized('KILLS', 12);
const REQUESTS = sized('REQUESTS', 4000);
const SEED = sized('SEED', 1);
/** One in so many kills falls while the service starts. */
const EARLY = 5;

const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-kills-'));
const rules = ledgerRules(folder);
const batches = theft(SEED, REQUESTS, 20);
const NOW = new Date(systemClock.now()).toISOString();
const config = join(folder, 'cosmowatch.yml');

/** The last record of each partition: when its alert is there, so is everything before it. */
const LAST = [0, 1].map((partition) => `proof-last-${partition}`);

describe(`${KILLS} kills (seed ${SEED})`, () => {
  let broker: AmqpBroker;
  let ledger: Awaited<ReturnType<typeof webhookLedger>>;
  let whole: ShownAlert[];
  const env = () => ({ HUB: broker.connectionString() });

  beforeAll(async () => {
    broker = await startBroker({ clock: systemClock });
    ledger = await webhookLedger(new Rng(`${SEED}|webhook`));
    writeFileSync(config, configOf(rules, ledger.url));
    whole = await uninterrupted();
    for (const partition of broker.partitions) partition.log = [];
    (ledger.told as Told[]).length = 0;
  });
  afterAll(async () => {
    await ledger.close();
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Everything, as nobody disturbs it. */
  async function uninterrupted(): Promise<ShownAlert[]> {
    const data = join(folder, 'whole');
    const service = await startService({ data, config, env: env() });
    const [pushed, hubbed] = shared();
    for (const at of hubbed) broker.append(at % 2, batches[at]!);
    const senders = new Senders(batches, pushed, new Rng(SEED));
    senders.start(4, () => service);
    await senders.end();
    await readToTheEnd(service);
    const alerts = await service.alerts();
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    return alerts;
  }

  async function readToTheEnd(service: Service): Promise<void> {
    for (const [partition, name] of LAST.entries()) broker.append(partition, keyRead(name));
    await until(
      'the hub is read',
      async () => {
        const alerts = await service.alerts('&rule=cosmosdb_access_keys_viewed');
        return LAST.every((name) => alerts.some(({ account }) => account?.endsWith(`/${name}`)));
      },
      120_000,
      100,
    );
  }

  it('lose nothing, and tell nothing twice', async () => {
    const data = join(folder, 'killed');
    const rng = new Rng(SEED);
    const [pushed, hubbed] = shared();
    const senders = new Senders(batches, pushed, rng);
    const ready: number[] = [];
    let service: Service | null = await startService({ data, config, env: env() });
    ready.push(service.readyAfter);
    senders.start(4, () => service);
    const moments = Array.from({ length: KILLS }, () => rng.int(pushed.length)).sort((a, b) => a - b);
    const began = performance.now();
    let appended = 0;
    for (const [nth, moment] of moments.entries()) {
      await until('so many are acknowledged', () => senders.acknowledged.size >= moment || senders.isDone, 120_000, 1);
      // The hub fills as fast as the other way is taken.
      for (; appended <= (moment / pushed.length) * hubbed.length; appended++) {
        const at = hubbed[appended];
        if (at !== undefined) broker.append(at % 2, batches[at]!);
      }
      await systemClock.sleep(rng.int(60));
      await service!.kill();
      service = null;
      const given = new Service({ data, config, env: env() });
      if (nth % EARLY === 0) {
        await systemClock.sleep(rng.int(1500));
        await given.kill();
        service = await startService({ data, config, env: env() });
      } else service = await given.ready();
      ready.push(service.readyAfter);
    }
    for (; appended < hubbed.length; appended++) broker.append(hubbed[appended]! % 2, batches[hubbed[appended]!]!);
    await senders.end();
    const seconds = (performance.now() - began) / 1000;
    await readToTheEnd(service!);
    const alerts = await service!.alerts();
    const requests = await counted(service!);
    await until('everybody is told', async () => (await service!.status()).deliveries.waiting === 0, 60_000, 100);
    expect(await service!.stop()).toEqual({ code: 0, signal: null });

    expect(senders.acknowledged.size).toBe(pushed.length);
    const expected = essenceOf(whole);
    expect(essenceOf(alerts)).toEqual(expected);
    expect(expected.filter((line) => !line.includes('proof-last'))).toEqual(scanned(batches, rules));
    expect(storedIn(data, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(missing(alerts, ledger.told)).toEqual([]);
    const queued = storedIn(data, "SELECT alert || '-' || revision AS id, state FROM outbox");
    // What a stronger alert of its story made needless is not told any more.
    expect(queued.filter(({ state }) => state !== 'delivered' && state !== 'superseded')).toEqual([]);
    const delivered = queued.filter(({ state }) => state === 'delivered');
    expect([...new Set(ledger.told.map(({ id }) => id))].sort()).toEqual(delivered.map(({ id }) => id).sort());
    expect(ledger.told.filter(({ id, body }) => id !== body.id)).toEqual([]);
    const slowest = Math.max(...ready);
    console.log(
      [
        `kills ${KILLS + Math.ceil(KILLS / EARLY)}, batches ${batches.length} (given again: ${senders.again})`,
        `requests counted ${requests}, ${Math.round(requests / seconds)} records/s with the kills`,
        `ready again after ${Math.round(median(ready))} ms (median), ${Math.round(slowest)} ms (slowest)`,
        `messages ${ledger.told.length} of ${queued.length} (repeated: ${ledger.told.length - queued.length})`,
      ].join('\n'),
    );
    expect(slowest).toBeLessThan(sized('READY_MS', 5000));
  });
});

/** Numbers of batches by their way: pushed, and through the hub. */
function shared(): [number[], number[]] {
  const all = [...batches.keys()];
  return [all.filter((at) => at % 3 !== 0), all.filter((at) => at % 3 === 0)];
}

/**
 * Alerts that nobody was told of, or whose last message says something else than they are; but for those that a stronger alert of their
 * story is told instead of.
 */
function missing(alerts: readonly ShownAlert[], told: readonly Told[]): string[] {
  return alerts.flatMap(({ id, rule, status, inhibitedBy }) => {
    if (inhibitedBy !== null && alerts.some((other) => other.id === inhibitedBy)) return [];
    const own = told.map(({ body }) => body.data).filter(({ alert }) => alert.id === id);
    const [last] = own.toSorted((a, b) => b.revision - a.revision);
    if (!own.some(({ change }) => change === 'opened')) return [`${rule} ${id}: never told`];
    return last?.alert.status === status ? [] : [`${rule} ${id}: is ${status}, and was told as ${last?.alert.status}`];
  });
}

function configOf(folder: string, webhook: string): string {
  return `
sources:
  push: { type: http }
  hub: { type: event_hubs, connection_string: "env:HUB" }
rules: { folders: [${JSON.stringify(folder)}] }
receivers:
  ledger: [{ type: webhook, url: ${JSON.stringify(webhook)}, allow: ["127.0.0.1"] }]
routes: { receiver: ledger, flood: 0 }
`;
}

function keyRead(account: string): string {
  const id = `/SUBSCRIPTIONS/00000000-0000-0000-0000-0000000000AA/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/${account.toUpperCase()}`;
  return JSON.stringify({
    time: NOW,
    resourceId: id,
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/LISTKEYS/ACTION',
    category: 'Administrative',
    resultType: 'Success',
    resultSignature: 'Succeeded.',
    correlationId: account,
    level: 'Information',
    identity: { authorization: { scope: id }, claims: {} },
    properties: {},
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
