import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { type LintOptions, lintRules } from './lint.ts';
import { loadRules } from './load.ts';

const GOOD = `title: Keys viewed
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
level: low
description: Somebody read the keys.
tags: [attack.credential-access, attack.t1555.006]
logsource: {product: azure, service: cosmosdb}
detection:
  selection: {event.action: cosmosdb.keys.list}
  condition: selection
`;

const FIELDS = ['event.action', 'source.ip', 'actor.id', 'azure.resource_id', 'properties.*'];

/** Warnings and errors; what conventions say has a table of its own. */
function lint(text: string, options: LintOptions = {}): string[] {
  return lintRules([{ file: 'own/keys.yml', text }], options)
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, line, column, hint }) => `${code} ${line}:${column} ${hint ?? ''}`.trim());
}

describe('lintRules', () => {
  it('has nothing to say about a good rule', () => {
    expect(lint(GOOD, { fields: FIELDS, files: ['own/keys.yml', 'own/keys.test.yml'] })).toEqual([]);
  });

  it.each([
    ['no id', GOOD.replace(/id:.*\n/, ''), {}, 'CW-3052 1:1'],
    ['no level', GOOD.replace(/level:.*\n/, ''), {}, 'CW-3052 1:1'],
    ['no description', GOOD.replace(/description:.*\n/, ''), {}, 'CW-3052 1:1'],
    [
      'an id that is no UUID',
      GOOD.replace(/5638\S+/, 'keys-1'),
      {},
      'CW-3053 2:5 other tools refuse it; make one with uuidgen',
    ],
    ['a tag', GOOD.replace('attack.t1555.006', 'Keys'), {}, 'CW-3054 5:34 in lower case: attack.t1485'],
    ['a misspelt key', GOOD.replace('level:', 'levle:'), {}, 'CW-3062 3:1 did you mean "level"?'],
    [
      'an unused selection',
      GOOD.replace('  condition', '  other: {a: 1}\n  condition'),
      {},
      'CW-3055 9:3 use it, or take it out',
    ],
    ['a selection named like a word', GOOD.replaceAll('selection', 'them'), {}, 'CW-3056 8:3 give it another name'],
    ['base64offset alone', GOOD.replace('event.action', 'a|base64offset'), {}, 'CW-3063 8:15 add |contains'],
    [
      'an unknown field',
      GOOD.replace('event.action', 'caller_ip'),
      { fields: FIELDS },
      'CW-3051 8:15 did you mean "source.ip"?',
    ],
    [
      'a misspelt field',
      GOOD.replace('event.action', 'evnt.action|contains'),
      { fields: FIELDS },
      'CW-3051 8:15 did you mean "event.action"?',
    ],
    [
      'nearly a canonical name, in a rule of another log',
      GOOD.replace('cosmosdb}', 'activitylogs}').replace('event.action', 'event.acton'),
      { fields: FIELDS },
      'CW-3051 8:15 did you mean "event.action"?',
    ],
    [
      'a fold key that is nothing, in a rule of another log',
      `${GOOD.replace('cosmosdb}', 'activitylogs}')}fold: {by: foo.bar}\n`,
      { fields: FIELDS },
      'CW-3051 10:12 names: docs/reference/fields.md',
    ],
    ['no test', GOOD, { files: [] }, 'CW-3060 0:0'],
    [
      'a late fold key',
      `${GOOD}fold: {by: actor.id}\n`,
      { lateFields: new Map([['actor.id', 'fold by account']]) },
      'CW-3007 10:12 fold by account',
    ],
  ] as [string, string, LintOptions, string][])('%s', (_, text, options, expected) => {
    expect(lint(text, options)).toContain(expected);
  });

  it.each([
    ['raw fields below a known prefix', GOOD.replace('event.action', 'properties.requestBody'), { fields: FIELDS }],
    [
      'fields of other logs',
      GOOD.replace('cosmosdb}', 'signinlogs}').replace('event.action', 'ResultType'),
      { fields: FIELDS },
    ],
    [
      'a fold key of other logs that is selected',
      `${GOOD.replace('cosmosdb}', 'signinlogs}').replace('event.action', 'riskLevel.x')}fold: {by: riskLevel.x}\n`,
      { fields: FIELDS },
    ],
    [
      'what is nearly our name in logs of others',
      GOOD.replace('azure', 'aws').replace('cosmosdb}', 'x}').replace('event.action', 'event.acton'),
      { fields: FIELDS },
    ],
    [
      'a selection that only a level uses',
      `${GOOD.replace('  condition', '  big: {a: 1}\n  condition')}levels: [{when: big, level: high}]\n`,
      {},
    ],
    [
      'selections that only texts and ids are bound to',
      `${GOOD.replace('  condition', '  a: {a: 1}\n  b: {a: 2}\n  condition')}mitigation: [{text: Look, unless: a}]\nattack_mapping: [{tactic: TA0040, technique: T1485, when: [b]}]\n`,
      {},
    ],
    ["somebody's own attribute", `${GOOD}x-owner: team\n`, {}],
    [
      'a base rule without level',
      `${GOOD.replace(/level.*\n/, 'name: k\n')}---\n${GOOD.replace(/detection:(.|\n)*/, 'correlation: {rules: k}\n').replace('viewed', 'viewed often')}`,
      {},
    ],
  ])('is silent about %s', (_, text, options) => {
    expect(lint(text, options)).toEqual([]);
  });
});

describe('formatDiagnostic', () => {
  it('shows the line, and the cure under it', () => {
    const text = GOOD.replace('condition: selection', 'condition: selction and not filter');
    const shown = loadRules([{ file: 'rules/keys.yml', text }]).diagnostics.map((each) => formatDiagnostic(each, text));
    expect(shown[0]).toBe(`rules/keys.yml:9:14: error CW-3002: condition names unknown "selction"
   9 |   condition: selction and not filter
     |              ^^^^^^^^ did you mean "selection"?`);
  });

  it('has no excerpt for a whole file, and none without its text', () => {
    const [whole] = lintRules([{ file: 'a/b.yml', text: GOOD }], { files: [] });
    expect(formatDiagnostic(whole!, GOOD)).toBe('a/b.yml: warning CW-3060: no test beside it (b.test.yml)');
    const [place] = loadRules([{ file: 'f', text: '- a' }]).diagnostics;
    expect(formatDiagnostic(place!, null)).toBe(
      'f:1:1: error CW-3001: a rule is a map of keys and values\n       begin with "title:"',
    );
  });

  it('cuts long lines and keeps control characters from the terminal', () => {
    const text = `a: "${'x'.repeat(300)}\u001b[31m" ]`;
    const [found] = loadRules([{ file: 'f', text }]).diagnostics;
    const lines = formatDiagnostic(found!, text).split('\n');
    expect(lines[1]!.length).toBeLessThan(110);
    expect(lines[1]).not.toContain('\u001b');
  });
});
