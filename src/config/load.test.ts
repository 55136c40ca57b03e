import { describe, expect, it } from 'vitest';
import { Secret } from '../lib/secret.ts';
import { CANARY, load } from './config.test-support.ts';
import { placeholders } from './load.ts';

const ACCOUNT =
  '/subscriptions/00000000-0000-0000-0000-0000000000AA/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/Orders';

const WHOLE = `
listen: "[::1]:8080"
data: state
external_url: https://cosmowatch.contoso.example/
sources:
  hub:
    type: hub
    labels: {customer: contoso, environment: production}
    subscriptions: [00000000-0000-0000-0000-0000000000AA]
    connection: env:HUB
    wait: 2m
  azure: {type: poll, subscriptions: [00000000-0000-0000-0000-0000000000aa]}
rules:
  folders: [rules, /opt/rules]
  disable: [{rule: cosmosdb_keys_listed, reason: the pipeline does it hourly}]
  parameters: {cosmosdb_multiple_tables_created.tables: 5}
lists:
  admins: [ann@contoso.example, bob@contoso.example]
accounts:
  expect: [${ACCOUNT}]
  inventory: [accounts.json]
receivers:
  ops: [{type: slack, url: env:SLACK_URL}, {type: pagerduty, routing_key: "file:/run/secrets/key"}]
  night: [{type: webhook, url: https://hooks.contoso.example}]
routes:
  receiver: ops
  group_wait: 30s
  routes:
    - match: {level: [critical], labels: {environment: production}}
      receiver: night
      repeat: 4h
      continue: true
retention: {alerts: 365d, size: 5GiB}
key_figures: {enabled: false}
archive: {folder: archive, queue: 5GB}
routine: {open_for: 15d}
memory: {asn: asn.mmdb}
sign_in:
  users: [{name: ann@contoso.example, password: env:HUB}]
  oidc:
    issuer: https://login.microsoftonline.com/contoso/v2.0
    client_id: cosmowatch
    client_secret: env:HUB
    groups: {00000000-0000-0000-0000-0000000000bb: analyst}
  idle: 1h
  proxies: [10.0.0.0/8]
`;

