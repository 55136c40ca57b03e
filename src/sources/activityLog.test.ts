import { describe, expect, it } from 'vitest';
import { ArmServer } from '../../test/support/armServer.ts';
import { actionsOf, operationOf } from '../events/actions.ts';
import type { Clock } from '../lib/clock.ts';
import { activityLogKind, activityLogSource } from './activityLog.ts';
import { PROVIDERS } from './activityLogQuery.ts';
import { faulty, signedIn, TOKEN } from './azure.test-support.ts';
import type { TokenSource } from './azureRest.ts';
import { type Behind, conformance } from './conformance.test-support.ts';
import { eventually, FastClock, MemoryStore, startRun, TestContext } from './context.test-support.ts';
import type { Source } from './source.ts';

const SUBSCRIPTION = '00000000-0000-0000-0000-0000000000aa';
const OTHER = '00000000-0000-0000-0000-0000000000bb';
const DAY = 86_400_000;

class Arm implements Behind {
  readonly server: ArmServer;
  readonly clock: Clock;
  readonly canaries = [TOKEN];
  events = 0;

  constructor(server: ArmServer, clock: Clock) {
    this.server = server;
    this.clock = clock;
    server.tokens.add(TOKEN);
    for (const one of [SUBSCRIPTION, OTHER]) server.events.set(one, []);
  }

  static async start(clock: Clock): Promise<Arm> {
    return new Arm(await ArmServer.start(), clock);
  }

  source(
    subscriptions: readonly string[] = [SUBSCRIPTION],
    credential: () => Promise<TokenSource> = signedIn,
    days = 3,
  ): Source {
    const given = { subscriptions, endpoint: this.server.endpoint, poll: '5s', days };
    return activityLogSource(activityLogKind.schema.parse(given), credential);
  }

  tell(fields: Readonly<Record<string, unknown>> = {}, at = this.clock.now(), provider = 'Microsoft.DocumentDB'): void {
    this.server.add(SUBSCRIPTION, {
      eventDataId: `event-${this.events++}`,
      eventTimestamp: new Date(at).toISOString(),
      resourceProviderName: { value: provider.toUpperCase() },
      ...fields,
    });
  }

  async put(marks: readonly string[], size: number): Promise<void> {
    for (const [at, mark] of marks.entries())
      this.tell({ mark, pad: 'x'.repeat(size) }, this.clock.now(), PROVIDERS[at % PROVIDERS.length]);
  }

