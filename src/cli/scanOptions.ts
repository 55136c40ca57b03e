import type { AzureRequest } from '../app/azureScan.ts';
import { LEVELS, type Level, type ScanRequest } from '../app/contract.ts';
import { readExceptions } from '../app/scanExceptions.ts';
import { parseDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import type { Look as ReportLook } from '../report/context.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed } from './command.ts';
import { lookOf, type Streams } from './streams.ts';

export const FORMATS = ['table', 'tsv', 'ndjson', 'json', 'html'] as const;
export type Format = (typeof FORMATS)[number];

export const SCAN: CommandSpec = {
  name: 'scan',
  summary: 'Read log files and print the alerts in them',
  usage: '<path...> | --azure [options]',
  before: `Arguments
  <path...>        Files, folders, globs, or - for standard input. Recognised
                   by content: Activity Log, Cosmos DB resource logs, Key Vault
                   logs; JSON, NDJSON, {"records":[...]}, gzip, zstd`,
  sections: [
    {
      title: 'What to read',
      options: [
        {
          flags: '--since <T>',
          text: 'Only from this time: 2026-11-24T00:00:00Z, or 24h before the newest record or --until',
        },
        { flags: '--until <T>', text: 'Only up to this time (default: the newest record)' },
        { flags: '--inventory <F>', text: 'Known state of accounts (ARM JSON), F@TIME: as of TIME', many: true },
        { flags: '--expect-account <ID>', text: 'An account whose silence is an alert too', many: true },
        { flags: '--strict', text: 'Records that cannot be read are an error (exit code 4)' },
        { flags: '--now <T>', text: 'Take this as the wall clock: later records are refused' },
        { flags: '--jobs <N>', text: 'Threads that read (default: 1)' },
        { flags: '--no-skim', text: '', hidden: true },
      ],
    },
    {
      title: 'Instead of files, or beside them',
      options: [
        { flags: '--azure', text: 'Ask Azure, as whom the Azure CLI is logged in (az login); reads only' },
        { flags: '--subscription <ID>', text: 'With --azure: whose Activity Log, accounts and locks', many: true },
        { flags: '--days <N>', text: 'With --azure: how far back, 1 to 90 (default: 90)' },
        { flags: '--workspace <ID>', text: 'With --azure: a Log Analytics workspace to read too', many: true },
      ],
    },
    {
      title: 'What to look for',
      options: [
        { flags: '--rules <DIR>', text: 'Rules beside the built-in ones', many: true },
        { flags: '--only <RULE>', text: 'Only these rules; can be given more than once', many: true },
        { flags: '--set <R.P=V>', text: 'A parameter: cosmosdb_multiple_tables_created.tables=5', many: true },
        { flags: '--min-level <L>', text: 'Print only this level and above' },
        { flags: '--exceptions <F>', text: 'Mark what the exceptions of this configuration cover; hides nothing' },
      ],
    },
    {
      title: 'What to print',
      options: [
        {
          flags: '-f, --format <F>',
          text: 'table, tsv, ndjson, json, html (default: table on a terminal, tsv in a pipe)',
        },
        { flags: '-o, --output <F>', text: 'Write to this file instead of standard output' },
        { flags: '--explain <ID>', text: 'One alert whole: why, evidence, what to do' },
        { flags: '--local', text: 'Show your local time beside UTC' },
        { flags: '--fail-on <L>', text: 'Exit code 3 if an alert of this level or above was found' },
        { flags: '--stats <F>', text: 'Write counts of records, families, what was left out' },
        { flags: '--progress <W>', text: 'auto, plain, off (default auto)' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Exit codes
  0  read to the end     1  failed            2  called wrongly
  3  --fail-on reached   4  --strict: records were left out

Examples
  cosmowatch scan logs/
  cosmowatch scan --azure --subscription "$(az account show --query id -o tsv)"
  cosmowatch scan PT1H.json.gz --format ndjson > alerts.ndjson
  cosmowatch scan logs/ --since 24h --fail-on high --quiet`,
};

export interface ScanOptions {
  readonly request: ScanRequest;
  /** Null: only files are read. */
  readonly azure: Omit<AzureRequest, 'endpoint'> | null;
  /** Null: as many as there are cores. */
  readonly jobs: number | null;
  readonly format: Format | null;
  readonly output: string | null;
  readonly explain: string | null;
  readonly local: boolean;
  readonly failOn: Level | null;
  readonly stats: string | null;
  readonly progress: 'auto' | 'plain' | 'off';
  readonly color: string;
  readonly quiet: boolean;
  readonly strict: boolean;
}

/** @throws UserError CW-1001, CW-1002: what is wrong with which option, and what it takes */
export function readScanOptions(parsed: Parsed, nowMs: number): ScanOptions {
  const { args, text, many, isOn } = parsed;
  const azure = readAzure(parsed);
  if (args.length === 0 && azure === null) {
    throw new UserError('CW-1001', 'scan needs a file, a folder, or - for standard input', {
      cure: 'cosmowatch scan logs/, or cosmowatch scan --azure --subscription ID',
    });
  }
  const now = text('now') === null ? nowMs : readTime('--now', text('now')!, nowMs) / 1000;
  const until = text('until') === null ? null : readTime('--until', text('until')!, now);
  return {
    request: {
      paths: args,
      since: readSince(text('since'), until, now),
      until,
      nowMs: now,
      only: many('only')
        .flatMap((names) => names.split(','))
        .filter(Boolean),
      rulesDirs: many('rules'),
      inventory: many('inventory').map((value) => readInventory(value, now)),
      expectAccounts: many('expectAccount').map((id) => readAccount(id)),
      parameters: new Map(many('set').map(readParameter)),
      minLevel: choice('--min-level', text('minLevel'), LEVELS) ?? 'informational',
      skim: isOn('skim'),
      exceptions: text('exceptions') === null ? [] : readExceptions(text('exceptions')!, now),
    },
    azure,
    jobs: readCount('--jobs', text('jobs')),
    format: choice('--format', text('format'), FORMATS),
    output: text('output'),
    explain: text('explain'),
    local: isOn('local'),
    failOn: choice('--fail-on', text('failOn'), LEVELS),
    stats: text('stats'),
    progress: progressIn(parsed),
    color: colorIn(parsed),
    quiet: isOn('quiet'),
    strict: isOn('strict'),
  };
}

/** Null: `--azure` was not given. */
function readAzure({ text, many, isOn }: Parsed): ScanOptions['azure'] {
  const [subscriptions, workspaces] = [many('subscription'), many('workspace')];
  if (!isOn('azure')) {
    if (subscriptions.length + workspaces.length === 0 && text('days') === null) return null;
    throw new UserError('CW-1001', '--subscription, --days and --workspace need --azure', { cure: 'give --azure too' });
  }
  if (subscriptions.length === 0)
    throw new UserError('CW-1001', '--azure needs --subscription', {
      cure: '--subscription "$(az account show --query id -o tsv)"',
    });
  for (const id of [...subscriptions, ...workspaces])
    if (!GUID.test(id))
      throw wrong('--subscription and --workspace', id, 'an id as 00000000-0000-0000-0000-000000000000');
  const days = readCount('--days', text('days')) ?? KEPT_DAYS;
  if (days > KEPT_DAYS) throw wrong('--days', String(days), `1 to ${KEPT_DAYS}: Azure keeps no more`);
  return { subscriptions: subscriptions.map((id) => id.toLowerCase()), workspaces, days };
}

const KEPT_DAYS = 90;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function progressIn({ text }: Parsed): ScanOptions['progress'] {
  return choice('--progress', text('progress'), ['auto', 'plain', 'off']) ?? 'auto';
}

export function colorIn({ text }: Parsed): string {
  return choice('--color', text('color'), ['auto', 'always', 'never']) ?? 'auto';
}

/** How standard output may look, by the options of a command; times are UTC. */
export function outLook(parsed: Parsed, streams: Streams): ReportLook {
  return { ...lookOf(streams, colorIn(parsed), streams.isOutTerminal), localOffset: null };
}

export function choice<T extends string>(option: string, value: string | null, values: readonly T[]): T | null {
  if (value === null) return null;
  const found = values.find((known) => known === value.toLowerCase());
  if (found !== undefined) return found;
  throw wrong(option, value, `one of ${values.join(', ')}`, suggestion(value, values));
}

/** An option's value that it does not take. */
export function wrong(option: string, value: string, wanted: string, facts: readonly string[] = []): UserError {
  return new UserError('CW-1002', `${option} does not take "${value}"`, { facts, cure: `give ${wanted}` });
}

function readCount(option: string, value: string | null): number | null {
  if (value !== null && !/^[1-9][0-9]{0,3}$/.test(value)) throw wrong(option, value, 'a whole number from 1 on');
  return value === null ? null : Number(value);
}

/** Microseconds: an ISO time, or how long ago. */
export function readTime(option: string, value: string, nowMs: number): number {
  const ago = parseDuration(value);
  if (ago !== null) return (nowMs - ago * 1000) * 1000;
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(value);
  const at = isIso ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw wrong(option, value, 'a time as 2026-11-24T00:00:00Z, a day, or a duration as 24h');
  return at * 1000;
}

/** A duration counts back from the end of the clock: `--until`, or the newest record, which is known when all is read. */
function readSince(value: string | null, until: number | null, nowMs: number): ScanRequest['since'] {
  if (value === null) return null;
  const ago = parseDuration(value);
  if (ago !== null) return until === null ? { ago: ago * 1_000_000 } : until - ago * 1_000_000;
  const since = readTime('--since', value, nowMs);
  if (until === null || since <= until) return since;
  throw new UserError('CW-1002', `--since ${value} is later than --until`, { cure: 'give --since an earlier time' });
}

function readInventory(value: string, nowMs: number): { file: string; at: number | null } {
  const cut = value.lastIndexOf('@');
  if (cut <= 0) return { file: value, at: null };
  return { file: value.slice(0, cut), at: readTime('--inventory', value.slice(cut + 1), nowMs) };
}

function readAccount(id: string): string {
  const folded = id.toLowerCase().replace(/\/+$/, '');
  const isAccount = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.documentdb\/[a-z]+\/[^/]+$/;
  if (isAccount.test(folded)) return folded;
  throw wrong('--expect-account', id, 'the resource id of an account, as az cosmosdb show --query id prints it');
}

function readParameter(value: string): [string, number] {
  const found = /^([^.=\s]+\.[^.=\s]+)=(-?\d+(?:\.\d+)?)$/.exec(value);
  if (!found) throw wrong('--set', value, 'rule.parameter=number, as cosmosdb_multiple_tables_created.tables=5');
  return [found[1]!, Number(found[2])];
}
