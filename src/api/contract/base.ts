import { z } from 'zod';

/*
 * What the HTTP API takes and gives. Nothing else of cosmowatch is known here: the OpenAPI document, the routes, the command line and the
 * console are made from these shapes. Bodies and queries are strict (a field that is not known is refused); answers may grow.
 */

const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();
const map = <T extends z.ZodType>(of: T) => z.record(z.string(), of).readonly();
const text = (most: number) => z.string().trim().min(1).max(most);

/** ISO 8601 in UTC. */
const instant = z.string().meta({ format: 'date-time' });
export const subscription = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const anyJson = z.unknown();

export const ALERT_STATUSES = ['open', 'acknowledged', 'resolved'] as const;
export const VERDICT_WORDS = ['true', 'benign', 'false'] as const;
const LEVEL_WORDS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
const LEVELS_TEXT = /^(informational|low|medium|high|critical)(,(informational|low|medium|high|critical))*$/;

/** What a token may be used for. `logs`: send records; `read`: see; `act`: change alerts; `admin`: tokens and the audit log. */
export const SCOPES = ['logs', 'read', 'act', 'admin'] as const;
export type TokenScope = (typeof SCOPES)[number];

export const problem = z
  .object({
    code: z
      .string()
      .meta({ description: 'Stable; docs/reference/errors.md says what it means', examples: ['CW-6005'] }),
    message: z.string().meta({ description: 'What is wrong' }),
    cure: z.string().nullable().meta({ description: 'What to do about it' }),
  })
  .meta({ id: 'Problem', description: 'Why a request was refused' });
export type Problem = z.infer<typeof problem>;

// Logs -------------------------------------------------------------------------------------------------------------------------------

export const receipt = z
  .object({
    accepted: z.int(),
    rejected: list(z.object({ index: z.int(), code: z.string(), reason: z.string() })),
  })
  .meta({ id: 'Receipt', description: 'Given when everything that the records changed is durable' });

// Alerts -----------------------------------------------------------------------------------------------------------------------------

const technique = z.object({ tactic: z.string(), technique: z.string() }).readonly();

const alertFields = {
  id: z.string().meta({ description: 'Given when it first opened, never changes; 32 hex digits' }),
  settledId: z.string(),
  rule: z.string(),
  ruleId: z.string(),
  title: z.string(),
  level: z.enum(LEVEL_WORDS),
  status: z.enum(ALERT_STATUSES),
  resolution: z.string().nullable().meta({ description: 'null, ended, manual, retracted or merged:<id>' }),
  account: z.string().nullable().meta({ description: 'Lower-case ARM id' }),
  key: map(anyJson),
  firstSeen: instant,
  lastSeen: instant,
  count: z.int(),
  actors: list(
    z
      .object({
        id: z.string().nullable(),
        name: z.string().nullable(),
        type: z.string(),
        appId: z.string().nullable(),
        appName: z.string().nullable(),
      })
      .readonly(),
  ),
  caller: z.enum(['exact', 'likely', 'unknown']).nullable(),
  sourceIps: list(z.string()),
  targets: list(z.string()),
  changes: list(
    z
      .object({
        property: z.string(),
        before: anyJson,
        after: anyJson,
        effect: z.string(),
        exposure: z.string().nullable(),
      })
      .readonly(),
  ),
  attack: list(technique),
  published: list(technique),
  evidence: list(
    z.object({ id: z.string(), time: instant, family: z.string(), action: z.string(), outcome: z.string() }).readonly(),
  ),
  reason: z.string().meta({ description: 'One sentence that stands alone' }),
  routine: z.string().nullable().meta({ description: 'Id of the routine that it is part of; its level is low then' }),
  story: z
    .string()
    .nullable()
    .meta({ description: 'Id of the first alert of its story; null: it shares its actors with no other' }),
  inhibitedBy: z
    .string()
    .nullable()
    .meta({ description: 'Id of a stronger alert of its story; null: it is told by itself' }),
  levelReason: z.string().nullable().meta({ description: 'What tuning says of its level' }),
};

