import { type Operation, operationOf } from '../events/actions.ts';
import { identity } from '../lib/hash.ts';

export const KINDS = ['detection', 'correlation', 'absence'] as const;
export type Kind = (typeof KINDS)[number];

export interface Scaffold {
  readonly name: string;
  readonly kind: Kind;
  /** What the rule looks for; one that `canScaffold` accepts. */
  readonly action: string;
  /** Milliseconds since 1970: the date of the rule, and what makes its ids new. */
  readonly now: number;
  /** From the folder of the rule to the schemas. */
  readonly schemas: string;
}

/** Whether one record alone tells an action, so that a timeline of it can be made up; for absence, whether an account writes it. */
export function canScaffold(action: string, kind: Kind): boolean {
  if (action === 'cosmosdb.container.write') return false; // becomes create or update before a rule sees it
  if (kind !== 'absence') return action === SETTING || operationOf(action) !== null;
  if (action.startsWith('cosmosdb.client.')) return false; // takes days of requests
  return action.startsWith('cosmosdb.') && action !== SETTING && action !== 'cosmosdb.account.delete';
}

const SETTING = 'cosmosdb.account.setting_changed';

/** A rule and its timeline, ready to be linted and tested. The texts in it say what to write in their place. */
export function scaffold(wanted: Scaffold): { readonly rule: string; readonly timeline: string } {
  return {
    rule: `${ruleHead(wanted, 'rule')}${ruleOf(wanted)}`,
    timeline: `${ruleHead(wanted, 'timeline')}${timelineOf(wanted)}`,
  };
}

function ruleHead({ schemas }: Scaffold, schema: 'rule' | 'timeline'): string {
  return `# yaml-language-server: $schema=${schemas}/${schema}.schema.json\n`;
}

function ruleOf(wanted: Scaffold): string {
  switch (wanted.kind) {
    case 'detection':
      return `${metaOf(wanted)}${sourceOf(wanted)}${aboutOf(wanted)}fold: # hits of the same account and actor, at most an hour apart, are one alert
  by: [cosmosdb.account, actor.id]
  gap: 1h
`;
    case 'correlation':
      return `${baseOf(wanted)}---
${metaOf(wanted)}correlation:
  type: event_count
  rules:
    - ${wanted.name}_base
  group-by:
    - ${groupOf(wanted)}
  timespan: 10m
  condition:
    gte: 5
${aboutOf(wanted)}`;
    case 'absence':
      return `${baseOf(wanted)}---
${metaOf(wanted)}correlation: # less than one in four hours: silence
  type: event_count
  rules:
    - ${wanted.name}_base
  group-by:
    - cosmosdb.account
  timespan: 4h
  condition:
    lt: 1
${aboutOf(wanted)}`;
  }
}

function metaOf(wanted: Scaffold): string {
  return `title: ${titleOf(wanted.name)}
id: ${uuidOf(wanted, wanted.name)}
name: ${wanted.name}
status: experimental
description: >
  Say here what happened, in one or two sentences that somebody understands who was woken by it.
references:
  - https://learn.microsoft.com/azure/cosmos-db/
author: your team
date: ${dateOf(wanted)}
tags: # what it serves, and how: https://attack.mitre.org
  - attack.impact
`;
}

/** The rule that a correlation counts. */
function baseOf(wanted: Scaffold): string {
  return `title: ${titleOf(wanted.name)}, what is counted
id: ${uuidOf(wanted, `${wanted.name}_base`)}
name: ${wanted.name}_base
status: experimental
description: Only counted, see below.
author: your team
date: ${dateOf(wanted)}
${sourceOf(wanted)}level: informational
`;
}

function sourceOf({ action, kind }: Scaffold): string {
  const outcome = kind === 'absence' ? '' : '    event.outcome: success\n';
  return `logsource:
  product: azure
  service: cosmosdb
detection:
  selection:
    event.action: ${action}
${outcome}  condition: selection
`;
}

function aboutOf({ kind }: Scaffold): string {
  return `falsepositives:
  - Say here what else looks like it and is harmless
level: medium
impact: >
  Say here why it matters, and what happens if nobody looks.
mitigation:
  - text: ${kind === 'absence' ? 'See whether the account is in use.' : 'Ask {actor} whether this was them.'}
  - text: See who else touched the account around that time.
    command: az monitor activity-log list --resource-id {id} --start-time {since}
`;
}

function groupOf({ action }: Scaffold): string {
  return action.startsWith('cosmosdb.') ? 'cosmosdb.account' : 'actor.id';
}

/** `keys_replaced` -> `Keys replaced`. */
function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function dateOf({ now }: Scaffold): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** An id that no other rule has: of its name and the millisecond in which it was made. Version 8: made by a rule of our own. */
function uuidOf({ now }: Scaffold, name: string): string {
  const digits = identity('new rule', name, now);
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-8$3-a$4-$5');
}

