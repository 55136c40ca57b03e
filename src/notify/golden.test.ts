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
import { later, NINE, opened, storedOf, TOLD_AT, told } from './nine.test-support.ts';
import { alertBody, ROUTING_KEY } from './pagerduty.test-support.ts';
import { pagerduty } from './pagerduty.ts';
import type { Message, ReceiverKind, SafeHttp } from './receiver.ts';
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

/** The body of the one request that a receiver makes. */
async function bodyOf<Config>(kind: ReceiverKind<Config>, config: object, message: Message): Promise<string> {
  const bodies: string[] = [];
  const http: SafeHttp = {
    send: ({ body }) => {
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
  syslog: {
    payload: async (message) => [line(message, 'cef'), line(message, 'rfc5424')],
    first: async (message) => line(message, 'rfc5424').replace(/^.*?\] /, ''),
  },
};

const WHOLE = ['access_keys_viewed', 'network_access_changed'] as const;

describe.each(Object.entries(GOLDEN))('%s', (name, { payload, first }) => {
  it('is sent as the file says', async () => {
    const whole: [string, unknown][] = [];
    for (const rule of WHOLE) whole.push([rule, await payload(told(opened(rule)))]);
    const lines: [string, string][] = [];
    for (const rule of NINE) lines.push([rule, await first(told(opened(rule)))]);
    const ended = later(storedOf('network_access_changed'), 'resolved');
    if (name !== 'pagerduty') lines.push(['resolved', await first(told(ended))]);
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