export const alertItem = z
  .object({
    ...alertFields,
    firsts: list(
      z
        .object({
          kind: z.enum(['actor', 'application', 'address', 'agent', 'asn']),
          value: z.string(),
          days: z.int(),
        })
        .readonly(),
    ).meta({ description: 'Who and what of it was at the account for the first time in so many days' }),
    assignee: z.string().nullable(),
    verdict: z.enum(VERDICT_WORDS).nullable(),
    comments: list(z.object({ at: instant, by: z.string(), text: z.string() })),
    history: list(z.object({ at: instant, what: z.string(), by: z.string().nullable(), why: z.string() })).meta({
      description: 'Oldest first; by: null is cosmowatch itself',
    }),
    exception: z.string().nullable().meta({ description: 'Name of the exception that hides it; null: none does' }),
    silencedBy: z.string().nullable().meta({ description: 'Name of the silence that keeps it back now' }),
    silencedUntil: instant.nullable(),
  })
  .meta({ id: 'Alert', description: 'An alert as `scan` prints it, and what became of it' });
export type AlertItem = z.infer<typeof alertItem>;

export const MOST_ALERTS = 500;

export const alertsQuery = z.strictObject({
  rule: text(200).optional().meta({ description: 'Name or id of a rule' }),
  status: z
    .string()
    .regex(/^(open|acknowledged|resolved)(,(open|acknowledged|resolved))*$/)
    .optional()
    .meta({ description: 'One or several, separated by commas', examples: ['open,acknowledged'] }),
  account: text(1000).optional().meta({ description: 'ARM id or name of an account' }),
  story: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .meta({ description: 'Id of a story: of its first alert' }),
  level: z
    .string()
    .regex(LEVELS_TEXT)
    .optional()
    .meta({ description: 'One or several, separated by commas', examples: ['critical,high'] }),
  actor: text(300).optional().meta({ description: 'Name or id of somebody who did it' }),
  ip: text(64).optional().meta({ description: 'An address that it came from' }),
  assignee: text(200).optional().meta({ description: 'Whose it is' }),
  q: text(200).optional().meta({ description: 'A part of its title or of its sentence, in any case' }),
  since: text(40)
    .optional()
    .meta({ description: 'Alerts that were last seen at or after it: ISO 8601, or how long ago', examples: ['24h'] }),
  excepted: z
    .enum(['yes', 'no', 'only'])
    .default('no')
    .meta({ description: 'Those that an exception hides: with them, without, or nothing else' }),
  limit: z.coerce.number().int().min(1).max(MOST_ALERTS).default(50),
  cursor: z
    .string()
    .regex(/^[\w-]{1,512}$/)
    .optional()
    .meta({ description: '`next` of the page before' }),
});

export const alertsPage = z
  .object({ items: list(alertItem), next: z.string().nullable().meta({ description: 'null: this is the last page' }) })
  .meta({ id: 'AlertPage', description: 'Newest first, by when they were last seen' });

const comment = text(4000).optional().meta({ description: 'Kept with the alert' });

/** The body of `POST /api/v1/alerts/ID/<name>`, for each thing that people do to an alert. */
export const alertActions = {
  acknowledge: z.strictObject({ comment }),
  resolve: z.strictObject({ comment, verdict: z.enum(VERDICT_WORDS).optional() }),
  reopen: z.strictObject({ comment }),
  comment: z.strictObject({ text: text(4000) }),
  assign: z.strictObject({ assignee: text(200).nullable().meta({ description: 'null: nobody' }) }),
  verdict: z.strictObject({ verdict: z.enum(VERDICT_WORDS), comment }),
} as const;
export type AlertActionName = keyof typeof alertActions;
export type AlertActionBody<Name extends AlertActionName> = z.infer<(typeof alertActions)[Name]>;

export const alertAdvice = z
  .object({
    impact: z.string().meta({ description: 'Why it matters' }),
    steps: list(z.object({ text: z.string(), command: z.string().nullable() })).meta({
      description: 'What to do, with commands where there are some, filled in with the names of this alert',
    }),
  })
  .meta({ id: 'Advice' });
export type AlertAdvice = z.infer<typeof alertAdvice>;

export const deliveryItem = z
  .object({
    id: z.int(),
    alert: z.string(),
    kind: z.string().meta({ description: 'What was told: opened, amended, resolved, ...' }),
    receiver: z.string(),
    state: z.enum(['waiting', 'delivered', 'dead', 'summarised', 'grouped', 'superseded']),
    queuedAt: instant,
    dueAt: instant.meta({ description: 'Of one that waits: when it is tried next' }),
    attempts: list(z.object({ attempt: z.int(), at: instant, result: z.string(), reason: z.string().nullable() })),
  })
  .meta({ id: 'Delivery' });
