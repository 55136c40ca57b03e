import type { AlertEvidence } from '../alerts/alert.ts';
import type { ChangeKind, StoredAlert } from '../alerts/stored.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { VERSION } from '../lib/version.ts';
import type { AlertMessage } from './message.ts';
import { accountName, groupOf } from './phrases.ts';
import { bounded } from './text.ts';

/**
 * An alert as an OCSF 1.5.0 Detection Finding (class 2004): https://schema.ocsf.io/1.5.0/classes/detection_finding. Names and values are the true
 * ones, for programs; what OCSF has no place for is in `unmapped`.
 */

const SEVERITIES = {
  informational: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
} as const;

const ACTIVITIES = { 1: 'Create', 2: 'Update', 3: 'Close' } as const;

function activityOf(kind: ChangeKind): keyof typeof ACTIVITIES {
  if (kind === 'opened') return 1;
  return kind === 'resolved' ? 3 : 2;
}

const STATUSES = { open: [1, 'New'], acknowledged: [2, 'In Progress'], resolved: [4, 'Resolved'] } as const;

/** @param told milliseconds; @param isWhole false: without evidence and changes, which can be long, and it says so */
export function ocsfOf(message: AlertMessage, stored: StoredAlert, told: number, isWhole: boolean): JsonObject {
  const { alert } = stored;
  const activity = activityOf(message.change);
  const [severity_id, severity] = SEVERITIES[alert.level];
  const [status_id, status] = STATUSES[alert.status];
  const [start, end] = [Date.parse(alert.firstSeen), Date.parse(alert.lastSeen)];
  const said = stored.comments.at(-1);
  return {
    ...classOf(activity),
    time: stored.createdAt,
    start_time: start,
    end_time: end,
    severity_id,
    severity,
    status_id,
    status,
    ...(alert.resolution === null ? {} : { status_detail: alert.resolution }),
    is_alert: alert.status !== 'resolved',
    count: alert.count,
    message: `${message.headline}. ${message.reason}`,
    ...(said === undefined ? {} : { comment: bounded(said.text, 2000) }),
    metadata: metadataOf(`${alert.id}-${stored.revision}`, alert.id, told),
    ...cloudOf(stored.subscription),
    finding_info: findingOf(message, stored, isWhole, told),
    resources: resourcesOf(stored),
    ...(isWhole ? { evidences: alert.evidence.map((one) => evidenceOf(one, stored)) } : {}),
    ...(message.steps.items.length === 0 ? {} : { remediation: { desc: stepsText(message) } }),
    unmapped: unmappedOf(message, stored, isWhole),
  };
}

export function classOf(activity: keyof typeof ACTIVITIES): JsonObject {
  return {
    activity_id: activity,
    activity_name: ACTIVITIES[activity],
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200400 + activity,
    type_name: `Detection Finding: ${ACTIVITIES[activity]}`,
  };
}

export function metadataOf(uid: string, correlation: string, told: number): JsonObject {
  return {
    version: '1.5.0',
    uid,
    correlation_uid: correlation,
    logged_time: told,
    product: { name: 'cosmowatch', vendor_name: 'cosmowatch', version: VERSION },
    profiles: ['cloud'],
  };
}

export function cloudOf(subscription: string | null): JsonObject {
  return { cloud: { provider: 'Azure', ...(subscription === null ? {} : { account: { uid: subscription } }) } };
}

function findingOf(
  { links, reason }: AlertMessage,
  { alert, createdAt }: StoredAlert,
  isWhole: boolean,
  told: number,
): JsonObject {
  const page = links.find(({ text }) => text === 'Open the alert');
  return {
    uid: alert.id,
    title: bounded(alert.title, 500),
    desc: reason,
    created_time: createdAt,
    modified_time: told,
    first_seen_time: Date.parse(alert.firstSeen),
    last_seen_time: Date.parse(alert.lastSeen),
    ...(page === undefined ? {} : { src_url: page.url }),
    related_events_count: alert.count,
    analytic: { name: bounded(alert.rule, 300), uid: alert.ruleId, type_id: 1, type: 'Rule' },
    attacks: alert.attack.map(({ tactic, technique }) => attackOf(tactic, technique)),
    ...(isWhole ? { data_sources: [...new Set(alert.evidence.map(({ family }) => family))] } : {}),
  };
}

/** A sub-technique stands beside its technique. */
function attackOf(tactic: string, technique: string): JsonObject {
  const [whole = ''] = technique.split('.');
  const sub = whole === technique ? {} : { sub_technique: { uid: technique } };
  return { tactic: { uid: tactic }, technique: { uid: whole }, ...sub, version: '19' };
}

function resourcesOf({ alert, detail }: StoredAlert): Json {
  if (alert.account === null) return [];
  const id = bounded(detail.spelled ?? alert.account, 1000);
  const group = groupOf(id);
  return [
    {
      uid: id,
      name: accountName(id),
      type: 'Microsoft.DocumentDB/databaseAccounts',
      ...(group === null ? {} : { group: { name: group } }),
    },
  ];
}

function evidenceOf({ id, time, family, action, outcome }: AlertEvidence, { detail }: StoredAlert): JsonObject {
  const fact = detail.facts.find(({ evidence }) => evidence.some((one) => one.id === id));
  const actor = fact?.actor ?? null;
  const app = {
    ...(actor?.appName ? { app_name: actor.appName } : {}),
    ...(actor?.appId ? { app_uid: actor.appId } : {}),
  };
  const user = { ...(actor?.id ? { uid: actor.id } : {}), ...(actor?.name ? { name: actor.name } : {}) };
  return {
    uid: id,
    api: { operation: action, service: { name: 'Azure Cosmos DB' } },
    data: { family, time, outcome },
    ...(actor === null ? {} : { actor: { user: { ...user, ...userType(actor.type) }, ...app } }),
    ...(fact?.sourceIp ? { src_endpoint: { ip: fact.sourceIp } } : {}),
  };
}

function userType(type: string): JsonObject {
  if (type === 'user') return { type_id: 1, type: 'User' };
  if (type === 'service_principal' || type === 'managed_identity') return { type_id: 4, type: 'Service' };
  return { type_id: 99, type };
}

function stepsText({ steps }: AlertMessage): string {
  return steps.items
    .map(({ text, command, note }, at) =>
      [`${at + 1}. ${text}`, command, note === null ? null : `(${note})`].filter(Boolean).join(' '),
    )
    .join('\n');
}

function unmappedOf(
  message: AlertMessage,
  { alert, revision, labels, assignee, verdict }: StoredAlert,
  isWhole: boolean,
): JsonObject {
  return {
    change: message.change,
    ...(message.follow === null ? {} : { news: message.follow }),
    revision,
    level: alert.level,
    status: alert.status,
    resolution: alert.resolution,
    caller: alert.caller,
    ...(isWhole
      ? {
          actors: alert.actors.map((actor) => ({ ...actor })),
          source_ips: alert.sourceIps,
          targets: alert.targets,
          changes: alert.changes.map((change) => ({ ...change })),
          key: alert.key,
          labels,
          assignee,
        }
      : { truncated: true }),
    published: alert.published.map(({ tactic, technique }) => ({ tactic, technique })),
    verdict,
    settled_id: alert.settledId,
  };
}
