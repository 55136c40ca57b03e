import { z } from 'zod';
import { deliveryItem, SCOPES, sourceStatus, subscription } from './base.ts';

/*
 * Accounts, rules, sources and receivers, and what one of them is in full, for the pages of the console and for programs that want the same. The rules of
 * `base.ts` hold here too.
 */

const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();
const map = <T extends z.ZodType>(of: T) => z.record(z.string(), of).readonly();
const text = (most: number) => z.string().trim().min(1).max(most);
const instant = z.string().meta({ format: 'date-time' });
const technique = z.object({ tactic: z.string(), technique: z.string() }).readonly();
const LEVEL_WORDS = ['informational', 'low', 'medium', 'high', 'critical'] as const;

/** Bytes of a rule file, or of its timeline. */
export const MOST_RULE_TEXT = 30_000;

// Rules and accounts ----------------------------------------------------------------------------------------------------------------

export const ruleItem = z
  .object({
    id: z.string(),
    name: z.string(),
    title: z.string(),
    level: z.enum(LEVEL_WORDS),
    description: z.string(),
    attack: list(technique),
    isActive: z.boolean(),
    whyNot: z.string().nullable().meta({ description: 'The reason that was given for switching it off' }),
    parameters: list(z.object({ name: z.string(), value: z.number(), default: z.number(), description: z.string() })),
    file: z.string().meta({ description: 'Where it stands; `rules/...`: it came with cosmowatch' }),
    hits: list(z.int()).meta({ description: 'Alerts that opened on each of the last 30 days, the oldest first' }),
    canFireOn: z.int().meta({ description: 'Accounts of whose logs it can find something' }),
    cases: z.int().nullable().meta({ description: 'Cases of the timeline beside it; null: it has none' }),
  })
  .meta({ id: 'Rule' });
export type RuleItem = z.infer<typeof ruleItem>;
export const rulesList = z.object({ items: list(ruleItem) }).meta({ id: 'RuleList' });

export const accountItem = z
  .object({
    id: z.string().meta({ description: 'Lower-case ARM id' }),
    name: z.string(),
    subscription: z.string().nullable(),
    isExpected: z.boolean().meta({ description: 'Named in the configuration: its silence is an alert' }),
    firstSeen: instant.nullable(),
    lastSeen: instant.nullable(),
    openAlerts: z.int(),
    worst: z
      .object({
        id: z.string(),
        level: z.enum(LEVEL_WORDS),
        title: z.string(),
        reason: z.string(),
        firstSeen: instant,
      })
      .nullable()
      .meta({ description: 'The open alert of the highest level; of several the newest' }),
    logs: list(
      z.object({
        family: z.string(),
        lastRecord: instant.meta({ description: 'When what its newest record tells happened' }),
        records: list(z.int()).meta({ description: 'Of each 3 hours of the last 7 days, the oldest first' }),
      }),
    ),
    rules: z.object({ can: z.int(), partly: z.int(), cannot: z.int(), off: z.int() }).meta({
      description: 'How many rules can find something in its logs',
    }),
    blindSpots: list(z.string()).meta({ description: 'What cannot be seen of it; sentences' }),
  })
  .meta({ id: 'Account' });
export type AccountItem = z.infer<typeof accountItem>;
export const accountsList = z.object({ items: list(accountItem) }).meta({ id: 'AccountList' });

// One account ------------------------------------------------------------------------------------------------------------------------

export const ruleOnAccount = z
  .object({
    rule: z.string(),
    title: z.string(),
    level: z.enum(LEVEL_WORDS),
    state: z.enum(['can', 'partly', 'cannot', 'off']),
    why: z.string(),
    cure: z.string().nullable(),
    command: z.string().nullable().meta({ description: 'Does it, with the names of this account filled in' }),
  })
  .meta({ id: 'RuleOnAccount' });
export type RuleOnAccount = z.infer<typeof ruleOnAccount>;

