import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { makeSchemas } from '../scripts/schemas.ts';
import { KINDS as CONFIG_KINDS } from '../src/app/configFile.ts';
import { BUILT_IN, isTimeline, listRuleFiles } from '../src/app/rules.ts';
import { KINDS, scaffold } from '../src/app/scaffold.ts';
import { loadConfig } from '../src/config/load.ts';
import { mistakesOf } from './support/jsonSchema.ts';

const SCHEMAS = new Map([...makeSchemas()].map(([name, text]) => [name, JSON.parse(text) as Record<string, unknown>]));
const ROOT = fileURLToPath(new URL('..', import.meta.url));

function documentsOf(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.2' });
  return 'empty' in documents ? [] : documents.map((document) => document.toJS() as unknown);
}

/** What an editor would underline. */
function check(kind: 'rule' | 'timeline' | 'config', text: string): string[] {
  return documentsOf(text).flatMap((document) => mistakesOf(SCHEMAS.get(`${kind}.schema.json`)!, document));
}

const SHIPPED = listRuleFiles([BUILT_IN, join(ROOT, 'examples/rules')]);

describe('what is shipped', () => {
  it.each(SHIPPED)('%s', (path) => {
    const kind = isTimeline(path) ? 'timeline' : 'rule';
    const text = readFileSync(path, 'utf8');
    expect(check(kind, text)).toEqual([]);
    const other = z.fromJSONSchema(SCHEMAS.get(`${kind}.schema.json`)! as Parameters<typeof z.fromJSONSchema>[0]);
    for (const document of documentsOf(text)) expect(other.safeParse(document).error?.issues).toBeUndefined();
  });

  it.each(KINDS)('a new %s', (kind) => {
    const { rule, timeline } = scaffold({ name: 'mine', kind, action: 'cosmosdb.item.read', now: 0, schemas: '.' });
    expect([...check('rule', rule), ...check('timeline', timeline)]).toEqual([]);
  });
});

const RULE = `title: T
logsource: {product: azure}
detection: {s: {a|contains: x}, condition: s}
level: low
`;
const CORRELATION = `title: T
correlation: {type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 3}}
`;

describe('a rule', () => {
  it.each([
    ['a detection', RULE],
    ['keywords', RULE.replace('{a|contains: x}', '[one, two]')],
    ['keywords, all of them', RULE.replace('{a|contains: x}', `{'|all': [one, two]}`)],
    ['maps joined by or', RULE.replace('{a|contains: x}', '[{a: 1}, {b|re: y}]')],
    ['null', RULE.replace('x}', 'null}')],
    ['an attribute of somebody', `${RULE}x-team: a\n`],
    ['an attribute without a value', `${RULE}falsepositives:\n`],
    ['a correlation', CORRELATION],
    ['several windows in one file', `${RULE}---\n${CORRELATION}`],
    ['the old form', `action: global\nlogsource: {product: azure}\n---\n${RULE}`],
  ])('%s is fine', (_, text) => {
    expect(check('rule', text)).toEqual([]);
  });

  it.each([
    ['nothing to find', 'title: T\n', 'it: anyOf'],
    ['no title', RULE.replace('title: T\n', ''), 'it: anyOf'],
    ['a level that is none', RULE.replace('low', 'severe'), '.level: anyOf'],
    ['a status that is none', `${RULE}status: done\n`, '.status: anyOf'],
    ['an id that is no UUID', `${RULE}id: 7\n`, '.id: type'],
    ['a date in words', `${RULE}date: today\n`, '.date: anyOf'],
    ['a tag without namespace', `${RULE}tags: [keys]\n`, '.tags: anyOf'],
    ['references that are one text', `${RULE}references: https://contoso.example\n`, '.references: anyOf'],
    ['a modifier that is none', RULE.replace('contains', 'contain'), '.detection.s: anyOf'],
    ['a map as a value', RULE.replace('a|contains: x', 'a: {b: c}'), '.detection.s: anyOf'],
    ['no condition', RULE.replace(', condition: s', ''), '.detection: required'],
    ['no selection', RULE.replace('s: {a|contains: x}, ', ''), '.detection: minProperties'],
    ['a log source that names nothing', RULE.replace('{product: azure}', '{definition: x}'), '.logsource: anyOf'],
    ['a type of correlation that is none', CORRELATION.replace('event_count', 'count'), '.correlation.type: enum'],
    ['a time that is none', CORRELATION.replace('5m', '5 minutes'), '.correlation.timespan: pattern'],
    ['a comparison that is none', CORRELATION.replace('gte', 'atleast'), '.correlation.condition: anyOf'],
    ['a key that is none', CORRELATION.replace('group-by', 'group_by'), '.correlation.group_by: not known'],
    ['fold without fields', `${RULE}fold: {gap: 1h}\n`, '.fold: required'],
  ])('%s is underlined', (_, text, mistake) => {
    expect(check('rule', text)).toContain(mistake);
  });
});

