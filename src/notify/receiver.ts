import type { z } from 'zod';
import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import type { Clock } from '../lib/clock.ts';
import type { Notice, Pages } from '../report/message.ts';
import type { Log } from '../telemetry/log.ts';

/** A kind of receiver: one file, one line in `index.ts`. `create` validates and keeps; nothing is sent before `deliver`. */
export interface ReceiverKind<Config = unknown> {
  /** As in the configuration: `slack`. */
  readonly type: string;
  /** One sentence for people. */
  readonly doc: string;
  readonly schema: z.ZodType<Config>;
  create(config: Config, ports: ReceiverPorts): Receiver;
}

export interface ReceiverPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly http: SafeHttp;
}

/** HTTP to where a user said, and nowhere else: addresses are resolved once, checked, and no redirect is followed. */
export interface SafeHttp {
  /** Never throws for what a network does: that is an answer of its own. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** Private and loopback addresses that this receiver may reach, over plain http too. */
  readonly allow: readonly string[];
  readonly tls?: { readonly cert?: string; readonly key?: string; readonly ca?: string };
}

export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** `refused`: the address may not be reached, so trying again is of no use. */
  | { readonly kind: 'failed'; readonly reason: string; readonly refused: boolean };

export interface Receiver {
  /** At least this long between two messages; milliseconds. */
  readonly pace: number;
  deliver(message: Message, signal: AbortSignal): Promise<Delivery>;
  /** For receivers that must hear from us though nothing happens. Called every minute; null: nothing was due. */
  beat?(pulse: Pulse, signal: AbortSignal): Promise<Delivery | null>;
}

/** How the service is. */
export interface Pulse {
  /** Null: sources do not progress, or messages do not leave. Who waits for a sign of life gets none. */
  readonly alive: SignOfLife | null;
  /** What this receiver was told of and is not over, as it was told last. */
  readonly firing: () => readonly StoredAlert[];
  readonly links: (stored: StoredAlert | null) => Links;
}

export interface SignOfLife {
  readonly accounts: number;
  readonly openAlerts: number;
  /** Up to when the logs have been read; milliseconds since 1970, null: nothing is known of that. */
  readonly readUpTo: number | null;
}

/** What a notice says: made once and stored, so that every attempt says the same. */
export interface NoticeText extends Pick<Notice, 'level' | 'title' | 'text' | 'lines'> {
  readonly kind: Exclude<Notice['kind'], 'flood' | 'test'>;
  /** What it is about, for receivers that keep one incident of it: `receiver pager/0`. */
  readonly about: string;
  /** What it was about is over: an incident ends. */
  readonly isOver: boolean;
}

/** What is told, once for each receiver. */
export interface Message {
  /** The same for every attempt: receivers that can deduplicate do so by it. */
  readonly id: string;
  readonly content:
    | { readonly kind: 'alert'; readonly news: AlertNews }
    /** Many alerts at once. */
    | { readonly kind: 'flood'; readonly news: readonly AlertNews[] }
    | { readonly kind: 'test'; readonly by: string }
    /** Several alerts in one, a summary, or something about cosmowatch itself. */
    | { readonly kind: 'notice'; readonly notice: NoticeText };
  /** What the last delivery about this alert to this receiver gave, so that a follow-up can update it; null: none was. */
  readonly ref: string | null;
  readonly links: Links;
}

/** `console` is null where no `external_url` is set. */
export type Links = Pages;

export type Delivery =
  /** `ref`: comes back with the next message about the same alert. */
  | { readonly kind: 'delivered'; readonly ref: string | null }
  /** `after`: milliseconds to wait at least; null: the usual back-off. */
  | { readonly kind: 'retry'; readonly after: number | null; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string };