export const accountDetail = z
  .object({
    ...accountItem.shape,
    hours: list(
      z.object({
        family: z.string(),
        firstRecord: instant.meta({ description: 'Of what is kept' }),
        lastRecord: instant,
        records: list(z.int()).meta({ description: 'Of each hour of the last 7 days, the oldest first' }),
      }),
    ),
    hoursFrom: instant.meta({ description: 'Start of the first of these hours' }),
    coverage: list(ruleOnAccount),
    actors: list(
      z.object({
        id: z.string().nullable(),
        name: z.string().nullable(),
        type: z.string(),
        appName: z.string().nullable(),
        addresses: list(z.string()),
        firstSeen: instant,
        lastSeen: instant,
        actions: list(z.object({ action: z.string(), count: z.int() })).meta({ description: 'Most frequent first' }),
      }),
    ).meta({ description: 'Of the newest control-plane records, those that came last first' }),
    clients: list(
      z.object({
        client: z.string().meta({ description: 'Id of the actor, else address' }),
        firstSeen: instant,
        lastSeen: instant,
        requests: z.number(),
        bytes: z.number(),
      }),
    ).meta({ description: 'Who sent requests, by key figures' }),
    keyReads: list(
      z.object({
        name: z.string().meta({ description: 'Who read keys or connection strings' }),
        addresses: list(z.string()),
        action: z.string(),
        count: z.int(),
        firstSeen: instant,
        lastSeen: instant,
      }),
    ),
    settings: list(z.object({ name: z.string(), value: z.unknown() })).meta({
      description: 'How it stands, as far as logs and inventories tell',
    }),
    isBounded: z.boolean().meta({ description: 'It has more control-plane records than were looked at' }),
  })
  .meta({ id: 'AccountDetail' });
export type AccountDetail = z.infer<typeof accountDetail>;

// One rule ---------------------------------------------------------------------------------------------------------------------------

const diagnostic = z
  .object({
    severity: z.enum(['info', 'warning', 'error']),
    code: z.string(),
    line: z.int().meta({ description: 'From 1; 0: it is about the whole file' }),
    column: z.int(),
    length: z.int(),
    message: z.string(),
    hint: z.string().nullable(),
  })
  .meta({ id: 'RuleDiagnostic' });
export type RuleDiagnosticItem = z.infer<typeof diagnostic>;

export const ruleDetail = z
  .object({
    ...ruleItem.shape,
    text: z.string().meta({ description: 'The file that it stands in' }),
    timeline: z.object({ file: z.string(), text: z.string() }).nullable(),
    status: z.string(),
    meaning: z.string().meta({ description: 'What it asks for, as `rules explain` prints it' }),
    impact: list(z.string()),
    mitigation: list(z.string()),
    falsePositives: list(z.string()),
    published: list(z.object({ tactic: z.string(), technique: z.string() })),
    families: list(z.string()).meta({ description: 'The logs in which it can find something' }),
    accounts: list(ruleOnAccount.omit({ rule: true, title: true, level: true }).extend({ account: z.string() })),
  })
  .meta({ id: 'RuleDetail' });
export type RuleDetail = z.infer<typeof ruleDetail>;

const ruleText = z.string().max(MOST_RULE_TEXT).meta({ description: 'A file of rules' });
const replaced = text(200).nullable().default(null).meta({ description: 'The rule whose file it takes the place of' });

export const lintRequest = z.strictObject({ rule: replaced, text: ruleText });
export const lintAnswer = z
  .object({ rules: list(z.string()), diagnostics: list(diagnostic) })
  .meta({ id: 'RuleLint', description: 'The rules that the text holds, and what is wrong with it' });
export type LintAnswer = z.infer<typeof lintAnswer>;

export const ruleTestRequest = z.strictObject({
  rule: replaced,
  text: ruleText,
  timeline: z.string().max(MOST_RULE_TEXT).nullable().default(null).meta({ description: 'null: the one beside it' }),
});
export const ruleTestAnswer = z
  .object({
    mistakes: list(z.string()).meta({ description: 'Why nothing could be run' }),
    cases: list(
      z.object({
        name: z.string(),
        line: z.int().meta({ description: 'Of the timeline' }),
        passed: z.boolean(),
        expected: z.int().meta({ description: 'Alerts' }),
        differences: list(z.string()),
      }),
    ),
  })
  .meta({ id: 'RuleTest' });
export type RuleTestAnswer = z.infer<typeof ruleTestAnswer>;

export const backtestRequest = z.strictObject({
  rule: replaced,
  text: ruleText,
  since: text(40).default('30d').meta({ description: 'ISO 8601, or how long ago' }),
});

const backtestAlert = z.object({
  rule: z.string(),
  level: z.enum(LEVEL_WORDS),
  account: z.string().nullable(),
  firstSeen: instant,
  lastSeen: instant,
  count: z.int(),
  reason: z.string(),
  verdict: z.string().nullable().meta({ description: 'What people called the stored alert of the same time' }),
  was: z.enum(LEVEL_WORDS).nullable().meta({ description: 'Its level by the rule as it runs, where it differs' }),
});

export const backtestAnswer = z
  .object({
    mistakes: list(z.string()).meta({ description: 'Why nothing could be tried' }),
    from: instant.nullable(),
    to: instant.nullable(),
    events: z.int(),
    before: z.int().meta({ description: 'Alerts of the rule as it runs' }),
    after: z.int(),
    same: list(backtestAlert),
    added: list(backtestAlert),
    removed: list(backtestAlert),
    cannot: list(z.string()).meta({ description: 'What could not be tried, and why' }),
  })
  .meta({ id: 'Backtest', description: 'A rule as it runs against another text, over stored control-plane records' });
