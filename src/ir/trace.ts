import type { Json } from '../lib/json.ts';
import type { Match } from './ir.ts';

export type Item = Extract<Match, { readonly kind: 'field' | 'keyword' | 'constant' }>;
type Kind<K extends Match['kind']> = Extract<Match, { readonly kind: K }>;

/** What a match says of one event, part by part. Every part is asked, also those that no longer decide anything. */
export type Trace =
  | {
      readonly kind: 'all' | 'any';
      readonly match: Kind<'all' | 'any'>;
      readonly holds: boolean;
      readonly of: readonly Trace[];
    }
  | { readonly kind: 'not'; readonly match: Kind<'not'>; readonly holds: boolean; readonly of: Trace }
  | {
      readonly kind: 'item';
      readonly match: Item;
      readonly holds: boolean;
      /** The values of the field, for a keyword those that pass; null: there is no such field. */
      readonly found: readonly Json[] | null;
      /** fieldref: the values of the other field. */
      readonly other: readonly Json[] | null;
    };
