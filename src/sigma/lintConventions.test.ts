import { describe, expect, it } from 'vitest';
import { lintRules } from './lint.ts';
import { LINT_CODES } from './lintCodes.ts';

const GOOD = `title: Keys viewed
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
status: test
description: Somebody read the keys.
references: [https://contoso.example/keys]
author: contoso
date: 2026-11-24
tags: [attack.credential-access, attack.t1555.006]
logsource: {product: azure, service: cosmosdb}
detection:
  selection: {event.action: cosmosdb.keys.list}
  condition: selection
falsepositives: [Somebody may]
level: low
`;

function lint(text: string, file = 'keys.yml'): string[] {
  return lintRules([{ file, text }]).map(
    ({ severity, code, line, column, message, hint }) =>
      `${severity} ${code} ${line}:${column} ${message}${hint === null ? '' : `; ${hint}`}`,
  );
}

function with_(attribute: string, value: string): string {
  const line = new RegExp(`^${attribute}:.*\n`, 'm');
  return line.test(GOOD) ? GOOD.replace(line, `${attribute}: ${value}\n`) : `${GOOD}${attribute}: ${value}\n`;
}

function selecting(selection: string): string {
  return GOOD.replace('{event.action: cosmosdb.keys.list}', selection);
}

function when(condition: string, more = ''): string {
  return GOOD.replace('  condition: selection\n', `${more}  condition: ${condition}\n`);
}

