import type { Schedule } from '../lib/schedule.ts';
import type { Secret } from '../lib/secret.ts';
import type { ReceiverKind } from '../notify/receiver.ts';
import type { Routes } from '../notify/routeSchema.ts';
import type { SourceKind } from '../sources/source.ts';
import type { SignIn } from './signIn.ts';
import type { TuningConfig } from './tuning.ts';
import type { Address } from './words.ts';

/** A configuration that was checked whole. Paths can be opened as they stand; secrets are `Secret`; ids are in lower case. */
export interface Config {
  /** Null: there is none, and all of this is the default. */
  readonly file: string | null;
  readonly listen: Address;
  readonly data: string;
  /** Where people reach the service, without a closing slash. */
  readonly externalUrl: string | null;
  /** In the order of the file; at least one. */
  readonly sources: readonly SourceConfig[];
  readonly rules: {
    readonly folders: readonly string[];
    readonly disable: readonly { readonly rule: string; readonly reason: string }[];
    /** By `rule.parameter`. */
    readonly parameters: ReadonlyMap<string, number>;
  };
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly accounts: {
    readonly expect: readonly string[];
    readonly inventory: readonly string[];
    /** Null: Azure is not asked. */
    readonly azure: AccountsFromAzure | null;
  };
  readonly receivers: ReadonlyMap<string, readonly ReceiverConfig[]>;
  /** Null: nobody is told. */
  readonly routes: Routes | null;
  /** Exceptions, silences and calendars: those without mistakes. */
  readonly tuning: TuningConfig;
  /** Null: there is no weekly summary. */
  readonly summary: { readonly receiver: string; readonly at: Schedule } | null;
  readonly retention: Retention;
  readonly keyFigures: KeyFigures;
  /** Null: nothing is archived. */
  readonly archive: ArchiveConfig | null;
  /** `openFor`: seconds. */
  readonly routine: { readonly openFor: number };
  /** `asn`: a file; null: networks are not told. */
  readonly memory: { readonly asn: string | null };
  readonly signIn: SignIn;
}

export interface SourceConfig {
  readonly name: string;
  readonly kind: SourceKind;
  /** What `kind.create` takes. */
  readonly config: unknown;
  readonly labels: Readonly<Record<string, string>>;
  /** Records of other subscriptions are rejected; null: any. */
  readonly subscriptions: readonly string[] | null;
}

export interface ReceiverConfig {
  readonly kind: ReceiverKind;
  /** What `kind.create` takes. */
  readonly config: unknown;
}

/** Seconds, and bytes. */
export interface Retention {
  readonly alerts: number;
  readonly controlPlane: number;
  readonly matches: number;
  readonly keyFigures: number;
  readonly deliveries: number;
  readonly size: number;
}

export interface KeyFigures {
  readonly enabled: boolean;
}

/** Exactly one of folder and container; of a container, of url and connection string. */
export interface ArchiveConfig {
  readonly folder: string | null;
  readonly container: {
    readonly name: string;
    readonly url: string | null;
    readonly connectionString: Secret | null;
    readonly clientId: string | null;
  } | null;
  /** Bytes that may wait on disk. */
  readonly queue: number;
}

/** Whose accounts are asked for, and how often (seconds). */
export interface AccountsFromAzure {
  readonly subscriptions: readonly string[];
  readonly every: number;
  readonly clientId: string | null;
  readonly endpoint: string;
}
