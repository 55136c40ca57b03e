import type { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import type { Secret } from '../lib/secret.ts';
import type { Log } from '../telemetry/log.ts';

/** Milliseconds since 1970. */
export type Millis = number;

/**
 * A kind of source: one file, one line in `index.ts`. Its schema is the part of the configuration that belongs to it; docs and editor
 * schema are made of it. `create` only validates and keeps; nothing connects before `run`.
 */
export interface SourceKind<Config = unknown> {
  /** As in the configuration: `event_hubs`. */
  readonly type: string;
  /** One sentence for people. */
  readonly doc: string;
  readonly schema: z.ZodType<Config>;
  create(config: Config): Source;
}

/** Something that gives records, for as long as the service runs. */
export interface Source {
  /** For push sources: where the server hands what came in. Called once, before `run`. */
  readonly routes?: readonly PushRoute[];
  /** For push sources: who may send to it. The server knows a sender by its token, and hands what came in to the source that has it. */
  readonly tokens?: readonly PushToken[];
  /** Anybody who reaches its transport may write to it: nothing is learnt from what it brings. Absent: it knows who sends. */
  readonly isAnonymous?: boolean;
  /**
   * Reads until it is stopped. What passes by itself (throttling, a dropped connection) is retried inside, with back-off, and told through
   * `context.health`. Resolves when `signal` is aborted. Throws UserError for what only a person can cure; the service tells it and tries
   * again every few minutes.
   */
  run(context: SourceContext, signal: AbortSignal): Promise<void>;
}

export interface PushToken {
  /** For people: stands in the audit log and in what is told of a sender. Null: it is known by its source. */
  readonly name: string | null;
  readonly token: Secret;
  /** Subscriptions that it may speak for, lower case; null: any. */
  readonly speaksFor: readonly string[] | null;
}

/** What comes from one place at one time. */
export interface Batch {
  /** Documents in any framing that `events/decode.ts` reads, decompressed, in pieces. Empty: only position and progress are told. */
  readonly bytes: readonly Uint8Array[];
  /** Where it stood, for people: `PT1H.json of contoso at byte 4096`. */
  readonly name: string;
  /** What advances by itself: a hub's partition, a blob, a subscription. `''` where there is one. */
  readonly partition: string;
  /** How to go on after this batch; only the source itself reads it. Committed with the batch. Null: nothing to go on from. */
  readonly position: string | null;
  /** When the transport took the records (enqueued time, last modified); null: when they come in. */
  readonly arrived: Millis | null;
  /** Everything that the transport took up to here in this partition has been given; null: nothing is known of that. */
  readonly progress: Millis | null;
  /** Subscriptions that the sender may speak for, lower case; null: any. Records of others are rejected. */
  readonly speaksFor: readonly string[] | null;
}

/** What became of a batch: everything is durable when it is given. */
export interface Receipt {
  readonly accepted: number;
  /** `index`: which record of the batch, from 0. */
  readonly rejected: readonly { readonly index: number; readonly code: string; readonly reason: string }[];
}

export interface SourceContext {
  /** As in the configuration. */
  readonly name: string;
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly log: Log;
  /** Resolving is the acknowledgement: everything that the batch changed is committed. Rejects: nothing of it was kept; give it again later. */
  emit(batch: Batch): Promise<Receipt>;
  /** Is there room for so many bytes? Null: yes; else how many seconds to wait. Pull sources need not ask: `emit` waits. */
  admit(bytes: number): number | null;
  /** Where each partition stands, as committed. */
  positions(): ReadonlyMap<string, string>;
  health(health: SourceHealth): void;
}

export interface SourceHealth {
  readonly state: 'starting' | 'running' | 'retrying' | 'failed';
  /** Why it is not running, without secrets. */
  readonly why?: string;
  /** Seconds that it lags behind its transport, if known. */
  readonly lag?: number;
}

/** A path that a push source answers. The server has checked token, size and compression before. */
export interface PushRoute {
  readonly method: 'POST' | 'OPTIONS';
  /** Below the root: `/api/v1/logs`. */
  readonly path: string;
  answer(request: PushRequest, context: SourceContext): Promise<PushAnswer>;
}

export interface PushRequest {
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Decompressed. */
  readonly body: Uint8Array;
  readonly speaksFor: readonly string[] | null;
}

export interface PushAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; bytes as they are. */
  readonly body?: unknown;
}
