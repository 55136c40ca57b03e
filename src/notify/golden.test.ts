import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { VERSION } from '../lib/version.ts';
import { SILENT } from '../telemetry/log.ts';
import { emailSchema } from './emailConfig.ts';
import { mailOf } from './emailMail.ts';
import { RECEIVER_KINDS } from './index.ts';
import { issueBody } from './jira.test-support.ts';
import { jira } from './jira.ts';
import { later, NINE, opened, storedOf, TOLD_AT, told } from './nine.test-support.ts';
import { createBody } from './opsgenie.test-support.ts';
import { opsgenie } from './opsgenie.ts';
import { alertBody, ROUTING_KEY } from './pagerduty.test-support.ts';
import { pagerduty } from './pagerduty.ts';
import type { Message, ReceiverKind, SafeHttp } from './receiver.ts';
import { rowsBody } from './sentinel.test-support.ts';
import { sentinelBy } from './sentinel.ts';
import { incidentBody } from './servicenow.test-support.ts';
import { servicenow } from './servicenow.ts';
import { CHANNEL, postBody, TOKEN } from './slack.test-support.ts';
import { slack } from './slack.ts';
import { hecBody } from './splunkHec.test-support.ts';
import { splunkHec } from './splunkHec.ts';
import { syslogLine } from './syslogLine.ts';
import { teamsBody } from './teams.test-support.ts';
import { teams } from './teams.ts';

/*
 * What is sent for one alert of each rule, in test/golden/receivers, to be read by people: two of them whole, of the others the first line.
 * COSMOWATCH_GOLDEN=1 writes the files anew.
 */

/** The body of the one request that a receiver makes; or, where it looks first, of the one that follows. @param nothing how it is told that there is none */
async function bodyOf<Config>(
  kind: ReceiverKind<Config>,
  config: object,
  message: Message,
  nothing: string | null = null,
): Promise<string> {
  const bodies: string[] = [];
  let isLooking = nothing !== null;
  const http: SafeHttp = {
    send: ({ body }) => {
      if (isLooking) {
        isLooking = false;
        return Promise.resolve({ kind: 'answer', status: 200, headers: {}, body: nothing! });
      }
      bodies.push(`${body}`);
      return Promise.resolve({ kind: 'failed', reason: 'only looking', refused: true });
    },
  };
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http };
  await kind
    .create(kind.schema.parse({ type: kind.type, ...config }), ports)
    .deliver(message, new AbortController().signal);
  return bodies[0]!;
}

const URL = 'https://receiver.contoso.example';
const secret = (value: string) => new Secret(value, 'env:X');

interface Golden {
  readonly payload: (message: Message) => Promise<unknown>;
  readonly first: (message: Message) => Promise<string>;
}

function mail(message: Message) {
  const config = {
    type: 'email',
    url: 'smtp://mail.contoso.example',
    from: 'cosmowatch@contoso.example',
    to: ['oncall@contoso.example'],
  };
  const { subject, text } = mailOf(message, emailSchema.parse(config), TOLD_AT).options;
  return { subject, text: `${text}` };
}

function line(message: Message, format: 'cef' | 'rfc5424'): string {
  const settings = { format, enterprise: 32473, hostname: 'cosmowatch.contoso.example' };
  return syslogLine(message, settings, TOLD_AT).replace(`|${VERSION}|`, '|VERSION|');
}

const slackBody = async (message: Message) =>
  postBody.parse(JSON.parse(await bodyOf(slack, { token: secret(TOKEN), channel: CHANNEL }, message)));
const pagerDutyBody = async (message: Message) =>
  alertBody.parse(JSON.parse(await bodyOf(pagerduty, { routing_key: secret(ROUTING_KEY) }, message)));
const cardBody = async (message: Message) =>
  teamsBody.parse(JSON.parse(await bodyOf(teams, { url: URL }, message))).attachments[0]!.content;
