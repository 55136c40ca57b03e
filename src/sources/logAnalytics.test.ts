import { describe, expect, it } from 'vitest';
import { ArmServer } from '../../test/support/armServer.ts';
import { Decoder } from '../events/decode.ts';
import { isKnown } from '../events/normalise.ts';
import type { Clock } from '../lib/clock.ts';
import type { JsonObject } from '../lib/json.ts';
import { faulty, signedIn, TOKEN } from './azure.test-support.ts';
import type { TokenSource } from './azureRest.ts';
import { type Behind, conformance } from './conformance.test-support.ts';
import { eventually, FastClock, MemoryStore, startRun, TestContext } from './context.test-support.ts';
import { logAnalyticsKind, logAnalyticsSource } from './logAnalytics.ts';
import { queryOf, TABLES } from './logAnalyticsQuery.ts';
import type { Source } from './source.ts';

const WORKSPACE = '00000000-0000-0000-0000-0000000000ee';
const TABLE = 'CDBDataPlaneRequests';

class Workspace implements Behind {
  readonly server: ArmServer;
  readonly clock: Clock;
  readonly canaries = [TOKEN];
  #rows = 0;

  constructor(server: ArmServer, clock: Clock) {
    this.server = server;
    this.clock = clock;
    server.tokens.add(TOKEN);
    server.tables.set(TABLE, []);
  }

  static async start(clock: Clock): Promise<Workspace> {
    return new Workspace(await ArmServer.start(), clock);
  }

  source(credential: () => Promise<TokenSource> = signedIn): Source {
    const given = { workspaces: [WORKSPACE], endpoint: this.server.endpoint, poll: '5s' };
    return logAnalyticsSource(logAnalyticsKind.schema.parse(given), credential);
  }

  /** @param ticks of 100 ns, behind the milliseconds */
  tell(fields: Readonly<Record<string, unknown>>, at = this.clock.now(), ticks = this.#rows++ % 10_000): void {
    const _IngestedAt = new Date(at).toISOString().replace('Z', `${String(ticks).padStart(4, '0')}Z`);
    const row = { TimeGenerated: new Date(at).toISOString(), Type: TABLE, ...fields, _IngestedAt };
    this.server.tables.get(TABLE)!.push(row);
  }

  async put(marks: readonly string[], size: number): Promise<void> {
    for (const mark of marks) this.tell({ mark, pad: 'x'.repeat(size) });
  }

  handedOver(): number {
    return this.server.bytes;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

conformance<Workspace>('log_analytics', {
  start: (clock) => Workspace.start(clock),
  isTrueTime: true,
  redelivers: Number.POSITIVE_INFINITY,
  inFlight: { bytes: 4 << 20, records: 300, size: 32 << 10 },
  passing: {
    throttling: faulty({ status: 429, headers: { 'retry-after': '1' } }),
    'connections that are dropped': faulty('reset'),
    'an answer about a part': faulty({ status: 200, body: '{"tables":[],"error":{"code":"PartialError"}}' }),
    'an answer without a table': faulty({ status: 200, body: '{"value":[]}' }),
  },
  permanent: {
    'no role': async (workspace) => {
      workspace.server.fault = { status: 403, body: '{"error":{"code":"InsufficientAccessError"}}' };
      return workspace.source();
    },
    'no such workspace': async (workspace) => {
      workspace.server.fault = { status: 404, body: '{"error":{"code":"PathNotFoundError"}}' };
      return workspace.source();
    },
    'a workspace with none of the tables': async (workspace) => {
      workspace.server.tables.clear();
      return workspace.source();
    },
  },
});

describe('log_analytics', () => {
  async function until(workspace: Workspace, enough: (context: TestContext) => boolean): Promise<TestContext> {
    const context = new TestContext(new MemoryStore(), workspace.clock);
    const running = startRun(workspace.source(), context);
    await eventually('enough was given', () => running.isOver() || enough(context));
    await running.stop();
    return context;
  }

  it('gives every row once, page by page, also where many came in one moment, and what comes late', async () => {
    const workspace = await Workspace.start(new FastClock(100, true));
    const at = workspace.clock.now() - 3_600_000;
    for (let row = 0; row < 350; row++) workspace.tell({ mark: `same${row}.` }, at, 7);
    for (let row = 0; row < 250; row++) workspace.tell({ mark: `next${row}.` }, at + row, 0);
    let isLate = false;
    const { store } = await until(workspace, (context) => {
      if (!isLate && context.told('running') >= 2) {
        workspace.tell({ mark: 'late.' }, workspace.clock.now() - 60_000);
        isLate = true;
      }
      return context.told('running') >= 4;
    });
    const given = store.commits.flatMap(({ text }) => text.match(/(same|next|late)\d*\./g) ?? []);
    expect(given.length).toBe(601);
    expect(new Set(given).size).toBe(601);
    await workspace.stop();
  });

  it('gives answers that are read as records', async () => {
    const workspace = await Workspace.start(new FastClock(100, true));
    const id =
      '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/r/providers/Microsoft.DocumentDB/databaseAccounts/orders';
    workspace.tell({ OperationName: 'Delete', StatusCode: '204', ActivityId: 'a', _ResourceId: id });
    const { store } = await until(workspace, (context) => context.told('running') >= 1);
    const records: JsonObject[] = [];
    const sink = { record: (one: JsonObject) => void records.push(one), skimmed: () => {}, invalid: () => {} };
    const decoder = new Decoder({ known: isKnown, skim: null, sink });
    for (const { text } of store.commits) decoder.push(Buffer.from(text));
    decoder.end();
    expect(records).toEqual([expect.objectContaining({ Type: TABLE, OperationName: 'Delete', _ResourceId: id })]);
    expect(isKnown(records[0]!)).toBe(true);
    await workspace.stop();
  });

  it('asks only for what Cosmos DB and key vaults logged, where a table holds other logs too', () => {
    const time = '2026-11-24T10:00:00.000Z';
    const slice = { workspace: WORKSPACE, table: 'AzureDiagnostics', from: time, to: time, rows: 100 };
    expect(queryOf(slice)).toBe(
      'AzureDiagnostics | where TimeGenerated >= datetime(2026-11-24T10:00:00.000Z) - 3d' +
        ' | where ResourceProvider in~ ("MICROSOFT.DOCUMENTDB", "MICROSOFT.KEYVAULT")' +
        ' | extend _IngestedAt = ingestion_time()' +
        ' | where _IngestedAt between (datetime(2026-11-24T10:00:00.000Z) .. datetime(2026-11-24T10:00:00.000Z))' +
        ' | top 100 by _IngestedAt asc',
    );
    expect(() => queryOf({ ...slice, from: '1) | union *' })).toThrow('no time');
    expect(Object.keys(TABLES).filter((name) => !/^\w+$/.test(name))).toEqual([]);
  });
});