const TABLE: readonly (readonly [string, string, string])[] = [
  [
    'a long title',
    with_('title', `T${'x'.repeat(110)}`),
    'info CW-3070 1:8 the title has 111 characters; at most 110 fit a table',
  ],
  [
    'a title beyond the limit',
    with_('title', `T${'x'.repeat(256)}`),
    'warning CW-3070 1:8 the title has 257 characters, Sigma allows 256',
  ],
  ['a small title', with_('title', 'keys viewed'), 'info CW-3070 1:8 the title begins with a small letter'],
  [
    'a title with a full stop',
    with_('title', 'Keys viewed.'),
    'info CW-3070 1:8 the title ends with a full stop or space',
  ],
  [
    'a title that detects',
    with_('title', 'Detects keys'),
    'info CW-3070 1:8 every rule detects something; name what it finds',
  ],
  [
    'nothing that people ask for',
    GOOD.replace(/^(author|status|falsepositives):.*\n/gm, ''),
    'info CW-3071 1:1 the rule has no status, no author, no falsepositives; SigmaHQ asks for it',
  ],
  ['a level in capitals', with_('level', 'High'), 'info CW-3072 14:8 "High" is not in small letters; write "high"'],
  [
    'a product in capitals',
    GOOD.replace('product: azure', 'product: Azure'),
    'info CW-3072 9:22 "Azure" is not in small letters; write "azure"',
  ],
  [
    'an old date',
    with_('date', '2024/1/9'),
    'warning CW-3073 7:7 "2024/1/9" is an old form of a date; write 2024-01-09',
  ],
  [
    'modified too early',
    with_('modified', '2026-11-23'),
    'warning CW-3074 15:11 modified before it was written (2026-11-24)',
  ],
  [
    'modified, but no date',
    with_('modified', '2026-11-23').replace(/^date.*\n/m, ''),
    'info CW-3074 14:11 modified, but no date; say when it was written',
  ],
  [
    'a strange namespace',
    with_('tags', '[team.shop]'),
    'info CW-3075 8:8 "team" is no namespace of Sigma; it has attack, car, cve, d3fend, detection, stp, tlp',
  ],
  [
    'a tactic of old',
    with_('tags', '[attack.credential_access]'),
    'info CW-3076 8:8 tactics are written with dashes since Sigma 2; write "attack.credential-access"',
  ],
  [
    'a technique that is none',
    with_('tags', '[attack.t155]'),
    'warning CW-3076 8:8 "attack.t155" is no tag of its namespace; attack: a tactic, or t1485 and the like',
  ],
  [
    'a CVE of old',
    with_('tags', '[cve.2021.44228]'),
    'info CW-3076 8:8 a CVE number is written with a dash; write "cve.2021-44228"',
  ],
  [
    'a tag twice',
    with_('tags', '[attack.impact, attack.impact]'),
    'warning CW-3077 8:23 "attack.impact" stands twice in tags; take one out',
  ],
  [
    'a short description',
    with_('description', 'Keys read.'),
    'info CW-3078 4:14 the description has 10 characters; say what happened',
  ],
  [
    'a link in the description',
    with_('description', 'See https://contoso.example for more'),
    'info CW-3079 4:14 a link in the description; put it into references',
  ],
  [
    'a false positive that is none',
    with_('falsepositives', '[None]'),
    'info CW-3080 13:18 "None" tells nothing; say what is harmless, or Unknown',
  ],
  [
    'a small false positive',
    with_('falsepositives', '[backups]'),
    'info CW-3080 13:18 "backups" begins with a small letter',
  ],
  [
    'a misspelt false positive',
    with_('falsepositives', '[Ligitimate use]'),
    'info CW-3080 13:18 "Ligitimate" is misspelt',
  ],
  [
    'a reference that is no page',
    with_('references', '[the manual]'),
    'info CW-3081 5:14 "the manual" is no address of a page; it begins with https://',
  ],
  [
    'an attribute of nobody',
    with_('priority', '1'),
    'info CW-3082 15:1 "priority" is no attribute of Sigma or ours; x-... is your own',
  ],
  [
    'deprecated without successor',
    with_('status', 'deprecated'),
    'info CW-3083 3:9 a deprecated rule names what replaces it; add related: [{id: ..., type: obsolete}]',
  ],
  ['a list of one', selecting('{a: [x]}'), 'info CW-3086 11:15 "a" is a list of one value; write it on the same line'],
  [
    '|all of one',
    selecting('{a|contains|all: [x]}'),
    'warning CW-3058 11:15 |all with one value changes nothing; leave it out',
  ],
  [
    '1 of them',
    when('1 of them'),
    'info CW-3087 12:14 "1 of them" also means selections that are added later; name a pattern: selection_*',
  ],
  ['a pattern of one', when('all of sel*'), 'info CW-3088 12:14 "all of sel*" means only "selection"; write selection'],
  [
    'a value that another contains',
    selecting('{a|contains: [keys, listKeys]}'),
    'info CW-3089 11:34 "keys" finds all that "listKeys" finds; take it out',
  ],
  [
    'a value that another begins',
    selecting('{a|startswith: [list, listKeys]}'),
    'info CW-3089 11:36 "list" finds all that "listKeys" finds; take it out',
  ],
  [
    'a value that another ends',
    selecting('{a|endswith: [keys, listKeys]}'),
    'info CW-3089 11:34 "keys" finds all that "listKeys" finds; take it out',
  ],
  [
    'a value twice, in another case',
    selecting('{a: [Keys, keys]}'),
    'warning CW-3090 11:25 "keys" stands twice; take one out',
  ],
  [
    'stars at both ends',
    selecting('{a: "*keys*"}'),
    'info CW-3091 11:18 a wildcard at the end of a value; write |contains and "keys"',
  ],
  [
    'a star behind',
    selecting('{a: keys*}'),
    'info CW-3091 11:18 a wildcard at the end of a value; write |startswith and "keys"',
  ],
  [
    'a star before',
    selecting('{a: "*keys"}'),
    'info CW-3091 11:18 a wildcard at the end of a value; write |endswith and "keys"',
  ],
  [
    'a star that is there anyway',
    selecting('{a|endswith: "*keys"}'),
    'info CW-3092 11:27 |endswith puts the * there by itself; take it out',
  ],
  [
    'an expression that is a text',
    selecting('{a|re: keys}'),
    'info CW-3093 11:21 a regular expression without any sign of one; write |contains|cased',
  ],
  [
    'an expression open at an end',
    selecting('{a|re: "keys.*"}'),
    'info CW-3093 11:21 .* at an end changes nothing; an expression may match anywhere: take it out',
  ],
  [
    'null in a list',
    selecting('{a: [x, null]}'),
    'warning CW-3094 11:22 null in a list of values; Sigma wants it in a selection of its own, joined by the condition',
  ],
  [
    'an empty text',
    selecting('{a|contains: ""}'),
    'warning CW-3095 11:27 every value contains the empty text; name a text, or use |exists',
  ],
  [
    'spaces in a name',
    selecting('{"a |contains": x}'),
    'warning CW-3096 11:15 spaces around the field name "a "; write "a"',
  ],
  [
    'two selections alike',
    when('selection or other', '  other: {event.action: cosmosdb.keys.list}\n'),
    'warning CW-3098 12:3 "other" asks the same as "selection"; keep one, or correct the other',
  ],
  [
    'no group-by',
    `${GOOD}name: keys\n---\ntitle: Many\ncorrelation: {type: event_count, rules: keys, timespan: 5m, condition: {gte: 2}}\n`,
    "info CW-3097 18:1 no group-by: all events count together; Sigma's schema asks for it",
  ],
];