const findingBody = async (message: Message) => {
  const body = await bodyOf(splunkHec, { url: URL, token: secret('x') }, message);
  return hecBody.parse(JSON.parse(body.replaceAll(`"version":"${VERSION}"`, '"version":"VERSION"')));
};

const rowBody = async (message: Message) => {
  const config = { url: URL, rule: `dcr-${'0'.repeat(32)}` };
  return rowsBody.parse(JSON.parse(await bodyOf(SENTINEL, config, message)))[0]!;
};
const incident = async (message: Message) => {
  const config = { url: URL, user: 'cosmowatch', password: secret('x') };
  return incidentBody.parse(JSON.parse(await bodyOf(servicenow, config, message, '{"result":[]}')));
};
const issue = async (message: Message) => {
  const config = { url: URL, user: 'cosmowatch@contoso.example', token: secret('x'), project: 'SEC' };
  return issueBody.parse(JSON.parse(await bodyOf(jira, config, message, '{"issues":[]}')));
};
const opsgenieBody = async (message: Message) =>
  createBody.parse(JSON.parse(await bodyOf(opsgenie, { api_key: secret('x') }, message)));

const SENTINEL = sentinelBy(async () => ({ getToken: async () => ({ token: 'x', expiresOnTimestamp: 1e15 }) }));

const GOLDEN: Readonly<Record<string, Golden>> = {
  slack: { payload: slackBody, first: async (message) => (await slackBody(message)).text },
  pagerduty: {
    payload: pagerDutyBody,
    first: async (message) => {
      const body = await pagerDutyBody(message);
      return 'payload' in body ? body.payload.summary : '';
    },
  },
  teams: { payload: cardBody, first: async (message) => (await cardBody(message)).speak },
  email: { payload: async (message) => mail(message), first: async (message) => `${mail(message).subject}` },
  splunk_hec: { payload: findingBody, first: async (message) => (await findingBody(message)).event.message },
  sentinel: { payload: rowBody, first: async (message) => (await rowBody(message)).Headline },
  servicenow: { payload: incident, first: async (message) => (await incident(message)).short_description },
  jira: { payload: issue, first: async (message) => (await issue(message)).fields.summary },
  opsgenie: { payload: opsgenieBody, first: async (message) => (await opsgenieBody(message)).message },
  syslog: {
    payload: async (message) => [line(message, 'cef'), line(message, 'rfc5424')],
    first: async (message) => line(message, 'rfc5424').replace(/^.*?\] /, ''),
  },
};

/** An end makes no body of its own there: it changes what there is. */
const KEEP_ONE: ReadonlySet<string> = new Set(['pagerduty', 'servicenow', 'jira', 'opsgenie']);

const WHOLE = ['access_keys_viewed', 'network_access_changed'] as const;

describe.each(Object.entries(GOLDEN))('%s', (name, { payload, first }) => {
  it('is sent as the file says', async () => {
    const whole: [string, unknown][] = [];
    for (const rule of WHOLE) whole.push([rule, await payload(told(opened(rule)))]);
    const lines: [string, string][] = [];
    for (const rule of NINE) lines.push([rule, await first(told(opened(rule)))]);
    const ended = later(storedOf('network_access_changed'), 'resolved');
    if (!KEEP_ONE.has(name)) lines.push(['resolved', await first(told(ended))]);
    const text = stringify(
      { first_lines: Object.fromEntries(lines), whole: Object.fromEntries(whole) },
      { lineWidth: 140 },
    );
    const file = new globalThis.URL(`../../test/golden/receivers/${name}.txt`, import.meta.url);
    if (process.env['COSMOWATCH_GOLDEN'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});

it('every kind of receiver has a type of its own, a sentence, and refuses what it does not know', () => {
  expect(new Set(RECEIVER_KINDS.map(({ type }) => type)).size).toBe(RECEIVER_KINDS.length);
  for (const { doc, schema } of RECEIVER_KINDS) {
    expect(doc.length).toBeGreaterThan(20);
    expect(schema.safeParse({ type: 'x', unknown: 1 }).success).toBe(false);
  }
});