const ACCOUNT =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/{account}';

function timelineOf(wanted: Scaffold): string {
  const known = operationOf(wanted.action);
  const operation = known ?? { family: 'ActivityLog', name: 'microsoft.documentdb/databaseaccounts/write', type: null };
  return `rule: ${wanted.name}
defaults: # of the words in braces below; {n} is the number of the record, {time} its time
  account: orders
  ${operation.family === 'ActivityLog' ? 'status: Success' : 'code: "200"'}
templates:
  record:
${templateOf(operation, wanted.action)}cases:
${casesOf(wanted, operation.family === 'ActivityLog' ? 'status: Failure' : 'code: "403"')}`;
}

function casesOf({ kind }: Scaffold, refused: string): string {
  switch (kind) {
    case 'detection':
      return `  - name: one is an alert
    records:
      - { at: 0, record: {} }
    alerts:
      - { at: 0, level: medium, count: 1 }
  - name: a refused attempt is none
    records:
      - { at: 0, record: { ${refused} } }
    alerts: []
`;
    case 'correlation':
      return `  - name: five within ten minutes are an alert, from the fifth on
    records:
      - { at: 0, repeat: 5, every: 1m, record: {} }
    alerts:
      - { at: 4m, level: medium, count: 5 }
  - name: four are none, and neither is a fifth that comes later
    records:
      - { at: 0, repeat: 4, every: 1m, record: {} }
      - { at: 20m, record: {} }
    alerts: []
`;
    case 'absence':
      return `  - name: a second more than four hours is silence
    records:
      - { at: 0, record: {} }
      - { at: 14401s, record: {} }
    alerts:
      - { at: 14401s, level: medium, count: 0, account: orders }
  - name: four hours are none
    records:
      - { at: 0, record: {} }
      - { at: 4h, record: {} }
    alerts: []
`;
  }
}

function templateOf(operation: Operation, action: string): string {
  switch (operation.family) {
    case 'ActivityLog':
      return armTemplate(operation.name, action);
    case 'DataPlaneRequests':
      return `    time: "{time}"
    resourceId: ${ACCOUNT}
    category: DataPlaneRequests
    operationName: ${operation.name}
    properties:
      activityId: 20000000-0000-0000-0000-0000000000{n}
      requestResourceType: ${operation.type}
      statusCode: "{code}"
      clientIpAddress: 198.51.100.23
      keyType: PrimaryMasterKey
      databaseName: shop
      collectionName: carts{n}
`;
    case 'AuditEvent':
      return `    time: "{time}"
    resourceId: /subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.KeyVault/vaults/kv-shop
    category: AuditEvent
    operationName: ${operation.name}
    correlationId: 10000000-0000-0000-0000-0000000000{n}
    callerIpAddress: 198.51.100.23
    identity:
      claim:
        http://schemas.microsoft.com/identity/claims/objectidentifier: 30000000-0000-0000-0000-000000000001
        upn: ann@contoso.example
    properties:
      id: https://kv-shop.vault.azure.net/keys/orders-key{n}
      httpStatusCode: "{code}"
`;
    case 'ControlPlaneRequests':
      return `    time: "{time}"
    resourceId: ${ACCOUNT}
    category: ControlPlaneRequests
    operationName: ${operation.name}Complete
    properties:
      activityId: 20000000-0000-0000-0000-0000000000{n}
      httpstatusCode: "{code}"
`;
  }
}

function armTemplate(name: string, action: string): string {
  const body =
    action === SETTING
      ? `\n      requestbody: '{"properties":{"ipRules":[{"ipAddressOrRange":"203.0.113.{n}"}]}}'`
      : '';
  return `    time: "{time}"
    resourceId: ${resourceOf(name)}
    operationName: ${name}
    category: Administrative
    resultType: "{status}"
    correlationId: 10000000-0000-0000-0000-0000000000{n}
    callerIpAddress: 198.51.100.23
    identity:
      claims:
        http://schemas.microsoft.com/identity/claims/objectidentifier: 30000000-0000-0000-0000-000000000001
        http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn: ann@contoso.example
        idtyp: user
    properties:
      eventCategory: Administrative${body}
`;
}

/** A resource of the type that an operation is about, below the account if it is one of Cosmos DB's own. */
function resourceOf(operation: string): string {
  const [provider = '', first = '', ...rest] = operation.split('/');
  const children = rest.slice(0, rest.at(-1) === 'action' ? -2 : -1);
  const below = children.map((type) => `/${type}/${type}{n}`).join('');
  if (provider === 'microsoft.documentdb') return `${ACCOUNT}${below}`;
  const isOnAccount = provider === 'microsoft.authorization' || provider === 'microsoft.insights';
  const parent = isOnAccount ? ACCOUNT : ACCOUNT.slice(0, ACCOUNT.indexOf('/providers/'));
  return `${parent}/providers/${provider}/${first}/${first}{n}${below}`;
}
