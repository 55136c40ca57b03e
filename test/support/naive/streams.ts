import fc from 'fast-check';

/**
 * Random streams of raw records over a small world that is full of near misses: accounts whose names begin alike, times at the
 * thresholds, phases missing, copies in other forms, callers who reuse ids.
 */

const SUB = '/subscriptions/00000000-0000-0000-0000-0000000000aa';
const GROUP = `${SUB}/resourceGroups/rg-shop`;
const idOf = (account: string) => `${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/${account}`;
const ACCOUNTS = ['alpha', 'alpha2', 'alpha-2'] as const;
const USERS = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'];
const DB = 'Microsoft.DocumentDB/databaseAccounts';

/** Offsets in seconds: a few places, and just before, at and after what the rules count by. */
const BASES = [0, 60, 7200, 40_000, 100_000];
const STEPS = [0, 1, 2, 3, 59, 599, 600, 601, 899, 900, 901, 3599, 3600, 3601, 14_399, 14_400, 14_401];
const at = fc
  .tuple(fc.constantFrom(...BASES), fc.constantFrom(...STEPS), fc.constantFrom(0, 0, 0, 0.25))
  .map(([base, step, part]) => base + step + part);

const T0 = Date.UTC(2026, 0, 5);
const iso = (seconds: number) => {
  const whole = Math.floor(seconds);
  return `${new Date(T0 + whole * 1000).toISOString().slice(0, 19)}.${Math.round((seconds - whole) * 1e7)
    .toString()
    .padStart(7, '0')}Z`;
};

const account = fc.constantFrom(...ACCOUNTS);
const id = fc.constantFrom('c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8');
const user = fc.constantFrom(...USERS);
const ip = fc.constantFrom('198.51.100.23', '203.0.113.77');

type Status = 'Start' | 'Accept' | 'Success' | 'Failure';
const REST: Record<Status, string> = { Start: 'Started', Accept: 'Accepted', Success: 'Succeeded', Failure: 'Failed' };

interface Arm {
  readonly time: number;
  readonly operation: string;
  readonly resource: string;
  readonly status: Status;
  readonly correlation: string;
  readonly request: string | null;
  readonly user: string;
  readonly ip: string;
  readonly body: object | null;
  readonly method: string;
}

function arm(one: Arm): object {
  const claims = {
    'http://schemas.microsoft.com/identity/claims/objectidentifier': one.user,
    appid: 'app',
    idtyp: 'user',
  };
  const properties = one.body === null ? {} : { requestbody: JSON.stringify(one.body) };
  if (one.request === null) {
    return {
      time: iso(one.time),
      resourceId: one.resource,
      operationName: one.operation,
      category: 'Administrative',
      resultType: one.status,
      callerIpAddress: one.ip,
      correlationId: one.correlation,
      identity: { claims },
      properties,
    };
  }
  return {
    eventTimestamp: iso(one.time),
    resourceId: one.resource,
    operationName: { value: one.operation },
    status: { value: REST[one.status] },
    correlationId: one.correlation,
    claims,
    httpRequest: { clientRequestId: one.request, clientIpAddress: one.ip, method: one.method },
    properties,
  };
}

const RANGES = [[], ['203.0.113.0/24'], ['203.0.113.0/24', '0.0.0.0'], ['203.0.113.0/24', '192.0.2.7'], ['192.0.2.7']];
const ipRules = fc
  .constantFrom(...RANGES)
  .map((ranges) => ({ ipRules: ranges.map((range) => ({ ipAddressOrRange: range })) }));
const properties = fc.oneof(
  { weight: 4, arbitrary: ipRules },
  fc.constantFrom<object>({ publicNetworkAccess: 'Enabled' }, { publicNetworkAccess: 'Disabled' }),
  fc.constantFrom<object>({ isVirtualNetworkFilterEnabled: true }, { isVirtualNetworkFilterEnabled: false }),
  fc.constantFrom<object>({ disableKeyBasedMetadataWriteAccess: true }, { disableKeyBasedMetadataWriteAccess: false }),
  fc
    .constantFrom('Continuous30Days', 'Continuous7Days')
    .map((tier) => ({ backupPolicy: { continuousModeProperties: { tier } } })),
  fc
    .constantFrom('kv-a.vault.azure.net/keys/k', 'kv-b.vault.azure.net/keys/k', 'KV-A.vault.azure.net/keys/k/v1')
    .map((uri) => ({ keyVaultKeyUri: `https://${uri}` })),
);