describe('loadConfig', () => {
  it('reads every key', () => {
    const { config, told } = load(WHOLE);
    expect(told).toEqual([]);
    expect({ ...config, sources: [], receivers: [] }).toEqual({
      file: 'c.yml',
      listen: { host: '::1', port: 8080 },
      data: '/etc/cosmowatch/state',
      externalUrl: 'https://cosmowatch.contoso.example',
      sources: [],
      summary: null,
      rules: {
        folders: ['/etc/cosmowatch/rules', '/opt/rules'],
        disable: [{ rule: 'cosmosdb_keys_listed', reason: 'the pipeline does it hourly' }],
        parameters: new Map([['cosmosdb_multiple_tables_created.tables', 5]]),
      },
      lists: { admins: ['ann@contoso.example', 'bob@contoso.example'] },
      accounts: { expect: [ACCOUNT.toLowerCase()], inventory: ['/etc/cosmowatch/accounts.json'], azure: null },
      receivers: [],
      tuning: { exceptions: [], silences: [], calendars: [], refused: [] },
      routes: {
        receiver: 'ops',
        group_wait: '30s',
        flood: 30,
        routes: [
          {
            receiver: 'night',
            match: { level: ['critical'], labels: { environment: 'production' } },
            repeat: '4h',
            continue: true,
          },
        ],
      },
      retention: {
        alerts: 365 * 86_400,
        controlPlane: 730 * 86_400,
        matches: 90 * 86_400,
        keyFigures: 90 * 86_400,
        deliveries: 90 * 86_400,
        size: 5 * 2 ** 30,
      },
      keyFigures: { enabled: false },
      archive: { folder: '/etc/cosmowatch/archive', container: null, queue: 5e9 },
      routine: { openFor: 15 * 86_400 },
      memory: { asn: '/etc/cosmowatch/asn.mmdb' },
      signIn: {
        users: [{ name: 'ann@contoso.example', role: 'admin', password: expect.any(Secret) }],
        oidc: {
          issuer: 'https://login.microsoftonline.com/contoso/v2.0',
          client_id: 'cosmowatch',
          client_secret: expect.any(Secret),
          groups: { '00000000-0000-0000-0000-0000000000bb': 'analyst' },
          scopes: ['openid', 'profile', 'email'],
        },
        idle: 3600,
        longest: 86_400,
        proxies: ['10.0.0.0/8'],
      },
    });
    expect(placeholders(config!)).toEqual({ admins: ['ann@contoso.example', 'bob@contoso.example'] });
  });

  it('gives plug-ins what is theirs, with secrets', () => {
    const { sources, receivers } = load(WHOLE).config!;
    expect(sources.map(({ name, kind, labels, subscriptions }) => [name, kind.type, labels, subscriptions])).toEqual([
      ['hub', 'hub', { customer: 'contoso', environment: 'production' }, ['00000000-0000-0000-0000-0000000000aa']],
      ['azure', 'poll', {}, ['00000000-0000-0000-0000-0000000000aa']],
    ]);
    const hub = sources[0]!.config as { connection: Secret };
    expect(hub).toEqual({
      connection: expect.any(Secret),
      consumer_group: '$Default',
      mode: 'newest',
      wait: 120,
      brokers: [],
      count: 1,
    });
    expect(hub.connection.reveal()).toBe(CANARY);
    expect(hub.connection.from).toBe('env:HUB');
    expect(sources[1]!.config).toEqual({ subscriptions: ['00000000-0000-0000-0000-0000000000aa'] });
    const [slack, pagerduty] = receivers.get('ops')!;
    expect(slack!.config).toEqual({ type: 'slack', url: expect.any(Secret) });
    expect((pagerduty!.config as { key: Secret }).key.reveal()).toBe(CANARY);
    expect(JSON.stringify(load(WHOLE).config)).not.toContain(CANARY);
  });

  it.each([
    ['none', null, null],
    ['an empty file', '', 'c.yml'],
    ['keys without values', 'sources:\nreceivers:\nrules:\n', 'c.yml'],
  ])('%s: the defaults, with pushed logs', (_name, text, file) => {
    const { config, told } = load(text);
    expect(told).toEqual([]);
    expect(config).toMatchObject({
      file,
      listen: { host: '127.0.0.1', port: 7070 },
      data: '/etc/cosmowatch/cosmowatch-data',
      externalUrl: null,
      routes: null,
      keyFigures: { enabled: true },
      routine: { openFor: 8 * 86_400 },
      memory: { asn: null },
      retention: { size: 20e9 },
    });
    expect(config!.sources).toMatchObject([{ name: 'http', labels: {}, subscriptions: null, config: { max_body: 1 } }]);
  });

  it('one receiver gets everything', () => {
    const { config } = load('receivers: {ops: [{type: slack, url: env:SLACK_URL}]}');
    expect(config!.routes).toEqual({ receiver: 'ops', flood: 30 });
  });

  it('nobody is told where that is written', () => {
    const receivers = 'receivers: {a: [{type: slack, url: env:HUB}]}\n';
    const { config, told } = load(`${receivers}routes: {receiver: a, routes: [{match: {level: low}, receiver: null}]}`);
    expect(told).toEqual([]);
    expect(config!.routes).toEqual({ receiver: 'a', flood: 30, routes: [{ match: { level: 'low' }, receiver: null }] });
    const without = load(`${receivers}routes: {match: {level: high}}`);
    expect(without.config).not.toBeNull();
    expect(without.told.map((one) => one.slice(0, 12))).toEqual(['CW-8013 1:13', 'CW-8013 2:1 ']);
  });

  it('a warning refuses nothing', () => {
    const { config, told } = load('receivers: {ops: [{type: slack, url: file:open}]}');
    expect(told).toEqual(['CW-8010 1:38 every user may read open | take that from them: chmod o-rwx open']);
    expect(config).not.toBeNull();
  });
});