const TIMELINE = `rule: r
templates: {t: {a: "{time}"}}
cases:
  - name: one
    records: [{at: 0, t: {}}]
    alerts: [{at: 4h, level: high}]
`;

describe('a timeline', () => {
  it.each([
    ['as it should be', TIMELINE],
    ['templates for others', 'templates: {t: {a: b}}\ndefaults: {x: 1}\n'],
  ])('%s', (_, text) => {
    expect(check('timeline', text)).toEqual([]);
  });

  it.each([
    ['a key that is none', TIMELINE.replace('alerts', 'alarms')],
    ['an offset that is none', TIMELINE.replace('4h', 'soon')],
    ['a level that is none', TIMELINE.replace('high', 'severe')],
    ['no records', TIMELINE.replace('[{at: 0, t: {}}]', '[]')],
    ['a record without a time', TIMELINE.replace('at: 0, ', '')],
  ])('%s is underlined', (_, text) => {
    expect(check('timeline', text)).not.toEqual([]);
  });
});

describe('a configuration', () => {
  const page = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];

  it.each([
    ['of the reference', example],
    ['that init writes', readFileSync(join(ROOT, 'examples/event-hubs/cosmowatch.yml'), 'utf8')],
    [
      'with receivers',
      'receivers: {ops: [{type: slack, url: env:SLACK_URL}]}\nroutes: {receiver: ops, match: {level: [high]}}',
    ],
    [
      'with routes in routes',
      'routes: {receiver: a, routes: [{match: {level: low}, receiver: null, routes: [{repeat: 4h}]}]}',
    ],
    ['with what every source has', 'sources: {a: {type: file, paths: [x], labels: {b: c}}}'],
  ])('%s', (_, text) => expect(check('config', text)).toEqual([]));

  it('that the reference shows can be used', () => {
    const io = {
      env: () => undefined,
      resolve: (path: string) => path,
      readSecret: () => ({ kind: 'failed', why: '' }) as const,
      now: () => 0,
    };
    expect(loadConfig({ name: 'example', text: example }, CONFIG_KINDS, io).diagnostics).toEqual([]);
  });

  it.each([
    ['a key that is none', 'sorces: {}'],
    ['a type that is none', 'sources: {a: {type: files}}'],
    ['a key of another type', 'sources: {a: {type: file, paths: [x], hub: b}}'],
    ['a literal secret', 'receivers: {ops: [{type: pagerduty, routing_key: abc}]}'],
    ['a size', 'retention: {size: 20}'],
    ['a key below routes', 'routes: {receiver: a, routes: [{reciever: b}]}'],
  ])('%s is underlined', (_, text) => expect(check('config', text)).not.toEqual([]));
});

/** Other projects' rules: not part of this repository; without them this test is skipped. */
const DATA = fileURLToPath(new URL('../../shared/conformance/sigmahq/azure', import.meta.url));
const present = existsSync(DATA);
if (!present) console.warn(`skipped: no conformance data at ${DATA}`);

describe.skipIf(!present)("SigmaHQ's rules", () => {
  it('are not underlined', () => {
    const files = readdirSync(DATA, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yml'));
    expect(files).toHaveLength(139);
    const wrong = files.flatMap((name) =>
      check('rule', readFileSync(join(DATA, name), 'utf8')).map((mistake) => `${name} ${mistake}`),
    );
    expect(wrong).toEqual([]);
  });
});
