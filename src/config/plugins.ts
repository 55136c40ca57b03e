import { nearest } from '../lib/nearest.ts';
import type { ReceiverKind } from '../notify/receiver.ts';
import type { Problems } from '../sigma/diagnostic.ts';
import { type Entry, entryOf, type Tree, type TreeMap } from '../sigma/tree.ts';
import type { SourceKind } from '../sources/source.ts';
import type { ConfigCode } from './codes.ts';
import type { ReceiverConfig, SourceConfig } from './config.ts';
import { tellIssues } from './issues.ts';
import { keysOf, unknownKeys } from './keys.ts';
import { type Path, pathText } from './place.ts';
import { labels, subscriptions } from './schema.ts';
import { mapBelow, type PlainReader } from './secrets.ts';
import { tellUnknown } from './unknown.ts';

/** Keys of every source beside those of its kind. */
export const SOURCE_KEYS = { labels, subscriptions } as const;

interface Reading {
  readonly root: TreeMap;
  readonly problems: Problems<ConfigCode>;
  readonly reader: PlainReader;
}

/** The sources of a file; those with mistakes are left out and told. */
export function readSources(kinds: readonly SourceKind[], reading: Reading): SourceConfig[] {
  return (mapBelow(reading.root, 'sources')?.entries ?? []).flatMap(({ key: name, value }) => {
    const path = ['sources', name];
    const kind = kindOf('source', kinds, value, path, reading);
    if (kind === null) return [];
    const { own, common } = split(kind.schema, value as TreeMap, Object.keys(SOURCE_KEYS));
    const config = parse(kind.schema, own, path, Object.keys(SOURCE_KEYS), reading);
    const said = parseLabels(common, path, reading);
    return config === null || said === null ? [] : [{ name, kind, config: config.value, ...said }];
  });
}

/** The receivers of a file by their names; those with mistakes are left out and told. */
export function readReceivers(kinds: readonly ReceiverKind[], reading: Reading): Map<string, ReceiverConfig[]> {
  const found = new Map<string, ReceiverConfig[]>();
  for (const { key: name, value } of mapBelow(reading.root, 'receivers')?.entries ?? []) {
    const items = value.kind === 'list' ? value.items : [];
    found.set(
      name,
      items.flatMap((item, at) => readReceiver(kinds, item, ['receivers', name, at], reading)),
    );
  }
  return found;
}

function readReceiver(kinds: readonly ReceiverKind[], tree: Tree, path: Path, reading: Reading): ReceiverConfig[] {
  const kind = kindOf('receiver', kinds, tree, path, reading);
  if (kind === null) return [];
  const { own } = split(kind.schema, tree as TreeMap, []);
  const config = parse(kind.schema, own, path, [], reading);
  warnOfSecret(own, path, reading);
  return config === null ? [] : [{ kind, config: config.value }];
}

/** Addresses of incoming webhooks, which whoever knows may write to, and signed ones. */
const SECRET_URL =
  /^https?:\/\/(?:hooks\.slack\.com\/|[^/]*(?:\.logic\.azure\.com|\.powerplatform\.com|webhook\.office\.com)[:/]|[^?]*\?(?:.*&)?(?:sig|token|code|key)=)/i;

function warnOfSecret(own: TreeMap, path: Path, { problems }: Reading): void {
  const url = entryOf(own, 'url')?.value;
  if (url?.kind !== 'scalar' || !SECRET_URL.test(url.text)) return;
  const cure = 'name a variable or a file that holds it: env:NAME, file:PATH';
  problems.warning('CW-8221', url.span, `${pathText([...path, 'url'])} is a secret, and stands in this file`, cure);
}

/** What its `type` says it is. */
function kindOf<Kind extends { readonly type: string }>(
  what: 'source' | 'receiver',
  kinds: readonly Kind[],
  tree: Tree,
  path: Path,
  { problems }: Reading,
): Kind | null {
  const types = kinds.map(({ type }) => type);
  const all = `there are ${types.join(', ')}`;
  if (tree.kind !== 'map')
    return problems.error('CW-8005', tree.span, `${pathText(path)} is a map`, 'write "type: ..." below it, indented');
  const type = entryOf(tree, 'type');
  if (type === null || type.value.kind !== 'scalar' || type.value.text === '')
    return problems.error(
      'CW-8006',
      type?.keySpan ?? tree.span,
      `${pathText(path)} has no type`,
      `"type: ..."; ${all}`,
    );
  const { text, span } = type.value;
  const kind = kinds.find((one) => one.type === text);
  if (kind !== undefined) return kind;
  const near = nearest(text.slice(0, 100), types);
  return problems.error(
    'CW-8007',
    span,
    `there is no such type of ${what}`,
    near === null ? all : `did you mean "${near}"?`,
  );
}

/** What belongs to the kind, and what to every source. A kind whose schema has one of those keys itself is given it too. */
function split(
  schema: SourceKind['schema'],
  tree: TreeMap,
  shared: readonly string[],
): { readonly own: TreeMap; readonly common: TreeMap } {
  const keys = keysOf(schema);
  const isOwn = ({ key }: Entry): boolean => (key !== 'type' && !shared.includes(key)) || keys.includes(key);
  return {
    own: { ...tree, entries: tree.entries.filter(isOwn) },
    common: { ...tree, entries: tree.entries.filter(({ key }) => shared.includes(key)) },
  };
}

function parse(
  schema: SourceKind['schema'],
  own: TreeMap,
  path: Path,
  also: readonly string[],
  { root, problems, reader }: Reading,
): { readonly value: unknown } | null {
  const strange = unknownKeys(schema, own, path);
  tellUnknown(strange, ['type', ...also], problems);
  const result = schema.safeParse(reader.readMap(own, true));
  if (result.success) return strange.length === 0 ? { value: result.data } : null;
  tellIssues(result.error.issues, root, path, problems, (tree, message) => isToldOf(tree, message, reader.failed));
  return null;
}

/** It was said before why a secret is not there: of it, or of a whole that names it. */
function isToldOf(tree: Tree, message: string, failed: ReadonlySet<Tree>): boolean {
  if (tree.kind !== 'map') return failed.has(tree);
  return tree.entries.some(({ key, value }) => failed.has(value) && message.includes(`${key} is `));
}

type Said = Pick<SourceConfig, 'labels' | 'subscriptions'>;

function parseLabels(common: TreeMap, path: Path, { root, problems, reader }: Reading): Said | null {
  const given = reader.readMap(common, false);
  const read = {
    labels: labels.safeParse(given['labels']),
    subscriptions: subscriptions.optional().safeParse(given['subscriptions']),
  };
  for (const [key, { error }] of Object.entries(read))
    if (error) tellIssues(error.issues, root, [...path, key], problems);
  if (!read.labels.success || !read.subscriptions.success) return null;
  return { labels: read.labels.data, subscriptions: read.subscriptions.data ?? null };
}
