import type { Level } from '../ir/ir.ts';
import type { ReceiverKind } from '../notify/receiver.ts';
import type { SourceKind } from '../sources/source.ts';
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
  readonly accounts: { readonly expect: readonly string[]; readonly inventory: readonly string[] };
  readonly receivers: ReadonlyMap<string, readonly ReceiverConfig[]>;
  /** Null: nobody is told. */
  readonly routes: Route | null;
  readonly retention: Retention;
  readonly keyFigures: KeyFigures;
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

/** A node of the tree that says who is told of an alert. The first route below that matches takes it; else the node itself does. */
export interface Route {
  /** Null: that of the node above; never null at the root. */
  readonly receiver: string | null;
  readonly match: RouteMatch;
  /** Seconds that alerts wait for others to go with them; null: as above. */
  readonly groupWait: number | null;
  /** Seconds after which an alert that is still open is told again; null: as above. */
  readonly repeat: number | null;
  /** The routes after this one are asked too. */
  readonly goOn: boolean;
  readonly routes: readonly Route[];
}

/** What is named must all hold, of each list one entry; an empty list asks nothing. `*` in a text stands for anything. */
export interface RouteMatch {
  readonly level: readonly Level[];
  readonly rule: readonly string[];
  readonly account: readonly string[];
  readonly subscription: readonly string[];
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, readonly string[]>>;
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
