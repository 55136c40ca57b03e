import type { AlertNews } from '../alerts/stored.ts';
import { isoOf } from '../lib/iso.ts';
import type { Json } from '../lib/json.ts';
import { nameOf } from '../report/phrases.ts';
import { headlineOf } from '../report/story.ts';
import { countsOf } from './counts.ts';
import { floodDetails, noticeOf } from './notice.ts';
import type { Message } from './receiver.ts';

/**
 * A row of the table, one for each revision of an alert. Values are the true ones, for queries; `Truncated` is ours, because the service cuts without
 * a word: https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api
 */
export type Row = Readonly<Record<ColumnName, Json>>;

type ColumnType = 'string' | 'int' | 'long' | 'datetime' | 'boolean' | 'dynamic';

/** Types as rules of data collection name them. Both the table and the rule are made of this list. */
const TYPES = {
  TimeGenerated: 'datetime',
  AlertId: 'string',
  AlertRevision: 'int',
  AlertChange: 'string',
  Headline: 'string',
  RuleName: 'string',
  RuleId: 'string',
  AlertTitle: 'string',
  SettledId: 'string',
  AlertLevel: 'string',
  AlertStatus: 'string',
  Resolution: 'string',
  AccountId: 'string',
  AccountName: 'string',
  GroupKey: 'dynamic',
  FirstSeen: 'datetime',
  LastSeen: 'datetime',
  EventCount: 'long',
  Actors: 'dynamic',
  Caller: 'string',
  SourceIps: 'dynamic',
  Targets: 'dynamic',
  SettingChanges: 'dynamic',
  Attack: 'dynamic',
  Published: 'dynamic',
  Evidence: 'dynamic',
  Reason: 'string',
  Routine: 'dynamic',
  Story: 'dynamic',
  InhibitedBy: 'dynamic',
  LevelReason: 'string',
  ChangedBy: 'string',
  AlertUrl: 'string',
  Truncated: 'boolean',
} as const satisfies Readonly<Record<string, ColumnType>>;

type ColumnName = keyof typeof TYPES;

export const COLUMNS: readonly { readonly name: string; readonly type: ColumnType }[] = Object.entries(TYPES).map(
  ([name, type]) => ({ name, type }),
);

/** @param now milliseconds */
export function rowOf(message: Message, now: number): Row {
  const { content } = message;
  const values = content.kind === 'alert' ? alertValues(message, content.news) : noticeValues(message, content, now);
  return bounded({ ...NOTHING, TimeGenerated: isoOf(now), AlertUrl: message.links.console, ...values });
}

const NOTHING = Object.fromEntries(Object.keys(TYPES).map((name) => [name, null])) as unknown as Row;

function alertValues(_message: Message, { kind, stored }: AlertNews): Partial<Row> {
  const { alert, detail, revision, history } = stored;
  return {
    AlertId: alert.id,
    AlertRevision: revision,
    AlertChange: kind,
    Headline: headlineOf({ alert, detail }),
    RuleName: alert.rule,
    RuleId: alert.ruleId,
    AlertTitle: alert.title,
    SettledId: alert.settledId,
    AlertLevel: alert.level,
    AlertStatus: alert.status,
    Resolution: alert.resolution,
    AccountId: alert.account,
    AccountName: nameOf(stored),
    GroupKey: alert.key,
    FirstSeen: alert.firstSeen,
    LastSeen: alert.lastSeen,
    EventCount: alert.count,
    Caller: alert.caller,
    ...listsOf(alert),
    Reason: alert.reason,
    Routine: alert.routine,
    Story: alert.story,
    InhibitedBy: alert.inhibitedBy,
    LevelReason: alert.levelReason,
    ChangedBy: history.at(-1)?.by ?? null,
  };
}

function listsOf(alert: AlertNews['stored']['alert']): Partial<Row> {
  const { actors, sourceIps, targets, changes, attack, published, evidence } = alert;
  const objects = (of: readonly object[]): Json => of.map((one) => ({ ...one }));
  return {
    Actors: objects(actors),
    SourceIps: [...sourceIps],
    Targets: [...targets],
    SettingChanges: objects(changes),
    Attack: objects(attack),
    Published: objects(published),
    Evidence: objects(evidence),
  };
}

function noticeValues(
  message: Message,
  content: Exclude<Message['content'], { kind: 'alert' }>,
  now: number,
): Partial<Row> {
  const { kind, level, title, text, lines } = noticeOf(message, content, now);
  const isOver = content.kind === 'test' || (content.kind === 'notice' && content.notice.isOver);
  const known = {
    AlertId: content.kind === 'notice' ? content.notice.about : message.id,
    AlertRevision: 1,
    AlertChange: kind,
    Headline: title,
    AlertLevel: level ?? 'informational',
    AlertStatus: isOver ? 'resolved' : 'open',
    Reason: [text, ...lines].join('\n'),
  };
  if (content.kind !== 'flood') return known;
  const { since, until } = floodDetails(content.news);
  return { ...known, FirstSeen: since, LastSeen: until, EventCount: countsOf(content.news).alerts };
}

/** Bytes of one value; the service takes 64 KB. */
const MOST = 30_000;

/** Lists lose their middle, texts their end. */
function bounded(row: Row): Row {
  let isCut = false;
  const values = Object.entries(row).map(([name, value]): [string, Json] => {
    if (Buffer.byteLength(JSON.stringify(value)) <= MOST) return [name, value];
    isCut = true;
    return [name, shorter(value)];
  });
  return { ...(Object.fromEntries(values) as unknown as Row), Truncated: isCut };
}

function shorter(value: Json): Json {
  if (typeof value === 'string') return value.slice(0, MOST / 4).toWellFormed();
  if (!Array.isArray(value)) return null;
  for (let each = Math.floor(value.length / 2); each > 0; each = Math.floor(each / 2)) {
    const ends: Json = [...value.slice(0, each), ...value.slice(-each)];
    if (Buffer.byteLength(JSON.stringify(ends)) <= MOST) return ends;
  }
  return [];
}