describe('mistakes', () => {
  it.each([
    [
      'no YAML',
      'a: "b',
      ['CW-8003 1:6 not YAML: missing closing "quote | close what was opened, or put the value into quotes'],
    ],
    ['a list', '- a', ['CW-8003 1:1 a configuration is a map of keys and values | begin with "sources:"']],
    [
      'two documents',
      'listen: 127.0.0.1:1\n---\nlisten: 127.0.0.1:2',
      [
        'CW-8003 3:1 more than one document (---): this file is a configuration | a configuration has one document of at most 256 KiB; rules stand in files of their own',
      ],
    ],
    [
      'a misspelt key',
      'recievers: {}',
      ['CW-8004 1:1 a configuration has no key "recievers" | did you mean "receivers"?'],
    ],
    [
      'a key in the wrong place',
      'rules: {folder: x}',
      ['CW-8004 1:9 rules has no key "folder" | did you mean "folders"?'],
    ],
    [
      'a misspelt key of a plug-in',
      'sources:\n  h:\n    type: hub\n    conection: env:HUB',
      ['CW-8004 4:5 sources.h has no key "conection" | did you mean "connection"?'],
    ],
    [
      'a misspelt key of every source',
      'sources: {h: {type: http, label: {}}}',
      ['CW-8004 1:27 sources.h has no key "label" | did you mean "labels"?'],
    ],
    [
      'a key in a list',
      'rules: {disable: [{rule: a, reson: b}]}',
      [
        'CW-8006 1:19 rules.disable[0].reason is missing | add "reason: ..."',
        'CW-8004 1:29 rules.disable[0] has no key "reson" | did you mean "reason"?',
      ],
    ],
    [
      'a key below routes',
      'receivers: {o: [{type: slack, url: env:HUB}]}\nroutes: {receiver: o, routes: [{reciever: o}]}',
      ['CW-8004 2:33 routes.routes[0] has no key "reciever" | did you mean "receiver"?'],
    ],
    ['no type', 'sources: {h: {}}', ['CW-8006 1:14 sources.h has no type | "type: ..."; there are http, hub, poll']],
    [
      'an unknown type',
      'sources: {h: {type: hubs}}',
      ['CW-8007 1:21 there is no such type of source | did you mean "hub"?'],
    ],
    [
      'an unknown receiver',
      'receivers: {h: [{type: carrier-pigeon}]}',
      ['CW-8007 1:24 there is no such type of receiver | there are slack, webhook, chat, pagerduty'],
    ],
    ['no sources', 'sources: {}', ['CW-8005 1:1 sources is empty | name one, or leave the key out']],
    [
      'a source that is no map',
      'sources: {h: hub}',
      ['CW-8005 1:14 sources.h is a map | write "type: ..." below it, indented'],
    ],
    [
      'a missing key',
      'sources: {p: {type: poll}}',
      ['CW-8006 1:11 sources.p.subscriptions is missing | add "subscriptions: ..."'],
    ],
    [
      'a missing secret',
      'receivers: {o: [{type: slack}]}',
      ['CW-8006 1:17 receivers.o[0].url is missing | add "url: ..."'],
    ],
    [
      'a literal secret',
      `sources: {h: {type: hub, connection: ${CANARY}}}`,
      [
        'CW-8008 1:38 sources.h.connection is a secret, and none may stand in this file | env:NAME for a variable of the environment, file:PATH for a file with nothing else in it',
      ],
    ],
    [
      'a variable that is not set',
      'sources: {h: {type: hub, connection: env:NO}}',
      [
        'CW-8009 1:38 the variable NO is not set | set it for the process that runs cosmowatch, or name a file: file:PATH',
      ],
    ],
    [
      'an empty variable',
      'sources: {h: {type: hub, connection: env:EMPTY}}',
      [
        'CW-8009 1:38 the variable EMPTY is empty | set it for the process that runs cosmowatch, or name a file: file:PATH',
      ],
    ],
    [
      'no variable',
      'sources: {h: {type: hub, connection: "env:a b"}}',
      ['CW-8009 1:38 env: needs the name of a variable | for example env:SLACK_URL'],
    ],
    [
      'a file that is not there',
      'sources: {h: {type: hub, connection: file:no}}',
      [
        'CW-8009 1:38 no could not be read: there is no such file | relative paths begin at the folder of the configuration',
      ],
    ],
    [
      'an empty file',
      'sources: {h: {type: hub, connection: file:/run/secrets/empty}}',
      ['CW-8009 1:38 /run/secrets/empty is empty | write the secret into it, and nothing else'],
    ],
    [
      'env: where none is',
      'sources: {h: {type: hub, consumer_group: env:HUB}}',
      ['CW-8012 1:42 sources.h.consumer_group is no secret | write the value itself, without env: or file:'],
    ],
    [
      'a word',
      'sources: {h: {type: hub, mode: newst}}',
      ['CW-8005 1:32 sources.h.mode is one of a few words | did you mean "newest"?'],
    ],
    [
      'a number as text',
      'sources: {h: {type: hub, count: "3"}}',
      ['CW-8005 1:33 sources.h.count is a number, not a text | write it without quotes'],
    ],
    [
      'no whole number',
      'sources: {h: {type: hub, count: 1.5}}',
      ['CW-8005 1:33 sources.h.count is a whole number, not a number'],
    ],
    ['too much', 'sources: {h: {type: hub, count: 11}}', ['CW-8005 1:33 sources.h.count is at most 10']],
    [
      'too many',
      'sources: {h: {type: hub, brokers: [a, b, c]}}',
      ['CW-8005 1:26 sources.h.brokers has at most 2 entries'],
    ],
    [
      'no text',
      'sources: {h: {type: hub, consumer_group: 5}}',
      ['CW-8005 1:42 sources.h.consumer_group is a text, not a number | put it into quotes'],
    ],
    [
      'a text for a list',
      'sources: {h: {type: hub, brokers: a}}',
      ['CW-8005 1:35 sources.h.brokers is a list, not a text | write "- " before each entry'],
    ],
    [
      'no URL, deep',
      'sources:\n  h:\n    type: hub\n    checkpoint:\n      container: there',
      ['CW-8005 5:18 sources.h.checkpoint.container is no URL'],
    ],
    [
      'a member of a union',
      'receivers: {w: [{type: webhook, url: hooks}]}',
      ['CW-8005 1:38 receivers.w[0].url is no URL'],
    ],
    [
      'no member of a union',
      'receivers: {w: [{type: webhook, url: [a]}]}',
      ['CW-8005 1:33 receivers.w[0].url is a text, or env:NAME or file:PATH'],
    ],
    [
      'the likelier member of a union',
      'receivers: {c: [{type: chat, token: x, channel: y}]}',
      [
        'CW-8008 1:37 receivers.c[0].token is a secret, and none may stand in this file | env:NAME for a variable of the environment, file:PATH for a file with nothing else in it',
        'CW-8005 1:49 receivers.c[0].channel is not written as it should be | an id: C0123',
      ],
    ],
    [
      'a strange key in a union',
      'receivers: {c: [{type: chat, hok: env:HUB}]}',
      [
        'CW-8006 1:17 receivers.c[0].hook is missing | add "hook: ..."',
        'CW-8004 1:30 receivers.c[0] has no key "hok" | did you mean "hook"?',
      ],
    ],
    [
      'a literal where a plug-in looks at a secret',
      'receivers: {c: [{type: chat, hook: lit}]}',
      [
        'CW-8008 1:36 receivers.c[0].hook is a secret, and none may stand in this file | env:NAME for a variable of the environment, file:PATH for a file with nothing else in it',
      ],
    ],
    [
      'a plug-in that looks at a secret',
      'receivers: {c: [{type: chat, hook: env:SHORT}]}',
      ['CW-8005 1:36 receivers.c[0].hook is too short'],
    ],
    [
      'a secret that is not there is told once',
      'receivers: {c: [{type: chat, hook: env:NO}]}',
      [
        'CW-8009 1:36 the variable NO is not set | set it for the process that runs cosmowatch, or name a file: file:PATH',
      ],
    ],
    [
      'a length of time',
      'sources: {h: {type: hub, wait: 5 minutes}}',
      ['CW-8005 1:32 sources.h.wait is a length of time | a whole number and s, m, h or d: 15m'],
    ],
    [
      'a size',
      'retention: {size: 20 GB}',
      ['CW-8005 1:19 retention.size is a size | a whole number and kB, MB, GB, TB, KiB, MiB, GiB or TiB: 20GB'],
    ],
    [
      'an address',
      'listen: localhost',
      ['CW-8005 1:9 listen is an address and a port | for example 127.0.0.1:7070, or [::1]:7070'],
    ],
    [
      'a port',
      'listen: 127.0.0.1:70000',
      ['CW-8005 1:9 listen is an address and a port | for example 127.0.0.1:7070, or [::1]:7070'],
    ],
    [
      'plain http',
      'external_url: http://cosmowatch.contoso.example',
      [
        'CW-8005 1:15 external_url begins with https://; with http:// only on this machine | for example https://cosmowatch.contoso.example',
      ],
    ],
    [
      'a password in a URL',
      `external_url: https://me:${CANARY}@contoso.example`,
      ['CW-8005 1:15 external_url has no name, password, ? or # | for example https://cosmowatch.contoso.example'],
    ],
    [
      'a digest at no time',
      'receivers: {a: [{type: webhook, url: "https://a.example"}]}\nroutes: {receiver: a, digest: every morning}',
      ['CW-8005 2:31 routes.digest is no time for a digest: daily at 08:00 Europe/Berlin, weekly on Monday at 08:00'],
    ],
    [
      'a summary at no time',
      'receivers: {a: [{type: webhook, url: "https://a.example"}]}\nsummary: {receiver: a, at: sometimes}',
      ['CW-8005 2:28 summary.at is no time: weekly on Monday at 08:00 Europe/Berlin'],
    ],
    [
      'a summary for nobody',
      'receivers: {abc: [{type: webhook, url: "https://a.example"}]}\nsummary: {receiver: abd}',
      ['CW-8011 2:21 there is no receiver abd | did you mean abc ?'],
    ],
    [
      'no account',
      'accounts: {expect: [orders]}',
      ['CW-8005 1:21 accounts.expect[0] is no resource id of an account | as az cosmosdb show --query id prints it'],
    ],
    [
      'below an account',
      `accounts: {expect: ["${ACCOUNT}/sqlDatabases/a"]}`,
      ['CW-8005 1:21 accounts.expect[0] is no resource id of an account | as az cosmosdb show --query id prints it'],
    ],
    [
      'no subscription',
      'sources: {h: {type: http, subscriptions: [mine]}}',
      [
        'CW-8005 1:43 sources.h.subscriptions[0] is no id of a subscription | as az account list --query "[].id" prints it',
      ],
    ],
    [
      'a label that is no text',
      'sources: {h: {type: http, labels: {customer: 7}}}',
      ['CW-8005 1:46 sources.h.labels.customer is a text, not a number | put it into quotes'],
    ],
    [
      'a name',
      'sources: {"my hub": {type: http}}',
      ['CW-8005 1:11 sources.my hub is no name | letters, digits, "_", "-" and ".", beginning with a letter'],
    ],
    [
      'no reason',
      'rules: {disable: [{rule: a}]}',
      ['CW-8006 1:19 rules.disable[0].reason is missing | add "reason: ..."'],
    ],
    [
      'a parameter',
      'rules: {parameters: {tables: 5}}',
      [
        'CW-8005 1:22 rules.parameters.tables is no parameter | RULE.PARAMETER: docs/reference/rules.md says which there are',
      ],
    ],
    [
      'several receivers without routes',
      'receivers:\n  a: [{type: slack, url: env:HUB}]\n  b: [{type: slack, url: env:HUB}]',
      ['CW-8006 1:1 with several receivers, routes says who is told of what | add "routes: {receiver: a}"'],
    ],
    [
      'a route to nobody',
      'receivers: {ops: [{type: slack, url: env:HUB}]}\nroutes: {receiver: ops, routes: [{receiver: opps}]}',
      ['CW-8011 2:45 routes.routes[0].receiver: there is no receiver opps | did you mean ops ?'],
    ],
    [
      'a level',
      'receivers: {a: [{type: slack, url: env:HUB}]}\nroutes: {receiver: a, match: {level: urgent}}',
      ['CW-8005 2:38 routes.match.level is one of a few words | one of critical, high, medium, low, informational'],
    ],
  ])('%s', (_name, text, told) => {
    const found = load(text);
    expect(found.told).toEqual(told);
    expect(found.config).toBeNull();
  });

  it('all at once, in the order of the file', () => {
    const { told } = load(
      'listen: x\nrulez: {}\nsources: {h: {type: hubs}}\nretention: {alerts: long}\nroutes: {receiver: a}',
    );
    expect(told.map((one) => one.slice(0, 12))).toEqual([
      'CW-8005 1:9 ',
      'CW-8004 2:1 ',
      'CW-8007 3:21',
      'CW-8005 4:21',
      'CW-8011 5:20',
    ]);
  });
});