export type DeliveryItem = z.infer<typeof deliveryItem>;
export const deliveriesList = z.object({ items: list(deliveryItem) }).meta({ id: 'DeliveryList' });
export const deadQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });
export const replayRequest = z.strictObject({
  ids: z.array(z.int().min(1)).min(1).max(1000).readonly().meta({ description: 'Of dead messages' }),
});
export const replayAnswer = z.object({ waiting: z.int() }).meta({ id: 'Replay', description: 'So many wait again' });

// The service ------------------------------------------------------------------------------------------------------------------------

export const sourceStatus = z
  .object({
    name: z.string(),
    type: z.string(),
    labels: map(z.string()),
    state: z.enum(['starting', 'running', 'retrying', 'failed']),
    why: z.string().nullable().meta({ description: 'Why it is not running; without secrets' }),
    lagSeconds: z.number().nullable().meta({ description: 'Behind its transport; null: not known' }),
    progress: instant.nullable().meta({ description: 'Everything up to then has been read; null: not known' }),
    lastRecordAt: instant.nullable().meta({ description: 'When its last record came in' }),
    accepted: z.int().meta({ description: 'Records since the start' }),
    rejected: z.int(),
  })
  .meta({ id: 'Source' });
export type SourceStatus = z.infer<typeof sourceStatus>;

