import { describe, expect, it } from 'vitest';
import { load } from './config.test-support.ts';
import { loadExceptions } from './exceptions.ts';

const OWNED = 'owner: ann@contoso.example, reason: planned';
const GOOD = `exceptions:
  good: {match: {rule: r, actor: "%admins%"}, ${OWNED}, expires: 2027-03-01}
lists: {admins: [ann@contoso.example], offices: [192.0.2.0/24, 300.1.1.1]}
`;

function exception(text: string) {
  return load(`${GOOD.replace('lists:', `  bad: ${text}\nlists:`)}`);
}

function told({ refused }: ReturnType<typeof load>): string[] {
  return refused.map(({ line, code, message, hint }) => `${line} ${code} ${message} (${hint})`);
}

describe('exceptions of a configuration', () => {
  it('are read, with what they were written as', () => {
    const { config, refused } = load(GOOD);
    expect(refused).toEqual([]);
    expect(config!.tuning.exceptions).toEqual([
      {
        name: 'good',
        spec: {
          match: { rule: 'r', actor: '%admins%' },
          owner: 'ann@contoso.example',
          reason: 'planned',
          expires: '2027-03-01',
        },
      },
    ]);
  });

  it.each([
    [
      'without an owner',
      '{match: {rule: r, actor: a}, reason: x, expires: 2027-03-01}',
      /CW-8006 exceptions\.bad\.owner is missing/,
    ],
    [
      'without a reason',
      '{match: {rule: r, actor: a}, owner: x, expires: 2027-03-01}',
      /CW-8006 exceptions\.bad\.reason is missing/,
    ],
    ['without an end', `{match: {rule: r, actor: a}, ${OWNED}}`, /CW-8006 exceptions\.bad\.expires is missing/],
    ['without anything it matches', `{${OWNED}, expires: 2027-03-01}`, /CW-8006 exceptions\.bad\.match is missing/],
    [
      'that matches everything',
      `{match: {}, ${OWNED}, expires: 2027-03-01}`,
      /CW-8103 exceptions\.bad\.match matches everything/,
    ],
    ['of any rule', `{match: {rule: "*"}, ${OWNED}, expires: 2027-03-01}`, /CW-8103/],
    ['of every address', `{match: {address: 0.0.0.0/0}, ${OWNED}, expires: 2027-03-01}`, /CW-8103/],
    ['of an hour alone', `{match: {time: [{from: "01:00"}]}, ${OWNED}, expires: 2027-03-01}`, /CW-8103/],
    [
      'with a range that is none',
      `{match: {address: [192.0.2.0/24, 192.0.2.0/33]}, ${OWNED}, expires: 2027-03-01}`,
      /CW-8104 exceptions\.bad\.match\.address is no address or range: 192\.0\.2\.0\/33/,
    ],
    ['with an address of leading zeros', `{match: {address: 192.0.2.07}, ${OWNED}, expires: 2027-03-01}`, /CW-8104/],
    [
      'with a list of which an entry is none',
      `{match: {address: "%offices%"}, ${OWNED}, expires: 2027-03-01}`,
      /CW-8104 .*names a list with an entry that is no address or range: 300\.1\.1\.1/,
    ],
    [
      'with a list that there is not',
      `{match: {actor: "%admin%"}, ${OWNED}, expires: 2027-03-01}`,
      /CW-8011 .*did you mean "%admins%"\?/,
    ],
    [
      'with a key that there is not',
      `{match: {rule: r, actors: a}, ${OWNED}, expires: 2027-03-01}`,
      /CW-8004 exceptions\.bad\.match has no key "actors" \(did you mean "actor"\?\)/,
    ],
    [
      'with a day that there is not',
      `{match: {rule: r, actor: a}, ${OWNED}, expires: 2027-02-30}`,
      /CW-8005 exceptions\.bad\.expires is no time/,
    ],
    [
      'with a zone that there is not',
      `{match: {rule: r, time: [{zone: Europe/Berln}]}, ${OWNED}, expires: 2027-03-01}`,
      /CW-8005 exceptions\.bad\.match\.time\.zone is no time zone/,
    ],
    [
      'with an hour that there is not',
      `{match: {rule: r, time: [{from: "24:00"}]}, ${OWNED}, expires: 2027-03-01}`,
      /CW-8005 .*hours and minutes/,
    ],
    ['that is a list', '[rule]', /CW-8005 exceptions\.bad is a map/],
  ])('one %s is refused alone', (_name, text, mistake) => {
    const loaded = exception(text);
    expect(told(loaded).join('\n')).toMatch(mistake);
    expect(told(loaded).every((one) => one.startsWith('3 '))).toBe(true);
    expect(loaded.config!.tuning.exceptions.map(({ name }) => name)).toEqual(['good']);
    expect(loaded.config!.tuning.refused).toMatchObject([{ path: 'exceptions.bad' }]);
  });

  it('a name that is none', () => {
    expect(told(load(GOOD.replace('  good:', '  "go od":')))[0]).toContain('CW-8005 exceptions.go od is no name');
  });

  it('what is no map is refused, and the rest is in force', () => {
    const loaded = load('exceptions: [a]\nsilences: 3\ndata: here\n');
    expect(told(loaded)).toHaveLength(2);
    expect(loaded.config!.data).toBe('/etc/cosmowatch/here');
  });

  it.each([
    ['hides a whole rule', '{match: {rule: r}', 'expires: 2027-03-01', 'CW-8106'],
    ['has expired', '{match: {rule: r, actor: a}', 'expires: 2026-11-24', 'CW-8107'],
  ])('one that %s is warned of, and in force', (_name, match, expires, code) => {
    const { config, diagnostics } = exception(`${match}, ${OWNED}, ${expires}}`);
    expect(diagnostics.map((one) => [one.severity, one.code])).toEqual([['warning', code]]);
    expect(config!.tuning.exceptions).toHaveLength(2);
  });

  it('a scan reads them without what they are not about', () => {
    const text = `${GOOD}receivers: {x: [{type: slack, url: env:NOT_THERE}]}\nsilences: {s: 3}\n`;
    const { exceptions, diagnostics } = loadExceptions({ name: 'c.yml', text }, 0);
    expect([exceptions.length, diagnostics]).toEqual([1, []]);
  });
});

