import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { rulesFor } from '../../src/app/rules.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Rng } from '../../src/simulate/rng.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { essenceOf } from './live.ts';
import { productAlerts } from './product.ts';
import { type Service, until } from './service.ts';

/** What goes through a service that is tried, and how it is known what must come out. */

/** Its count is the number of requests that were taken in: a ledger that nothing of the product keeps by itself. */
export const LEDGER = 'every_request';

const LEDGER_RULE = `
title: Every request
id: 77777777-7777-4777-8777-777777777721
name: ${LEDGER}
status: test
logsource: { product: azure, service: cosmosdb }
detection:
  any: { event.family: [DataPlaneRequests, MongoRequests] }
  condition: any
level: low
fold: { by: [cosmosdb.account], gap: 30d }
`;

/** Writes the rule of the ledger into a folder of its own. @returns the folder */
export function ledgerRules(folder: string): string {
  const rules = join(folder, 'rules');
  mkdirSync(rules, { recursive: true });
  writeFileSync(join(rules, 'ledger.yml'), LEDGER_RULE);
  return rules;
}

/** Lines of the theft, in order of time, in batches. Yesterday's, so that records of any day of the year are in time. */
export function theft(seed: number, requests: number, size: number): readonly string[] {
  const start = (Math.floor(systemClock.now() / 86_400_000) - 1) * 86_400_000;
  const { records } = simulate({
    scenario: 'theft',
    seed: `${seed}`,
    days: 1,
    start,
    recordsPerDay: requests,
    variant: 'export',
  });
  const lines = [...records].map(({ line }) => line);
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, at) =>
    lines.slice(at * size, (at + 1) * size).join('\n'),
  );
}

/** What a scan tells of the same records. Silence is measured by arrival, so it is no function of the records alone. */
export function scanned(batches: readonly string[], rules: string): string[] {
  const all = productAlerts({ files: [batches.join('\n')], rules: rulesFor([rules], [], new Map()) });
  return essenceOf(all.filter(({ rule }) => rule !== 'cosmosdb_no_logs'));
}

/** Requests that the service says it has counted. */
export async function counted(service: Service): Promise<number> {
  const alerts = await service.alerts(`&rule=${LEDGER}`);
  return alerts.reduce((sum, { count }) => sum + count, 0);
}

/** Gives batches until all are acknowledged; what is not acknowledged is given again, some time later. */
export class Senders {
  readonly acknowledged = new Set<number>();
  readonly #batches: readonly string[];
  readonly #rng: Rng;
  readonly #waiting: number[];
  readonly #running: Promise<void>[] = [];
  /** Batches that were given more than once. */
  again = 0;

  /** @param which numbers of the batches that are pushed */
  constructor(batches: readonly string[], which: readonly number[], rng: Rng) {
    this.#batches = batches;
    this.#rng = rng;
    this.#waiting = [...which];
  }

  get isDone(): boolean {
    return this.#waiting.length === 0;
  }

  /** @param service the one that runs now */
  start(count: number, service: () => Service | null): void {
    for (let n = 0; n < count; n++) this.#running.push(this.#send(service));
  }

  async end(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #send(service: () => Service | null): Promise<void> {
    for (let at = this.#waiting.shift(); at !== undefined; at = this.#waiting.shift()) {
      await until('it runs', () => service()?.isEnded === false && service()?.url !== '');
      if (await this.#give(service()!, at)) this.acknowledged.add(at);
      else {
        this.again++;
        // Not where it was: the order in which records come must not matter.
        this.#waiting.splice(this.#rng.int(Math.min(8, this.#waiting.length + 1)), 0, at);
      }
    }
  }

  async #give(service: Service, at: number): Promise<boolean> {
    try {
      const answer = await service.push(this.#batches[at]!);
      if (answer.status !== 200) return false;
      const { rejected } = (await answer.json()) as { readonly rejected: readonly unknown[] };
      if (rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(rejected)}`);
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
}

export interface Told {
  readonly id: string;
  readonly body: {
    readonly id: string;
    readonly type: string;
    readonly data: {
      readonly revision: number;
      readonly change: string;
      readonly alert: { readonly id: string; readonly status: string };
    };
  };
}

/** A receiver of webhooks that writes everything down. It takes its time, so that kills fall while messages are on their way. */
export async function webhookLedger(rng: Rng): Promise<{
  readonly url: string;
  readonly told: readonly Told[];
  close(): Promise<void>;
}> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += String(piece);
    told.push({ id: String(request.headers['webhook-id']), body: JSON.parse(text) as Told['body'] });
    await systemClock.sleep(rng.int(20));
    response.writeHead(200).end();
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Requests to one container, each once: `count` lines from number `from` on. */
export function requests(from: number, count: number): string {
  const start = Math.floor(systemClock.now() / 86_400_000) * 86_400_000 - 86_400_000;
  const line = (n: number) =>
    JSON.stringify({
      time: new Date(start + (n % 80_000) * 1000).toISOString(),
      resourceId: ACCOUNT,
      category: 'DataPlaneRequests',
      operationName: 'Query',
      properties: {
        activityId: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
        requestResourceType: 'Document',
        requestResourceId: '/dbs/shop/colls/orders',
        statusCode: '200',
        clientIpAddress: '10.3.0.7',
        databaseName: 'shop',
        collectionName: 'orders',
        userAgent: 'cosmos-netstandard-sdk/3.39.1|10|X64|Linux',
        duration: '3.873909',
        requestCharge: '3.636593',
        requestLength: '832',
        responseLength: '353',
        region: 'West Europe',
      },
    });
  return Array.from({ length: count }, (_, n) => line(from + n)).join('\n');
}

const ACCOUNT =
  '/SUBSCRIPTIONS/00000000-0000-0000-0000-0000000000AA/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/PROOF';