export type BacktestAnswer = z.infer<typeof backtestAnswer>;

// Sources ----------------------------------------------------------------------------------------------------------------------------

export const intakeItem = z
  .object({
    ...sourceStatus.shape,
    rates: list(z.int()).meta({ description: 'Records of each quarter of an hour of the last day, the oldest first' }),
    perSecond: z.number().meta({ description: 'Over the last quarter of an hour' }),
    leftOut: list(
      z.object({
        code: z.string(),
        what: z.string(),
        count: z.int(),
        example: z.string().meta({ description: 'Why the last one was left out; no values of it' }),
        lastAt: instant,
      }),
    ).meta({ description: 'Since the start, the most frequent first' }),
    troubles: list(z.object({ at: instant, why: z.string() })).meta({ description: 'Newest first' }),
  })
  .meta({ id: 'Intake' });
export type IntakeItem = z.infer<typeof intakeItem>;
export const intakeList = z.object({ items: list(intakeItem) }).meta({ id: 'IntakeList' });

export const setupQuery = z.strictObject({
  account: text(1000).meta({ description: 'ARM id' }),
  transport: z.enum(['event_hubs', 'blob', 'log_analytics', 'activity_log']).default('event_hubs'),
  api: z.enum(['nosql', 'mongodb', 'cassandra', 'gremlin', 'table']).default('nosql'),
  requests: z.enum(['all', 'aggregates', 'none']).default('all'),
});
export const setupAnswer = z
  .object({ files: list(z.object({ name: z.string(), text: z.string() })) })
  .meta({ id: 'Setup', description: 'What `cosmowatch init` writes' });
export type SetupAnswer = z.infer<typeof setupAnswer>;

// Receivers --------------------------------------------------------------------------------------------------------------------------

export interface RouteNode {
  readonly path: string;
  readonly receiver: string | null;
  readonly match: readonly { readonly name: string; readonly patterns: readonly string[] }[];
  readonly groupWaitSeconds: number;
  readonly repeatSeconds: number | null;
  readonly goesOn: boolean;
  readonly routes: readonly RouteNode[];
}

const routeNode: z.ZodType<RouteNode> = z
  .object({
    path: z.string().meta({ description: 'Where it stands in the configuration' }),
    receiver: z.string().nullable().meta({ description: 'null: nobody is told' }),
    match: list(z.object({ name: z.string(), patterns: list(z.string()) })).meta({
      description: 'All must fit; of patterns, one',
    }),
    groupWaitSeconds: z.number(),
    repeatSeconds: z.number().nullable(),
    goesOn: z.boolean().meta({ description: 'The next route is asked too' }),
    get routes(): z.ZodType<readonly RouteNode[]> {
      return list(routeNode);
    },
  })
  .meta({ id: 'RouteNode' });

