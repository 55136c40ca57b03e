import { isObject } from '../lib/json.ts';
import { suggestion } from '../lib/nearest.ts';
import { parseSchedule } from '../lib/schedule.ts';
import type { ReceiverKind } from '../notify/receiver.ts';
import { checkRoutes } from '../notify/routeCheck.ts';
import { type Routes, routesSchema } from '../notify/routeSchema.ts';
import { type Diagnostic, Problems, sortDiagnostics } from '../sigma/diagnostic.ts';
import type { TreeMap } from '../sigma/tree.ts';
import { readYamlAs } from '../sigma/yaml.ts';
import type { SourceKind } from '../sources/source.ts';
import { CONFIG_YAML, type ConfigCode } from './codes.ts';
import type { Config, ReceiverConfig, SourceConfig } from './config.ts';
import type { ConfigIo } from './io.ts';
import { tellIssues } from './issues.ts';
import { unknownKeys } from './keys.ts';
import { type Path, placeOf } from './place.ts';
import { readReceivers, readSources } from './plugins.ts';
import { CORE, type Core } from './schema.ts';
import { mapBelow, PlainReader } from './secrets.ts';
import { type ReadTuning, readTuning } from './tuning.ts';
import { tellUnknown } from './unknown.ts';

/** The kinds that a configuration may name. */
export interface Kinds {
  readonly sources: readonly SourceKind[];
  readonly receivers: readonly ReceiverKind[];
}

export interface ConfigFile {
  /** As people know it. */
  readonly name: string;
  readonly text: string;
}

export interface LoadedConfig {
  /** Null: there are errors. */
  readonly config: Config | null;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic<ConfigCode>[];
  /** Mistakes of exceptions, silences and calendars: each is refused alone. */
  readonly refused: readonly Diagnostic<ConfigCode>[];
  /** The file as it was read: where things stand in it. */
  readonly root: TreeMap;
}

/**
 * A configuration, checked whole: every mistake is told, and one that is bad gives nothing.
 * @param file null: the defaults, with logs pushed over HTTP
 */
export function loadConfig(file: ConfigFile | null, kinds: Kinds, io: ConfigIo): LoadedConfig {
  const problems = new Problems<ConfigCode>(file?.name ?? 'the defaults');
  const root = (file && readYamlAs(CONFIG_YAML, file.text, problems)[0]) ?? EMPTY;
  const reader = new PlainReader(io, problems);
  const core = problems.failed ? null : readCore(root, reader, problems);
  const sources = readSources(kinds.sources, { root, problems, reader });
  const receivers = readReceivers(kinds.receivers, { root, problems, reader });
  const used = mapBelow(root, 'sources') === null ? pushed(kinds.sources, problems) : sources;
  const routes = readRoutes(reader.readMap(root, false), receivers, root, problems);
  const lists = core?.lists ?? {};
  const tuning = readTuning({ root, file: file?.name ?? '', reader, problems, lists, now: io.now() });
  if (core?.summary !== undefined) checkSummary(core.summary.receiver, receivers, root, problems);
  const config =
    core === null || problems.failed
      ? null
      : configOf(core, file?.name ?? null, { sources: used, receivers, routes, tuning }, io);
  return { config, diagnostics: sortDiagnostics(problems.found, []), refused: tuning.diagnostics, root };
}

const EMPTY: TreeMap = { kind: 'map', entries: [], span: { line: 1, column: 1, length: 1 } };

function readCore(root: TreeMap, reader: PlainReader, problems: Problems<ConfigCode>): Core | null {
  tellUnknown(unknownKeys(CORE, root), [], problems);
  const given = { ...reader.readMap(root, false) };
  // Of what this schema knows, the only parts with secrets.
  for (const key of ['sign_in', 'archive']) {
    const map = mapBelow(root, key);
    if (map !== null) given[key] = reader.readMap(map, true);
  }
  const result = CORE.safeParse(given);
  if (result.success) return result.data;
  tellIssues(result.error.issues, root, [], problems, (tree) => reader.failed.has(tree));
  return null;
}

/** Without any source: logs pushed over HTTP. */
function pushed(kinds: readonly SourceKind[], problems: Problems<ConfigCode>): SourceConfig[] {
  const kind = kinds.find(({ type }) => type === 'http');
  const config = kind?.schema.safeParse({});
  if (kind !== undefined && config?.success)
    return [{ name: 'http', kind, config: config.data, labels: {}, subscriptions: null }];
  problems.error('CW-8006', null, 'no source is named', 'add "sources:" with a name and its type below it');
  return [];
}

type Receivers = ReadonlyMap<string, readonly ReceiverConfig[]>;