describe('what is printed', () => {
  it('has place, line and cure', () => {
    expect(load('rules:\n  folder: x\n').printed).toBe(
      [
        'c.yml:2:3: error CW-8004: rules has no key "folder"',
        '   2 |   folder: x',
        '     |   ^^^^^^ did you mean "folders"?',
      ].join('\n'),
    );
  });

  it.each([
    ['a literal secret', `sources: {h: {type: hub, connection: ${CANARY}}}`],
    ['below a key that does not exist', `sources: {h: {type: hub, conection: ${CANARY}}}`],
    ['below a key of the root that does not exist', `pasword: ${CANARY}`],
    ['beside a mistake', `receivers: {o: [{type: slack, url: ${CANARY}, chanel: x}]}`],
    ['in a list', `sources: {h: {type: hub, brokers: [a, b, ${CANARY}], conection: a}}`],
    ['as a type', `receivers: {o: [{type: slack, url: env:HUB, channel: [${CANARY}]}]}`],
    ['in a URL', `receivers: {o: [{type: webhook, url: "${CANARY} x"}]}`],
    ['as an alias', `sources: {h: {type: hub, connection: *${CANARY}}}`],
    ['as a tag', `sources: {h: {type: hub, connection: !${CANARY} x}}`],
    ['in what is not YAML', `sources: {h: {type: hub, connection: ${CANARY}`],
    ['behind an anchor', `sources: {h: {type: hub, connection: &x ${CANARY}, conection: *x}}`],
    ['in a variable', 'sources: {h: {type: hub, connection: env:HUB, conection: env:HUB, consumer_group: env:HUB}}'],
    ['in a text of several lines', `sources:\n  h:\n    type: hub\n    connection: |\n      ${CANARY}\n    mode: x`],
  ])('no secret: %s', (_name, text) => {
    const { printed, config } = load(text);
    expect(config).toBeNull();
    expect(printed).toMatch(/error CW-80/);
    expect(printed).not.toContain(CANARY);
  });
});