export const receiverItem = z
  .object({
    name: z.string().meta({ description: 'As routes name it' }),
    entries: list(
      z.object({
        receiver: z.string().meta({ description: 'As deliveries name it: `ops/0`' }),
        type: z.string(),
        state: z.enum(['works', 'fails', 'unused']),
        waiting: z.int(),
        dead: z.int(),
        lastDelivered: instant.nullable(),
        lastFailure: z.object({ at: instant, reason: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Receiver' });
export type ReceiverItem = z.infer<typeof receiverItem>;

export const receiversAnswer = z
  .object({
    routes: routeNode.nullable().meta({ description: 'null: no routes are set, so nobody is told' }),
    flood: z.int().meta({ description: 'More alerts than this in a minute become one message; 0: never' }),
    items: list(receiverItem),
  })
  .meta({ id: 'Receivers' });
export type ReceiversAnswer = z.infer<typeof receiversAnswer>;

export const deliveriesQuery = z.strictObject({
  state: z.enum(['waiting', 'delivered', 'dead', 'summarised', 'grouped', 'superseded']).optional(),
  receiver: text(200).optional().meta({ description: 'A name in `receivers`, or one entry of it: `ops/0`' }),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.coerce.number().int().min(1).optional().meta({ description: '`next` of the page before' }),
});
export const deliveriesPage = z
  .object({
    items: list(
      z.object({
        ...deliveryItem.shape,
        title: z.string().nullable().meta({ description: 'Of its alert; null: it is about several' }),
        account: z.string().nullable(),
        level: z.enum(LEVEL_WORDS),
      }),
    ),
    next: z.int().nullable(),
  })
  .meta({ id: 'DeliveryPage', description: 'Newest first' });
export type DeliveriesPage = z.infer<typeof deliveriesPage>;

export const routingQuery = z.strictObject({
  alert: z.string().regex(/^[0-9a-f]{32}$/),
  level: z.enum(LEVEL_WORDS).optional().meta({ description: 'As if it had this level' }),
});
export const routingAnswer = z
  .object({
    decisions: list(
      z.object({
        receiver: z.string(),
        path: z.string(),
        why: z.string(),
        groupWaitSeconds: z.number(),
        repeatSeconds: z.number().nullable(),
      }),
    ),
    looked: list(z.object({ path: z.string(), matched: z.boolean(), why: z.string() })),
  })
  .meta({ id: 'Routing', description: 'Where an alert would go, and every route that was asked' });
export type RoutingAnswer = z.infer<typeof routingAnswer>;

export const receiverTestRequest = z.strictObject({});
export const receiverTestAnswer = z
  .object({
    items: list(
      z.object({
        receiver: z.string(),
        type: z.string(),
        result: z.enum(['delivered', 'retry', 'rejected']),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ReceiverTest', description: 'What each entry under the name answered' });
export type ReceiverTestAnswer = z.infer<typeof receiverTestAnswer>;

// Tokens and the audit log -----------------------------------------------------------------------------------------------------------

const tokenFields = {
  name: text(100).meta({ description: 'Who uses it: stands in histories and in the audit log' }),
  scopes: list(z.enum(SCOPES)),
  source: z.string().nullable().meta({ description: 'The source that records sent with it belong to' }),
  subscriptions: list(subscription).nullable().meta({ description: 'It sees, and speaks for, these only; null: all' }),
  labels: map(z.string()).meta({ description: 'It sees alerts with these labels only' }),
  expiresAt: instant.nullable(),
};

export const tokenItem = z
  .object({
    id: z.string(),
    ...tokenFields,
    createdAt: instant.nullable().meta({ description: 'null: it stands in the configuration' }),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Token' });
export type TokenItem = z.infer<typeof tokenItem>;
export const tokensList = z.object({ items: list(tokenItem) }).meta({ id: 'TokenList' });

export const tokenRequest = z.strictObject({
  name: tokenFields.name,
  scopes: z.array(z.enum(SCOPES)).min(1).readonly(),
  source: text(100).nullable().default(null),
  subscriptions: z.array(subscription).min(1).max(1000).readonly().nullable().default(null),
  labels: map(z.string()).default({}),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type TokenRequest = z.infer<typeof tokenRequest>;

export const rotateRequest = z.strictObject({
  graceSeconds: z
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(0)
    .meta({ description: 'How long the old value still works' }),
});

export const newToken = z
  .object({ ...tokenItem.shape, token: z.string().meta({ description: 'Shown this once' }) })
  .meta({ id: 'NewToken' });

export const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.coerce.number().int().min(1).optional().meta({ description: '`seq` of the last entry that was seen' }),
});
export const auditPage = z
  .object({
    items: list(
      z.object({
        seq: z.int(),
        at: instant,
        by: z.string(),
        action: z.string(),
        target: z.string().nullable(),
        outcome: z.enum(['asked', 'failed']),
        detail: map(z.unknown()),
        hash: z.string().meta({ description: 'Over this entry and the hash of the one before' }),
      }),
    ),
  })
  .meta({ id: 'AuditPage', description: 'Newest first' });

// Settings ---------------------------------------------------------------------------------------------------------------------------

export const about = z
  .object({
    version: z.string(),
    node: z.string(),
    licence: z.string(),
    startedAt: instant,
    externalUrl: z.string().nullable(),
    rules: z.int(),
    store: z.object({ bytes: z.int(), schema: z.int().meta({ description: 'Its version' }) }),
    retention: list(
      z.object({
        what: z.string(),
        seconds: z.int(),
        key: z.string().nullable().meta({ description: 'Of the configuration; null: it cannot be set' }),
      }),
    ),
    mostBytes: z.int().nullable().meta({ description: 'Past it the oldest go; null: never' }),
  })
  .meta({ id: 'About' });
export type About = z.infer<typeof about>;

export const verifyQuery = z.strictObject({
  seq: z.coerce.number().int().min(1).optional().meta({ description: 'Of an entry that was noted before' }),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .meta({ description: 'Of the same entry: then rows cut off at the end are found too' }),
});
export const verifyAnswer = z
  .object({
    isIntact: z.boolean(),
    rows: z.int().nullable(),
    head: z
      .object({ seq: z.int(), hash: z.string() })
      .nullable()
      .meta({ description: 'Note it, to give it next time' }),
    brokenAt: z.int().nullable(),
    why: z.string().nullable(),
  })
  .meta({ id: 'AuditVerdict' });
export type VerifyAnswer = z.infer<typeof verifyAnswer>;
