import type { ScanStats } from '../app/contract.ts';

/* What programs read of a scan besides alerts, for the reference. */

/** How every command ends. */
export const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'done, alerts or not. Empty lists, files and folders are no error: a quiet subscription fails no job'],
  [
    '1',
    'failed: of nothing that was given one record could be understood, a file could not be written, or an error of cosmowatch; of `rules test`, a case that is not as expected',
  ],
  ['2', 'called wrongly: an option, a rule, an inventory'],
  [
    '3',
    'done, and an alert of the level of `--fail-on` or above was found, even if `--min-level` keeps it from being printed',
  ],
  ['4', 'done, but something was left out, and `--strict` was given; told before 3'],
  ['130, 143', 'stopped by Ctrl-C, by SIGTERM'],
];

/** What `--stats` writes. */
export const STATS_MEANINGS = {
  bytes: 'of all files, decompressed',
  records: 'read, of whatever kind: events, those that are unknown, invalid, or later than `--until`',
  events: 'records of known logs up to `--until`, with a time that can be',
  families: 'events by log',
  unknown: 'records of other logs, and JSON that is no log record',
  invalid: 'records that could not be read as one, by reason',
  duplicates: 'copies of records that tell nothing new',
  actions:
    'what was done or tried in the control plane, and the requests of the data plane that a rule matches; each once, however many records and logs tell of it',
  alerts: 'that were printed',
  seconds: 'that it took',
} as const satisfies Record<keyof ScanStats, string>;