describe('silences and calendars', () => {
  const silence = (text: string) => load(`silences:\n  one: ${text}\n`);
  it.each([
    ['with an end', `{match: {account: a}, until: 2026-11-25, ${OWNED}}`],
    ['from then on', `{match: {level: [low]}, from: 2026-11-25T22:00:00Z, until: 2026-11-26T02:00:00+01:00, ${OWNED}}`],
    [
      'each week',
      `{match: {rule: r}, weekly: [{days: [sun], from: "22:00", to: "02:00", zone: Europe/Berlin}], ${OWNED}}`,
    ],
  ])('%s', (_name, text) => {
    const loaded = silence(text);
    expect([told(loaded), loaded.config!.tuning.silences.length]).toEqual([[], 1]);
  });

  it.each([
    [
      'in the past',
      `{match: {account: a}, until: 2026-11-24, ${OWNED}}`,
      /2 CW-8105 silences\.one\.until is in the past/,
    ],
    ['without an end', `{match: {account: a}, ${OWNED}}`, /CW-8005 silences\.one has no end/],
    ['that ends before it begins', `{match: {account: a}, from: 2027-01-01, until: 2026-12-01, ${OWNED}}`, /CW-8105/],
    ['of everything', `{match: {}, until: 2027-01-01, ${OWNED}}`, /CW-8103/],
    ['without an owner', '{match: {account: a}, until: 2027-01-01, reason: x}', /CW-8006/],
    ['of a day that there is not', `{match: {account: a}, weekly: [{days: [sonntag]}], ${OWNED}}`, /CW-8005/],
  ])('one %s is refused', (_name, text, mistake) => {
    const loaded = silence(text);
    expect(told(loaded).join('\n')).toMatch(mistake);
    expect([loaded.config!.tuning.silences, loaded.config!.tuning.refused.length]).toEqual([[], 1]);
  });

  it('a calendar', () => {
    const loaded = load(`calendars: {weekends: {account: "*-dev", weekly: [{days: [sat, sun]}], ${OWNED}}}\n`);
    expect([told(loaded), loaded.config!.tuning.calendars.length]).toEqual([[], 1]);
    expect(told(load(`calendars: {all: {account: "*", weekly: [{}], ${OWNED}}}\n`))[0]).toContain('CW-8103');
  });
});