const phases = fc.constantFrom<Status[]>(
  ['Success'],
  ['Start', 'Success'],
  ['Start', 'Accept'],
  ['Start', 'Accept', 'Success'],
  ['Accept', 'Failure'],
  ['Failure'],
  ['Start'],
  ['Failure', 'Success'],
);
const gap = fc.constantFrom(0, 1, 2, 30);

/** The records of one ARM operation: its phases, as export or REST, sometimes both. */
function operation(
  what: fc.Arbitrary<{ operation: string; resource: string; body: object | null; method: string }>,
): fc.Arbitrary<object[]> {
  return fc
    .record({
      what,
      time: at,
      phases,
      gap,
      correlation: id,
      request: fc.option(id, { nil: null }),
      user,
      ip,
      both: fc.boolean(),
    })
    .map(
      ({
        what: { operation: name, resource, body, method },
        time,
        phases: list,
        gap: apart,
        correlation,
        request,
        both,
        ...who
      }) =>
        list.flatMap((status, index) => {
          const one = {
            time: time + index * apart,
            operation: name,
            resource,
            status,
            // An id is reused by one kind of operation on one resource at most: by those that share this text.
            correlation: `${correlation}`,
            body: index === 0 ? body : null,
            method,
            ...who,
          };
          const rest = request === null ? [] : [arm({ ...one, request: `r-${request}` })];
          return request === null || both ? [arm({ ...one, request: null }), ...rest] : rest;
        }),
    );
}

const keyRead = operation(
  fc
    .tuple(account, fc.constantFrom('listKeys', 'readonlykeys', 'listConnectionStrings'))
    .map(([name, kind]) => ({ operation: `${DB}/${kind}/action`, resource: idOf(name), body: null, method: 'POST' })),
);

const write = operation(
  fc.tuple(account, properties, fc.boolean()).map(([name, some, isPut]) => ({
    operation: `${DB}/write`,
    resource: idOf(name),
    body: { properties: isPut ? { databaseAccountOfferType: 'Standard', ...some } : some },
    method: isPut ? 'PUT' : 'PATCH',
  })),
);

const remove = operation(
  account.map((name) => ({ operation: `${DB}/delete`, resource: idOf(name), body: null, method: 'DELETE' })),
);

const lock = operation(
  fc
    .tuple(
      fc.constantFrom(SUB, GROUP, idOf('alpha'), idOf('alpha2'), `${idOf('alpha')}/sqlDatabases/shop`),
      fc.constantFrom('CanNotDelete', 'ReadOnly', null),
    )
    .map(([scope, level]) => ({
      operation: `Microsoft.Authorization/locks/${level === null ? 'delete' : 'write'}`,
      resource: `${scope}/providers/Microsoft.Authorization/locks/keep`,
      body: level === null ? null : { properties: { level } },
      method: 'PUT',
    })),
);

const containerName = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'A');
const container = operation(
  fc
    .tuple(fc.constantFrom('alpha', 'alpha2'), containerName, fc.constantFrom('write', 'write', 'write', 'delete'))
    .map(([name, own, verb]) => ({
      operation: `${DB}/sqlDatabases/containers/${verb}`,
      resource: `${idOf(name)}/sqlDatabases/shop/containers/${own}`,
      body: null,
      method: 'PUT',
    })),
);

const control = fc
  .record({
    time: at,
    name: account,
    activity: id,
    ranges: fc.constantFrom(...RANGES),
    filter: fc.constantFrom('true', 'false'),
    parts: fc.constantFrom(['Start'], ['Complete'], ['Start', 'Complete']),
    code: fc.constantFrom('200', '200', '500'),
    apart: gap,
  })
  .map(({ time, name, activity, ranges, filter, parts, code, apart }) =>
    parts.map((phase, index) => ({
      time: iso(time + index * apart),
      resourceId: idOf(name),
      category: 'ControlPlaneRequests',
      operationName: `AccountUpdate${phase}`,
      properties: {
        activityId: `r-${activity}`,
        httpstatusCode: phase === 'Start' ? '202' : code,
        ipRangeFilter: ranges.join(','),
        enableVirtualNetworkFilter: filter,
        defaultConsistencyLevel: 'Session',
      },
    })),
  );