describe('conventions', () => {
  it('a rule that follows them all is left alone', () => {
    expect(lint(GOOD)).toEqual([]);
  });

  it.each(TABLE)('%s', (_name, text, expected) => {
    expect(lint(text)).toContain(expected);
  });

  it.each([
    ['a wildcard within', '{a: "x*y"}'],
    ['a star alone', '{a: "*"}'],
    ['an escaped star', String.raw`{a: 'x\*'}`],
    ['wildcards at more places', '{a: "*x*y*"}'],
    ['values that only look alike', '{a|contains: [keys, lock]}'],
    ['parts that must all be there', '{a|contains|all: [keys, listKeys]}'],
    ['cases that differ', '{a|cased: [Keys, keys]}'],
    ['a covering value with a wildcard', '{a|contains: ["k*s", "k*sx"]}'],
    ['an expression with anchors', '{a|re: "^keys$"}'],
    ['keywords', '[one, two]'],
  ])('%s is fine', (_name, selection) => {
    const about = lint(selecting(selection)).filter(
      (line) => !/CW-30(?:86|89)/.test(line) || !selection.includes('all'),
    );
    expect(about).toEqual([]);
  });

  it('of two rules with one title the second is told', () => {
    const found = lintRules([
      { file: 'a.yml', text: GOOD },
      { file: 'b.yml', text: GOOD.replace('Keys viewed', 'keys VIEWED') },
    ]);
    expect(found.map(({ file, code, message }) => `${file} ${code} ${message}`)).toContain(
      'b.yml CW-3085 the title is already that of a.yml:1',
    );
  });

  it.each([
    [
      'own/Keys-Viewed.yaml',
      'info CW-3084 0:0 others would call the file keys_viewed.yml; small letters, digits, _ and .yml',
    ],
    [
      String.raw`own\Keys.yml`,
      'info CW-3084 0:0 others would call the file keys.yml; small letters, digits, _ and .yml',
    ],
  ])('a file called %s', (file, expected) => {
    expect(lint(GOOD, file)).toEqual([expected]);
  });

  it('a rule that is only counted, or only looked up, needs no more than an id', () => {
    const base = GOOD.replace(/^(status|references|author|date|tags|falsepositives|level|description):.*\n/gm, '');
    const correlation = `${GOOD.slice(0, GOOD.indexOf('logsource'))}level: low\nfalsepositives: [Some]\ncorrelation: {type: event_count, rules: k, group-by: [u], timespan: 5m, condition: {lt: 1}}\ntouched_by: {rule: t, within: 1h}\n`;
    const named = (name: string, at: number) =>
      `${base.replace(/5638/, `563${at}`).replace('Keys viewed', `Keys ${name}`)}name: ${name}\n`;
    expect(
      lint([named('k', 1), named('t', 2).replace('keys.list', 'keys.regenerate'), correlation].join('---\n')),
    ).toEqual([]);
  });

  it('a list of thousands takes no time', () => {
    const values = Array.from({ length: 20_000 }, (_, at) => `v${at}`).join(', ');
    const start = performance.now();
    expect(lint(selecting(`{a|contains: [${values}]}`))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('every code is shown by a case', () => {
    const shown = new Set(TABLE.map(([, , expected]) => expected.split(' ')[1]));
    const elsewhere = ['CW-3084', 'CW-3085'];
    expect(Object.keys(LINT_CODES).filter((code) => !shown.has(code) && !elsewhere.includes(code))).toEqual([]);
  });
});