  handedOver(): number {
    return this.server.bytes;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

function refusing(status: number, code: string) {
  return async (arm: Arm): Promise<Source> => {
    arm.server.fault = { status, body: JSON.stringify({ error: { code, message: TOKEN } }) };
    return arm.source();
  };
}

conformance<Arm>('activity_log', {
  start: (clock) => Arm.start(clock),
  isTrueTime: true,
  redelivers: Number.POSITIVE_INFINITY,
  inFlight: { bytes: 2 << 20, records: 400, size: 16 << 10 },
  passing: {
    throttling: faulty({ status: 429, headers: { 'retry-after': '1' } }),
    'a failing service': faulty({ status: 500, body: 'oops' }),
    'connections that are dropped': faulty('reset'),
    'answers that end in the middle': faulty('cut'),
    garbage: faulty({ status: 200, body: '<html>' }),
    'pages that lead elsewhere': faulty({
      status: 200,
      body: '{"value":[],"nextLink":"https://example.org/subscriptions"}',
    }),
  },
  permanent: {
    'no role': refusing(403, 'AuthorizationFailed'),
    'a token that is refused': refusing(401, 'InvalidAuthenticationToken'),
    'no such subscription': async (arm) => arm.source(['00000000-0000-0000-0000-0000000000cc']),
    'nobody to sign in as': async (arm) =>
      arm.source([SUBSCRIPTION], () => {
        throw Object.assign(new Error(TOKEN), { name: 'CredentialUnavailableError' });
      }),
  },
});

describe('activity_log', () => {
  async function until(
    arm: Arm,
    enough: (context: TestContext) => boolean,
    source = arm.source(),
    store = new MemoryStore(),
  ): Promise<TestContext> {
    const context = new TestContext(store, arm.clock);
    const running = startRun(source, context);
    await eventually('enough was given', () => running.isOver() || enough(context));
    await running.stop();
    return context;
  }
  const start = () => Arm.start(new FastClock(100, true));
  const looks = (count: number) => (context: TestContext) => context.told('running') >= count;

  it('reads back what is kept, oldest first, page by page, and tells how far it is', async () => {
    const arm = await start();
    arm.server.pageSize = 2;
    const now = arm.clock.now();
    for (let day = 89; day >= 0; day -= 3) arm.tell({ day }, now - day * DAY);
    arm.tell({ day: 'gone' }, now - 91 * DAY);
    const { store } = await until(arm, looks(1), arm.source([SUBSCRIPTION], signedIn, 90));
    const days = store.commits.flatMap(({ text }) => text.match(/"day":(\d+|"gone")/g) ?? []);
    expect(new Set(days).size).toBe(30);
    expect(days).not.toContain('"day":"gone"');
    expect(days.length).toBe(30);
    const progress = store.commits.map(({ batch }) => batch.progress).filter((one) => one !== null);
    expect(progress.length).toBeGreaterThan(10);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)!).toBeGreaterThan(now - 21 * 60_000);
    expect(store.commits.every(({ batch }) => batch.speaksFor?.join() === SUBSCRIPTION)).toBe(true);
    await arm.stop();
  });

  it('gives a record that comes late, and nothing twice in one run', async () => {
    const arm = await start();
    arm.tell({ mark: 'first' });
    const source = arm.source();
    const { store } = await until(
      arm,
      (context) => {
        if (context.told('running') === 2 && arm.events === 1)
          arm.tell({ mark: 'late' }, arm.clock.now() - 20 * 60_000);
        return context.told('running') >= 4;
      },
      source,
    );
    const given = store.commits.flatMap(({ text }) => text.match(/first|late/g) ?? []);
    expect(given).toEqual(['first', 'late']);
    await arm.stop();
  });

  it('reads on where one of several subscriptions is refused', async () => {
    const arm = await start();
    arm.tell({ mark: 'given' });
    arm.server.fault = (path) => (path.includes(OTHER) ? { status: 403 } : null);
    const context = await until(
      arm,
      ({ store, healths }) => {
        const isGiven = store.commits.some(({ text }) => text.includes('given'));
        return isGiven && healths.some(({ state }) => state === 'retrying');
      },
      arm.source([OTHER, SUBSCRIPTION]),
    );
    expect(context.healths.find(({ state }) => state === 'retrying')?.why).toContain('403');
    await arm.stop();
  });

  it('asks for a new token when one was taken back', async () => {
    const arm = await start();
    const tokens = ['old', TOKEN];
    const credential = async () => ({
      getToken: async () => ({ token: tokens.shift()!, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    });
    await until(arm, looks(2), arm.source([SUBSCRIPTION], credential));
    expect(tokens).toEqual([]);
    await arm.stop();
  });

  it('leaves Azure alone as long as it was asked to', async () => {
    const arm = await start();
    arm.server.fault = { status: 429, headers: { 'retry-after': '40' } };
    await until(arm, (context) => context.told('retrying') >= 2);
    expect((arm.clock as FastClock).sleeps.slice(0, 2)).toEqual([40_000, 40_000]);
    await arm.stop();
  });

  it('asks nothing but the log of the subscription, by GET', async () => {
    const arm = await start();
    await until(arm, looks(2));
    const asked = new Set(arm.server.requests.map(({ method, path }) => `${method} ${path.toLowerCase()}`));
    expect([...asked]).toEqual([
      `GET /subscriptions/${SUBSCRIPTION}/providers/microsoft.insights/eventtypes/management/values`,
    ]);
    await arm.stop();
  });

  it('asks every provider of whose operations an action is known', () => {
    const names = [...actionsOf('ActivityLog')].map((action) => operationOf(action)?.name.toLowerCase() ?? '');
    const known = names.flatMap((name) => /^microsoft\.\w+/.exec(name) ?? []);
    expect(known.length).toBeGreaterThan(20);
    const asked = new Set<string>(PROVIDERS.map((one) => one.toLowerCase()));
    expect(known.filter((one) => !asked.has(one))).toEqual([]);
  });
});