/** By itself, so that names are looked up whatever else is wrong; what the schema says of it was told before. */
function readRoutes(
  { routes: given, summary }: Readonly<Record<string, unknown>>,
  receivers: Receivers,
  root: TreeMap,
  problems: Problems<ConfigCode>,
): Routes | null {
  const names = [...receivers.keys()];
  if (given !== undefined) {
    const { data } = routesSchema.safeParse(given);
    if (data === undefined) return null;
    const takesSeveral = (name: string): boolean =>
      (receivers.get(name) ?? []).some(({ kind }) => kind.takesSeveral === true);
    for (const { path, text, cure, isError } of checkRoutes(data, names, takesSeveral)) {
      // The summary of the week is something that is sent to it.
      if (!isError && path === `receivers.${receiverOf(summary)}`) continue;
      const { span } = placeOf(root, pathOf(path));
      if (isError) problems.error('CW-8011', span, `${path}: ${text}`, cure);
      else problems.warning('CW-8013', span, `${path}: ${text}`, cure);
    }
    return data;
  }
  const [only, ...others] = names;
  if (only === undefined) return null;
  if (others.length === 0) return routesSchema.parse({ receiver: only });
  const { span } = placeOf(root, ['receivers']);
  const cure = `add "routes: {receiver: ${only}}"`;
  return problems.error('CW-8006', span, 'with several receivers, routes says who is told of what', cure);
}

function receiverOf(summary: unknown): unknown {
  return isObject(summary) ? summary['receiver'] : null;
}

function checkSummary(name: string, receivers: Receivers, root: TreeMap, problems: Problems<ConfigCode>): void {
  if (receivers.has(name)) return;
  const known = [...receivers.keys()];
  const cure =
    suggestion(name, known)[0] ?? (known.length === 0 ? 'name one under receivers' : `known: ${known.join(', ')}`);
  problems.error('CW-8011', placeOf(root, ['summary', 'receiver']).span, `there is no receiver ${name}`, cure);
}

/** `routes.routes[0].receiver`; names of receivers may have a point in them. */
function pathOf(text: string): Path {
  if (text.startsWith('receivers.')) return ['receivers', text.slice('receivers.'.length)];
  return text.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}

/** What is read by itself. */
interface Parts {
  readonly sources: readonly SourceConfig[];
  readonly receivers: Receivers;
  readonly routes: Routes | null;
  readonly tuning: ReadTuning;
}

function configOf(
  core: Core,
  file: string | null,
  { sources, receivers, routes, tuning }: Parts,
  io: ConfigIo,
): Config {
  const { exceptions, silences, calendars, refused } = tuning;
  const { rules, accounts, retention, key_figures, routine, memory } = core;
  return {
    file,
    listen: core.listen,
    data: io.resolve(core.data),
    externalUrl: core.external_url ?? null,
    sources,
    rules: {
      folders: rules.folders.map((path) => io.resolve(path)),
      disable: rules.disable,
      parameters: new Map(Object.entries(rules.parameters)),
    },
    lists: core.lists,
    accounts: {
      expect: accounts.expect,
      inventory: accounts.inventory.map((path) => io.resolve(path)),
      azure: azureOf(accounts.azure),
    },
    receivers,
    routes,
    tuning: { exceptions, silences, calendars, refused },
    summary:
      core.summary === undefined ? null : { receiver: core.summary.receiver, at: parseSchedule(core.summary.at)! },
    retention: {
      alerts: retention.alerts,
      controlPlane: retention.control_plane,
      matches: retention.matches,
      keyFigures: retention.key_figures,
      deliveries: retention.deliveries,
      size: retention.size,
    },
    keyFigures: { enabled: key_figures.enabled },
    routine: { openFor: routine.open_for },
    memory: { asn: memory.asn === undefined ? null : io.resolve(memory.asn) },
    signIn: core.sign_in,
    archive: archiveOf(core, io),
  };
}

function azureOf(azure: Core['accounts']['azure']): Config['accounts']['azure'] {
  if (azure === undefined) return null;
  const { subscriptions, every, client_id, endpoint } = azure;
  return { subscriptions, every, clientId: client_id ?? null, endpoint };
}

function archiveOf({ archive }: Core, io: ConfigIo): Config['archive'] {
  if (archive === undefined) return null;
  const { folder, container, queue } = archive;
  return {
    folder: folder === undefined ? null : io.resolve(folder),
    container:
      container === undefined
        ? null
        : {
            name: container.name,
            url: container.url ?? null,
            connectionString: container.connection_string ?? null,
            clientId: container.client_id ?? null,
          },
    queue,
  };
}

/** The lists behind `%placeholders%`, as rules are loaded with them. */
export function placeholders(config: Config): Readonly<Record<string, readonly string[]>> {
  return config.lists;
}
