import { REGEX_LIMITS } from '../src/sigma/regex.ts';
import { LIMITS } from '../src/sigma/yaml.ts';
import type { Case, Point } from '../test/sigma/case.ts';
import { page, table } from './reference.ts';

/** docs/sigma.md: what the tests of `test/sigma` decide. */
export function sigmaPage(points: readonly Point[], modifiers: Readonly<Record<string, Omit<Point, 'about'>>>): string {
  return page('Sigma', [
    'Rules are Sigma 2.1: detections, correlations, filters, all modifiers, several documents in a file. Where the specification leaves a point open, or says two things, this page says what cosmowatch does. Every line is tested, in `test/sigma/points.test.ts`, by cases of the names that stand in it; they run through the engine that scans logs.',
    '## Points that differ between implementations',
    table(
      ['', 'point', 'decision', 'cases'],
      points.map(({ about, decision, cases }, at) => [`${at + 1}`, about, decision, namesOf(cases)]),
    ),
    '## Modifiers',
    table(
      ['modifier', 'decision', 'cases'],
      Object.entries(modifiers).map(([name, { decision, cases }]) => [`\`${name}\``, decision, namesOf(cases)]),
    ),
    '## Where others decide differently',
    table(['what', 'here', 'elsewhere'], ELSEWHERE),
    '## YAML and limits',
    `YAML 1.2 with its core schema: \`yes\`, \`no\`, \`on\`, \`off\` are texts (but true and false where only those can stand: \`exists\`, \`generate\`), \`010\` is ten, dates are texts. A key that stands twice, a merge key (\`<<\`), a tag and a key that is no text are errors with their place. A file may have ${LIMITS.bytes / 1024} KiB, ${LIMITS.documents} rules, ${LIMITS.depth} levels, ${LIMITS.nodes} values and ${LIMITS.aliases} aliases.`,
    `Regular expressions are RE2's, run by \`re2js\` in linear time; V8's own is never used, because nothing here proves that a pattern cannot hang it. A pattern may have ${REGEX_LIMITS.characters} characters, ${REGEX_LIMITS.size} with its repeats written out, and ${REGEX_LIMITS.classes} classes of Unicode.`,
  ]);
}

function namesOf(cases: readonly Case[]): string {
  return cases.map(({ name }) => name).join('; ');
}

const ELSEWHERE: readonly (readonly string[])[] = [
  ['`f: null` and a missing field', 'matches', 'sigma-rust does not match'],
  ['`f: []`', 'matches nothing, with a warning', 'pySigma reads it as null'],
  ['the text `"1.1"` in an event and `|lt: 2`', 'compared as numbers', 'some compare only numbers'],
  ['`utf16`', 'begins with the bytes FF FE', 'pySigma puts the character U+FEFF there, which base64 encodes in UTF-8'],
  [
    '`{gt: 2, lte: 5}` in a correlation',
    'both must hold, judged when the time span is over',
    'pySigma refuses it; rsigma judges at each event',
  ],
  [
    '`condition: a and not b` of a `temporal`',
    'read; `not` is judged when the time span is over',
    'not in the specification; pySigma reads it',
  ],
  ['a pattern that matches no selection', 'an error', 'pySigma drops that part of the condition'],
  ['base rules of a correlation', 'raise no alerts, as the specification says', 'rsigma raises them by default'],
  ['`%name%` without a list', 'the rule matches nothing, with a warning', 'rsigma reads a field of the event'],
  [
    '`window: tumbling`, `sigma-version: 3`, `field[0]`',
    'not read, with an error or a warning: not in Sigma 2.1',
    'rsigma reads them',
  ],
];
