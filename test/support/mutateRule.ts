/** Pieces of rules that are most likely to break a reader of rules. */
const BITS = [
  ...['|', '"', '(', ')', '*', '\\', '%x%', '|all', '|re', ': ', '- ', '\n', '  ', '[', '{}', '&a ', '*a', '<<: '],
  ...[
    '__proto__: ',
    'constructor: ',
    '{2,9}',
    '---\n',
    'not ',
    '1e999',
    '\u0000',
    '!!x ',
    '\ud800',
    '(?i)',
    '|windash',
  ],
  ...['|expand', '|base64offset', '|fieldref', '|cidr', '1 of them', 'timespan: 1s\n', 'action: repeat\n', '# ', '? '],
];

/** A text with one to four places changed: something put in, something of another seed put in, something taken out. */
export function mutated(seed: string, seeds: readonly string[], random: (below: number) => number): string {
  let text = seed;
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(text.length + 1);
    const other = seeds[random(seeds.length)]!;
    const from = random(other.length + 1);
    const put = [BITS[random(BITS.length)]!, '', other.slice(from, from + random(80))][random(3)]!;
    text = text.slice(0, at) + put + text.slice(at + random(6));
  }
  return text;
}
