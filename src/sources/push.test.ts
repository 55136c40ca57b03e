import { describe, expect, it } from 'vitest';
import { Secret } from '../lib/secret.ts';
import { conformance } from './conformance.test-support.ts';
import { FastClock, MemoryStore, TestContext } from './context.test-support.ts';
import { eventGridKind } from './eventGrid.ts';
import { httpKind } from './http.ts';
import { otlpKind } from './otlp.ts';
import { type PushConfig, pushSchema } from './push.ts';
import type { PushAnswer, PushRequest, Source, SourceContext, SourceKind } from './source.ts';

const CANARY = 'canary-of-a-push-token';
const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';

/** A sender: it keeps each record until it is acknowledged, and sends one at a time. */
class Sender {
  readonly canaries = [CANARY];
  readonly #kind: SourceKind<PushConfig>;
  readonly #bodyOf: (record: string) => string;
  readonly #records: string[] = [];
  /** What each store is known to hold. */
  readonly #acknowledged = new WeakMap<MemoryStore, Set<string>>();

  constructor(kind: SourceKind<PushConfig>, bodyOf: (record: string) => string) {
    this.#kind = kind;
    this.#bodyOf = bodyOf;
  }

  source(): Source {
    return this.#kind.create(
      pushSchema.parse({ tokens: [{ name: 'sender', token: new Secret(CANARY, 'env:TOKEN') }] }),
    );
  }

  async put(marks: readonly string[], size: number): Promise<void> {
    for (const mark of marks) this.#records.push(JSON.stringify({ mark, filler: 'x'.repeat(size) }));
  }

  push(source: Source, context: SourceContext, signal: AbortSignal): void {
    const { store } = context as TestContext;
    const acknowledged = this.#acknowledged.get(store) ?? new Set();
    this.#acknowledged.set(store, acknowledged);
    void this.#send(source, context, signal, acknowledged);
  }

  async #send(source: Source, context: SourceContext, signal: AbortSignal, acknowledged: Set<string>): Promise<void> {
    while (!signal.aborted) {
      const next = this.#records.find((record) => !acknowledged.has(record));
      if (next === undefined) await context.clock.sleep(500, signal);
      else if (await isTaken(source, this.#bodyOf(next), context)) acknowledged.add(next);
    }
  }

  async stop(): Promise<void> {}
}

async function isTaken(source: Source, body: string, context: SourceContext): Promise<boolean> {
  try {
    return (await post(source, body, context)).status === 200;
  } catch {
    return false;
  }
}

function post(
  source: Source,
  body: string,
  context: SourceContext,
  more: Partial<PushRequest> = {},
): Promise<PushAnswer> {
  const route = source.routes!.find(({ method }) => method === 'POST')!;
  const headers = { 'content-type': 'application/json' };
  return route.answer({ query: new Map(), headers, body: Buffer.from(body), speaksFor: null, ...more }, context);
}

const otlpBody = (record: string): string =>
  JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: record } }] }] }] });

const KINDS: readonly (readonly [SourceKind<PushConfig>, (record: string) => string])[] = [
  [httpKind, (record) => record],
  [otlpKind, otlpBody],
  [eventGridKind, (record) => `[${record}]`],
];

for (const [kind, bodyOf] of KINDS) {
  conformance(kind.type, {
    start: async () => new Sender(kind, bodyOf),
    passing: {},
    permanent: {},
    inFlight: { bytes: 1 << 20, records: 40, size: 64 << 10 },
  });
}

describe.each(KINDS)('$type', (kind, bodyOf) => {
  it('gives what came as one batch, with whom the sender speaks for', async () => {
    const context = new TestContext(new MemoryStore(), new FastClock());
    const answer = await post(new Sender(kind, bodyOf).source(), bodyOf('{"a":1}'), context, {
      speaksFor: [SUBSCRIPTION],
    });
    expect(answer.status).toBe(200);
    const [{ batch, text }] = context.store.commits as [(typeof context.store.commits)[number]];
    expect(text.trim().replace(/[[\]]/g, '')).toBe('{"a":1}');
    expect(batch).toMatchObject({ partition: '', position: null, progress: null, speaksFor: [SUBSCRIPTION] });
  });

  it('rejects to the sender when nothing could be committed', async () => {
    const context = new TestContext(new MemoryStore(), new FastClock());
    context.rejectNext(1);
    await expect(post(new Sender(kind, bodyOf).source(), bodyOf('{}'), context)).rejects.toThrow('no room');
  });

  it('has the tokens of its configuration', () => {
    const config = pushSchema.parse({
      tokens: [
        { name: 'forwarder', token: new Secret(CANARY, 'env:A'), subscriptions: [SUBSCRIPTION.toUpperCase()] },
        { token: new Secret(CANARY, 'env:B') },
      ],
    });
    const { tokens = [] } = kind.create(config);
    expect(tokens.map(({ name, speaksFor }) => [name, speaksFor])).toEqual([
      ['forwarder', [SUBSCRIPTION]],
      [null, null],
    ]);
    expect(JSON.stringify(tokens)).not.toContain(CANARY);
  });

  it.each<[string, unknown]>([
    ['a token that stands in the file', { tokens: [{ token: CANARY }] }],
    ['a token that can be guessed', { tokens: [{ token: new Secret('short', 'env:A') }] }],
    ['what is no subscription', { tokens: [{ token: new Secret(CANARY, 'env:A'), subscriptions: ['prod'] }] }],
    ['a key that is not known', { tokens: [], path: '/x' }],
  ])('refuses %s', (_what, config) => {
    const { success, error } = kind.schema.safeParse(config);
    expect(success).toBe(false);
    expect(JSON.stringify(error?.issues)).not.toMatch(/canary|short"/);
  });
});