const controlContainer = fc
  .record({
    time: at,
    name: fc.constantFrom('alpha', 'alpha2'),
    own: containerName,
    activity: id,
    verb: fc.constantFrom('Create', 'Update', 'Delete'),
  })
  .map(({ time, name, own, activity, verb }) => [
    {
      time: iso(time),
      resourceId: idOf(name),
      category: 'ControlPlaneRequests',
      operationName: `SqlContainers${verb}`,
      properties: {
        activityId: `r-${activity}`,
        httpstatusCode: '200',
        resourceUri: `${idOf(name)}/sqlDatabases/shop/containers/${own}`,
      },
    },
  ]);

const request = fc
  .record({
    time: at,
    name: fc.constantFrom('alpha', 'alpha2'),
    own: containerName,
    activity: id,
    ip,
    what: fc.constantFrom(
      ['Read', 'Document', '200'],
      ['Delete', 'Document', '204'],
      ['Delete', 'Document', '204'],
      ['Delete', 'Document', '404'],
      ['Create', 'Collection', '201'],
      ['Create', 'Collection', '409'],
    ),
  })
  .map(({ time, name, own, activity, ip: address, what: [operationName, type, statusCode] }) => [
    {
      time: iso(time),
      resourceId: idOf(name),
      category: 'DataPlaneRequests',
      operationName,
      properties: {
        activityId: `d-${activity}`,
        requestResourceType: type,
        requestResourceId: `dbs/shop/colls/${own}`,
        statusCode,
        clientIpAddress: address,
        keyType: 'PrimaryMasterKey',
        databaseName: 'shop',
        collectionName: own,
      },
    },
  ]);

const vault = fc
  .record({
    time: at,
    host: fc.constantFrom('kv-a', 'kv-b'),
    version: fc.constantFrom('v1', 'v2'),
    what: fc.constantFrom('off', 'on', 'new', 'gone', 'denied'),
    correlation: id,
    user,
    ip,
  })
  .map(({ time, host, version, what, correlation, user: oid, ip: address }) => {
    const operationName =
      what === 'new' ? 'KeyCreate' : what === 'gone' || what === 'denied' ? 'KeyDelete' : 'KeyUpdate';
    const key = `https://${host}.vault.azure.net/keys/k`;
    return [
      {
        time: iso(time),
        resourceId: `${SUB}/resourceGroups/rg-sec/providers/Microsoft.KeyVault/vaults/${host}`,
        category: 'AuditEvent',
        operationName,
        resultType: 'Success',
        callerIpAddress: address,
        correlationId: correlation,
        identity: { claim: { oid, appid: 'app' } },
        properties: {
          id: operationName === 'KeyDelete' ? key : `${key}/${version}`,
          httpStatusCode: what === 'denied' ? 403 : 200,
          ...(operationName === 'KeyUpdate' ? { keyProperties: { attributes: { enabled: what === 'on' } } } : {}),
        },
      },
    ];
  });

/** The record so many milliseconds later. */
function shifted(raw: object, milliseconds: number): object {
  const later = (text: string) =>
    text.replace(
      /\.(\d{7})Z$/,
      (_, digits: string) => `.${(Number(digits) + milliseconds * 10_000).toString().padStart(7, '0')}Z`,
    );
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [
      name,
      name === 'time' || name === 'eventTimestamp' ? later(value) : value,
    ]),
  );
}

/** Up to some dozens of records. Every kind of rule has its own ingredients in it often. */
export const stream: fc.Arbitrary<object[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: write },
      { weight: 3, arbitrary: control },
      { weight: 2, arbitrary: keyRead },
      { weight: 2, arbitrary: lock },
      { weight: 3, arbitrary: container },
      { weight: 2, arbitrary: controlContainer },
      { weight: 4, arbitrary: request },
      { weight: 2, arbitrary: vault },
      { weight: 1, arbitrary: remove },
    ),
    { minLength: 2, maxLength: 18 },
  )
  // Within one microsecond the order of two actions is by the text of their ids, which each reading makes its own way.
  .map((groups) => groups.flatMap((group, index) => group.map((raw) => shifted(raw, index))));

/** One line a record: what a failure shows. */
export function show(records: readonly object[]): string {
  // biome-ignore lint/suspicious/noExplicitAny: raw JSON
  return records.map((raw: any) => JSON.stringify(raw)).join('\n');
}