describe('sign_in', () => {
  it.each([
    ['a password in the file', `users: [{name: ann, password: ${CANARY}}]`, 'env:NAME or file:PATH'],
    ['a secret that is not there', 'users: [{name: ann, password: env:NONE}]', 'CW-8009'],
    [
      'a role that does not exist',
      'users: [{name: ann, password: env:HUB, role: boss}]',
      'one of viewer, analyst, admin',
    ],
    ['a key that does not exist', 'users: [{name: ann, pasword: env:HUB}]', 'did you mean "password"?'],
    [
      'an issuer over plain http',
      'oidc: {issuer: http://a.example, client_id: a, client_secret: env:HUB, groups: {a: admin}}',
      'begins with https://',
    ],
    [
      'nobody with a role',
      'oidc: {issuer: https://a.example, client_id: a, client_secret: env:HUB, groups: {}}',
      'nobody else can sign in',
    ],
    [
      'a secret where none is',
      'oidc: {issuer: https://a.example, client_id: env:HUB, client_secret: env:HUB, groups: {a: admin}}',
      'CW-8012',
    ],
    ['a proxy that is none', 'proxies: [contoso.example]', 'is no address'],
    ['a time that is none', 'idle: soon', '15m'],
  ])('%s', (_what, text, wanted) => {
    const { config, told, printed } = load(`sign_in:\n  ${text}\n`);
    expect([config, told.join('\n')]).toEqual([null, expect.stringContaining(wanted)]);
    expect(told.every((line) => line.startsWith('CW-') && line.includes(' | '))).toBe(true);
    expect(printed).not.toContain(CANARY);
  });

  it('takes the hash of a password as it is', () => {
    const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
    const { config, told } = load(`sign_in:\n  users: [{name: ann, password: "${hash}"}]\n`);
    expect([told, config?.signIn.users]).toEqual([[], [{ name: 'ann', role: 'admin', password: hash }]]);
  });
});