export const status = z
  .object({
    version: z.string(),
    startedAt: instant,
    ready: z.boolean(),
    why: z.string().nullable().meta({ description: 'Why it is not ready' }),
    sources: list(sourceStatus),
    alerts: z.object({ open: z.int(), acknowledged: z.int(), resolved: z.int() }),
    records: z.object({ accepted: z.int(), rejected: z.int() }),
    accounts: z.int(),
    rules: z.object({ active: z.int(), disabled: z.int() }),
    store: z.object({ bytes: z.int(), events: z.int() }),
    queue: z.object({ batches: z.int(), bytes: z.int() }).meta({ description: 'What waits to be committed' }),
    deliveries: z.object({ waiting: z.int(), dead: z.int() }),
    refused: list(z.object({ path: z.string(), why: z.string() })).meta({
      description:
        'Exceptions, silences and calendars of the configuration that are not in force, because of a mistake',
    }),
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof status>;

export const sourcesList = z.object({ items: list(sourceStatus) }).meta({ id: 'SourceList' });

// Key figures ------------------------------------------------------------------------------------------------------------------------

export const MOST_POINTS = 2016;

export const figuresQuery = z.strictObject({
  account: text(1000).meta({ description: 'ARM id' }),
  since: text(40).default('24h').meta({ description: 'ISO 8601, or how long ago' }),
  until: text(40).optional().meta({ description: 'The same; default: now' }),
  step: text(10).default('5m').meta({ description: 'A whole number of minutes; 2016 steps at most' }),
  operation: text(256).optional(),
  container: text(600).optional().meta({ description: 'database/container' }),
  client: text(256).optional().meta({ description: 'Id of the actor, else address' }),
});

const figurePoint = z
  .object({
    at: instant.meta({ description: 'Start of the step' }),
    requests: z.number(),
    errors: z.number().meta({ description: 'Answered with a failure, throttled ones included' }),
    throttled: z.number(),
    units: z.number().meta({ description: 'Request units' }),
    bytes: z.number(),
    durations: z
      .object({ p50: z.number(), p95: z.number(), p99: z.number() })
      .nullable()
      .meta({ description: 'Milliseconds; null: no request was logged by itself' }),
  })
  .meta({ id: 'FigurePoint' });
export type FigurePoint = z.infer<typeof figurePoint>;

export const figuresAnswer = z
  .object({ step: z.int().meta({ description: 'Seconds' }), items: list(figurePoint) })
  .meta({ id: 'Figures', description: 'Oldest first; steps without requests are left out' });

export const rateAnswer = z
  .object({
    around: z.number().meta({ description: 'Requests a minute in the quarter of an hour around it' }),
    usual: z.number().nullable().meta({ description: 'Requests a minute at that hour before; null: not known' }),
    days: z.int().meta({ description: 'How many days that were' }),
    factor: z.number().nullable().meta({ description: '`around` of `usual`' }),
  })
  .meta({ id: 'Rate' });
export type Rate = z.infer<typeof rateAnswer>;

// Drills and health -------------------------------------------------------------------------------------------------------------------

export const done = z.object({ done: z.literal(true) }).meta({ id: 'Done' });

export const drillRequest = z.strictObject({ rule: text(200).meta({ description: 'Name or id of an active rule' }) });
export const drillAnswer = z
  .object({
    rule: z.string(),
    name: z.string().meta({ description: 'What the records show' }),
    account: z.string().meta({ description: 'Name of the made-up account' }),
    records: z.int(),
    alerts: list(alertItem).meta({ description: 'What was raised for it; none: something is wrong' }),
  })
  .meta({ id: 'Drill', description: 'What became of a drill' });
export type DrillAnswer = z.infer<typeof drillAnswer>;

export const health = z
  .object({ status: z.enum(['ok', 'not_ready']), why: z.string().nullable() })
  .meta({ id: 'Health' });

// Live changes -----------------------------------------------------------------------------------------------------------------------

export const liveEvent = z
  .object({ kind: z.string(), why: z.string(), alert: alertItem })
  .meta({ id: 'LiveEvent', description: 'The `data` of an event of the stream; its `event` is `alert`' });

// Routine and memory -----------------------------------------------------------------------------------------------------------------

export const ROUTINE_STATES = ['learning', 'open', 'closed'] as const;

export const routineItem = z
  .object({
    id: z.string().meta({ description: '32 hex digits; `routine` of its alerts' }),
    rule: z.string(),
    ruleId: z.string(),
    account: z.string().meta({ description: 'Lower-case ARM id' }),
    caller: z.object({ id: z.string(), name: z.string() }).readonly(),
    what: map(anyJson).meta({ description: 'The rest of the key of its alerts: a container' }),
    state: z.enum(ROUTINE_STATES).meta({
      description:
        'learning: not yet 3 times on 3 days; open: its alerts are of level low; closed: not repeated in time',
    }),
    count: z.int().meta({ description: 'Alerts in the last 90 days' }),
    days: z.int().meta({ description: 'Different days of them' }),
    hours: list(z.int()).meta({ description: 'Hours of a day in which it is done, UTC' }),
    about: z.string().meta({ description: 'The hours in words', examples: ['about 04:00'] }),
    addresses: list(z.string()).meta({ description: 'From where it is usually done' }),
    applications: list(z.string()).meta({ description: 'With what; ids, or names of clients' }),
    firstSeen: instant,
    lastSeen: instant,
  })
  .meta({ id: 'Routine', description: 'What one caller does to one account again and again' });
export type RoutineItem = z.infer<typeof routineItem>;

export const MOST_ROUTINES = 1000;
export const routinesQuery = z.strictObject({
  account: text(1000).optional().meta({ description: 'ARM id' }),
  state: z.enum(ROUTINE_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_ROUTINES).default(100),
});
export const routinesList = z.object({ items: list(routineItem) }).meta({ id: 'RoutineList' });
export const routineAnswer = z
  .object({
    ...routineItem.shape,
    alerts: list(z.object({ id: z.string(), firstSeen: instant })).meta({ description: 'Newest first, at most 100' }),
  })
  .meta({ id: 'RoutineAnswer' });
export type RoutineAnswer = z.infer<typeof routineAnswer>;

const MEMORY_WORDS = ['actor', 'application', 'address', 'agent', 'asn'] as const;

export const memoryItem = z
  .object({
    account: z.string(),
    kind: z.enum(MEMORY_WORDS),
    value: z.string(),
    name: z.string().meta({ description: 'For people, where the value is an id' }),
    firstSeen: instant,
    lastSeen: instant,
    count: z.int(),
  })
  .meta({ id: 'MemoryItem', description: 'Who or what was seen at an account in the last 90 days' });
export type MemoryItem = z.infer<typeof memoryItem>;

export const memoryQuery = z.strictObject({
  account: text(1000).optional().meta({ description: 'ARM id' }),
  kind: z.enum(MEMORY_WORDS).optional(),
  value: text(500).optional().meta({ description: 'The value or its name, in any case' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const memoryList = z.object({ items: list(memoryItem) }).meta({ id: 'MemoryList', description: 'Newest first' });

export const forgetRequest = z.strictObject({
  kind: z.enum(MEMORY_WORDS),
  value: text(500).meta({ description: 'The value or its name, in any case' }),
  account: text(1000).nullable().default(null).meta({ description: 'ARM id; null: at every account' }),
});
export type ForgetRequest = z.infer<typeof forgetRequest>;
export const forgetAnswer = z
  .object({
    values: z.int().meta({ description: 'So many values are forgotten: they will be new again' }),
    alerts: z.int().meta({ description: 'So many alerts teach routine no more' }),
  })
  .meta({ id: 'Forgotten' });
export type ForgetAnswer = z.infer<typeof forgetAnswer>;
// Who is signed in, and users --------------------------------------------------------------------------------------------------------

export const ROLES = ['viewer', 'analyst', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A role is a set of what tokens may be used for, so a route asks one question, whoever asks. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly TokenScope[]>> = {
  viewer: ['read'],
  analyst: ['read', 'act'],
  admin: SCOPES,
};

/** In it stands `csrf` of the session, with each change that is asked for with the session's cookie. */
export const CSRF_HEADER = 'x-csrf-token';

/** How somebody proves who they are. `config`: with a password of the configuration. */
export const SIGN_IN_METHODS = ['password', 'config', 'oidc', 'demo'] as const;

export const LEAST_PASSWORD = 12;
const MOST_PASSWORD = 1000;
const password = z.string().min(1).max(MOST_PASSWORD);
const newPassword = password.meta({ description: `At least ${LEAST_PASSWORD} characters` });
/** Of a one-time link: what stands behind `#` in it. */
const code = z
  .string()
  .regex(/^[\w-]{1,200}$/)
  .meta({ description: 'What stands behind # in a one-time link' });

const person = z
  .object({
    name: z.string().meta({ description: 'Stands in histories and in the audit log' }),
    email: z.string().nullable(),
    role: z.enum(ROLES),
    method: z.enum(SIGN_IN_METHODS),
  })
  .readonly();
export type Person = z.infer<typeof person>;

export const session = z
  .union([
    z.object({ user: z.null() }),
    z.object({
      user: person,
      csrf: z.string().meta({ description: `Goes into the header ${CSRF_HEADER} of each change` }),
      expires: instant.meta({ description: 'When it ends if nothing is asked until then' }),
    }),
  ])
  .meta({ id: 'Session', description: 'user is null: nobody is signed in' });
export type SessionAnswer = z.infer<typeof session>;

export const ways = z
  .object({
    oidc: z
      .object({ name: z.string().meta({ description: 'Of who is signed in with: Microsoft Entra ID' }) })
      .nullable()
      .meta({ description: 'null: not set up. Else go to /api/v1/session/oidc?to=/the/page' }),
    demo: z.boolean().meta({ description: 'One click signs in: {"demo": true}' }),
    setup: z
      .boolean()
      .meta({ description: 'Nobody can sign in yet: the link in the data folder makes the first admin' }),
  })
  .meta({ id: 'Ways', description: 'How one can sign in, beside name and password' });
export type Ways = z.infer<typeof ways>;

export const sessionRequest = z.strictObject({
  name: text(200).optional(),
  password: password.optional(),
  demo: z.literal(true).optional().meta({ description: 'Alone: signs in to the demo' }),
});

export const oidcQuery = z.strictObject({
  to: text(2000).optional().meta({ description: 'A path of the console that was wanted: /alerts/ID' }),
});

/** What the other side sends back with the browser; it may send more than we ask for. */
export const oidcCallbackQuery = z.record(z.string(), z.string().max(8000));

/**
 * Why signing in with OpenID Connect did not work. The browser is sent to `/sign-in?refused=CODE`, with `to` if a page was wanted; words
 * that the other side sends never stand in an address or on a page.
 */
export const OIDC_REFUSALS = {
  'CW-6019': {
    message: 'Signing in was refused, or its answer could not be used.',
    cure: 'Try again. If it stays so, the log of cosmowatch says what the other side answered.',
  },
  'CW-6020': {
    message: 'You are signed in there, but none of your groups has a role here.',
    cure: 'An admin can give one of your groups a role: sign_in.oidc.groups in the configuration.',
  },
  'CW-6021': {
    message: 'You are in more groups than Entra ID tells.',
    cure: 'Let Entra ID tell only groups that are assigned to the application (Token configuration, groups claim), or use app roles.',
  },
  'CW-6022': {
    message: 'This sign-in was begun too long ago, or in another browser.',
    cure: 'Begin again.',
  },
} as const;
export type OidcRefusal = keyof typeof OIDC_REFUSALS;

export const setupRequest = z.strictObject({
  code,
  name: text(100).meta({ description: 'Of the first admin' }),
  password: newPassword,
});
export const linkPasswordRequest = z.strictObject({ code, password: newPassword });
export const ownPasswordRequest = z.strictObject({
  old: password,
  password: newPassword,
});

const userFields = {
  name: text(100),
  email: z
    .string()
    .trim()
    .max(254)
    .regex(/^[^@\s]+@[^@\s]+$/)
    .nullable(),
  role: z.enum(ROLES),
  subscriptions: list(subscription).nullable().meta({ description: 'They see these only; null: all' }),
  labels: map(z.string()).meta({ description: 'They see alerts with these labels only' }),
};

export const userItem = z
  .object({
    id: z.string(),
    ...userFields,
    email: z.string().nullable(),
    method: z.enum(SIGN_IN_METHODS),
    isDisabled: z.boolean(),
    isInvited: z.boolean().meta({ description: 'A one-time link waits to be used' }),
    createdAt: instant,
    lastSignInAt: instant.nullable(),
    sessions: z.int().meta({ description: 'That have not ended' }),
  })
  .meta({ id: 'User' });
export type UserItem = z.infer<typeof userItem>;
export const usersList = z.object({ items: list(userItem) }).meta({ id: 'UserList' });

const userScope = {
  subscriptions: z.array(subscription).min(1).max(1000).readonly().nullable().default(null),
  labels: map(z.string()).default({}),
};
export const userRequest = z.strictObject({
  name: userFields.name,
  email: userFields.email.default(null),
  role: userFields.role,
  ...userScope,
});
export type UserRequest = z.infer<typeof userRequest>;
export const userRoleRequest = z.strictObject({ role: userFields.role, ...userScope });
export type UserRoleRequest = z.infer<typeof userRoleRequest>;

export const userLink = z
  .object({
    ...userItem.shape,
    link: z.string().meta({ description: 'Where they choose a password, once; shown this once' }),
    linkExpiresAt: instant,
  })
  .meta({ id: 'UserLink' });

// Records of an alert, and what lies around it --------------------------------------------------------------------------------------

export const MOST_RECORDS = 100;

const heldField = z.object({
  field: z.string().meta({ description: 'As the rule names it; a keyword has none: the empty text' }),
  asks: z.string().meta({ description: 'What the rule asks of it', examples: ['event.action: cosmosdb.keys.list'] }),
  values: list(anyJson).meta({ description: 'What the record has there' }),
});

export const alertRecord = z
  .object({
    id: z.string(),
    time: instant,
    family: z.string(),
    action: z.string(),
    outcome: z.string(),
    position: z
      .object({ source: z.string(), line: z.int(), index: z.int() })
      .nullable()
      .meta({ description: 'File or batch, line from 1, and place in a document of several records from 0' }),
    record: map(anyJson)
      .nullable()
      .meta({ description: 'As it came, without what is secret; null: it is not kept, or not any more' }),
    matched: z
      .object({
        rule: z
          .string()
          .meta({ description: 'Name of the rule that asked: the one of the alert, or one that it counts' }),
        alone: z.boolean().meta({
          description:
            'It matches by itself. False: it does with what other records tell, as who acted, or what stood there before',
        }),
        selections: list(z.string()).meta({ description: 'Of the rule, those that hold' }),
        fields: list(heldField).meta({ description: 'Of what the rule asks, what holds' }),
      })
      .nullable()
      .meta({ description: 'null: the record is not kept, or the rule is not there any more' }),
  })
  .meta({ id: 'AlertRecord' });
export type AlertRecord = z.infer<typeof alertRecord>;

export const alertRecords = z
  .object({ items: list(alertRecord) })
  .meta({ id: 'AlertRecords', description: 'The records that an alert names as evidence, oldest first; 100 at most' });

export const MOST_AROUND = 300;
export const AROUND_LANES = ['actor', 'address', 'other'] as const;

export const aroundQuery = z.strictObject({
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(240)
    .default(30)
    .meta({ description: 'So many before the alert was first seen and after it was last seen' }),
});

export const aroundItem = z
  .object({
    at: instant.meta({ description: 'Of requests: the start of the step' }),
    seconds: z
      .int()
      .meta({ description: 'How long the step is: 60, or 3600 where minutes are summed up; 0: one event' }),
    lane: z
      .enum(AROUND_LANES)
      .meta({ description: 'actor: by one of the alert; address: from one of its addresses; other: on its account' }),
    kind: z.enum(['event', 'requests']).meta({ description: 'One event of the control plane, or requests of a step' }),
    log: z.string(),
    action: z.string().meta({ description: 'Of requests: the operation as logged' }),
    outcome: z.string().nullable().meta({ description: 'null: of requests' }),
    account: z.string().nullable(),
    actor: z.string().nullable().meta({ description: 'Name, else id; null: not known, or several' }),
    address: z.string().nullable(),
    target: z.string().nullable().meta({ description: 'Resource id; of requests: database/container' }),
    count: z.int(),
    errors: z.int().meta({ description: 'Of them: answered with a failure' }),
    isEvidence: z.boolean().meta({ description: 'The alert names it as evidence' }),
  })
  .meta({ id: 'AroundItem' });
export type AroundItem = z.infer<typeof aroundItem>;

export const aroundAnswer = z
  .object({
    from: instant,
    until: instant,
    account: z.string().nullable(),
    actors: list(z.string()).meta({ description: 'Whose lane is `actor`' }),
    addresses: list(z.string()),
    requests: z.enum(['kept', 'off', 'hidden']).meta({
      description: 'off: key figures are not taken; hidden: who asks sees some alerts of the account only',
    }),
    items: list(aroundItem).meta({ description: 'Oldest first; 300 of a lane at most' }),
    leftOut: z
      .object({ actor: z.int(), address: z.int(), other: z.int() })
      .meta({ description: 'What more there is in each lane: of requests those steps with the fewest' }),
  })
  .meta({
    id: 'Around',
    description: 'What the actors and addresses of an alert did, and what else happened on its account',
  });
export type Around = z.infer<typeof aroundAnswer>;

// Alerts over time -------------------------------------------------------------------------------------------------------------------

const levelCounts = {
  critical: z.int(),
  high: z.int(),
  medium: z.int(),
  low: z.int(),
  informational: z.int(),
};

export const histogramQuery = z.strictObject({
  since: text(40).default('7d').meta({ description: 'ISO 8601, or how long ago' }),
  until: text(40).optional().meta({ description: 'The same; default: now' }),
  step: text(10).default('3h').meta({ description: 'A whole number of minutes; 2016 steps at most' }),
});

export const histogramAnswer = z
  .object({
    step: z.int().meta({ description: 'Seconds' }),
    from: instant.meta({ description: 'Start of the first step' }),
    until: instant,
    items: list(
      z.object({
        at: instant.meta({ description: 'Start of the step' }),
        ...levelCounts,
        routine: z.int().meta({ description: 'Of patterns that are known; these are in no level' }),
      }),
    ).meta({ description: 'Oldest first; steps without alerts are left out' }),
    open: z.object(levelCounts).meta({ description: 'Of all that are open now, whenever they opened' }),
  })
  .meta({ id: 'AlertHistogram', description: 'How many alerts opened when; retracted and merged ones are left out' });
export type AlertHistogram = z.infer<typeof histogramAnswer>;

// What services of receivers tell back -------------------------------------------------------------------------------------------------

export const signedAnswer = z
  .object({
    taken: z.boolean().meta({ description: 'False: it changes nothing' }),
    why: z.string().meta({ description: 'What was done, or why nothing was' }),
  })
  .meta({ id: 'SignedOutcome' });
export type SignedOutcome = z.infer<typeof signedAnswer>;

// Exceptions, silences, and how an alert was decided ---------------------------------------------------------------------------------

const oneOrMore = z.union([text(1000), z.array(text(1000)).min(1).max(1000).readonly()]);
const tuningName = z.string().regex(/^[A-Za-z][\w.-]{0,62}$/);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const weekly = z
  .array(
    z
      .strictObject({
        days: z
          .array(z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']))
          .min(1)
          .max(7)
          .readonly()
          .optional(),
        from: clockTime.optional(),
        to: clockTime.optional(),
        zone: text(60).optional(),
      })
      .readonly(),
  )
  .min(1)
  .max(50)
  .readonly()
  .meta({ description: 'Hours of days of each week; left out: every day, from midnight to midnight, UTC' });

const matchFields = {
  rule: oneOrMore.optional(),
  account: oneOrMore.optional(),
  subscription: oneOrMore.optional(),
  labels: z.record(text(100), oneOrMore).readonly().optional(),
};
const oneOrMoreLevels = z.union([z.enum(LEVEL_WORDS), z.array(z.enum(LEVEL_WORDS)).min(1).max(5).readonly()]);

export const exceptionSpec = z
  .strictObject({
    match: z
      .strictObject({
        ...matchFields,
        actor: oneOrMore.optional(),
        application: oneOrMore.optional(),
        address: oneOrMore.optional(),
        time: weekly.optional(),
      })
      .readonly()
      .meta({ description: 'What must hold of the whole alert: everything named, of each list one; * is any letters' }),
    owner: text(200),
    reason: text(1000),
    expires: text(40).meta({ description: 'A day or time' }),
  })
  .readonly();
export type ExceptionBody = z.infer<typeof exceptionSpec>;

export const silenceSpec = z
  .strictObject({
    match: z
      .strictObject({ ...matchFields, level: oneOrMoreLevels.optional(), tags: oneOrMore.optional() })
      .readonly()
      .meta({ description: 'As routes say it' }),
    from: text(40).optional(),
    until: text(40).optional().meta({ description: 'A weekly one may go without' }),
    weekly: weekly.optional(),
    owner: text(200),
    reason: text(1000),
  })
  .readonly();
export type SilenceBody = z.infer<typeof silenceSpec>;

const tuningState = {
  origin: z.enum(['config', 'api']).meta({ description: 'Where it was made, and is changed and ended' }),
  isInForce: z.boolean(),
  kept: z.int().meta({ description: 'Alerts that it has kept back so far' }),
  lastKeptAt: instant.nullable(),
  createdBy: z.string().nullable(),
  createdAt: instant.nullable().meta({ description: 'null: it stands in the configuration' }),
  endedAt: instant.nullable().meta({ description: 'When somebody ended it; null: nobody did' }),
};
export const exceptionItem = z
  .object({ name: z.string(), spec: exceptionSpec, ...tuningState })
  .meta({ id: 'Exception' });
export type ExceptionItem = z.infer<typeof exceptionItem>;
export const silenceItem = z
  .object({
    name: z.string(),
    kind: z.enum(['silence', 'calendar']).meta({ description: 'calendar: of alerts about missing logs only' }),
    spec: silenceSpec,
    ...tuningState,
  })
  .meta({ id: 'Silence' });
export type SilenceItem = z.infer<typeof silenceItem>;
export const exceptionsList = z.object({ items: list(exceptionItem) }).meta({ id: 'ExceptionList' });
export const silencesList = z.object({ items: list(silenceItem) }).meta({ id: 'SilenceList' });

export const exceptionRequest = z.strictObject({ name: tuningName, ...exceptionSpec.def.innerType.shape });
export const silenceRequest = z.strictObject({ name: tuningName, ...silenceSpec.def.innerType.shape });

export const tuningPreview = z
  .object({
    asked: z.int().meta({ description: 'Alerts that were looked at: all that are stored' }),
    count: z.int().meta({ description: 'Those of them that it would hide, or keep back' }),
    open: z.int().meta({ description: 'Those that are open now' }),
    alerts: list(
      z.object({
        id: z.string(),
        rule: z.string(),
        level: z.enum(LEVEL_WORDS),
        account: z.string().nullable(),
        firstSeen: instant,
      }),
    ).meta({ description: 'The newest 100 of them' }),
    warnings: list(z.string()),
  })
  .meta({ id: 'TuningPreview' });
export type TuningPreview = z.infer<typeof tuningPreview>;

export const TRAIL_STEPS = [
  'matched',
  'levelled',
  'folded',
  'routine',
  'story',
  'inhibited',
  'excepted',
  'silenced',
  'routed',
  'delivered',
] as const;

export const alertTrail = z
  .object({
    items: list(z.object({ at: instant.nullable(), step: z.enum(TRAIL_STEPS), text: z.string() })).meta({
      description: 'In the order in which it was decided; at: null is as things are now',
    }),
  })
  .meta({ id: 'Trail' });
export type AlertTrail = z.infer<typeof alertTrail>;

// Stories ----------------------------------------------------------------------------------------------------------------------------

export const storyItem = z
  .object({
    id: z.string().meta({ description: 'Of its first alert' }),
    account: z.string().nullable(),
    level: z.enum(LEVEL_WORDS).meta({ description: 'Of its strongest alert' }),
    status: z.enum(ALERT_STATUSES).meta({ description: 'open as long as one of its alerts is' }),
    reason: z.string().meta({ description: 'The sentence of the alert that tells it: the strongest' }),
    firstSeen: instant,
    lastSeen: instant,
    items: list(alertItem).meta({ description: 'Oldest first' }),
  })
  .meta({ id: 'Story', description: 'Alerts of one account that share an actor within a day' });
export type StoryItem = z.infer<typeof storyItem>;
