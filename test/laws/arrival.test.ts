import fc from 'fast-check';
import { describe, it } from 'vitest';
import { productAlerts } from '../support/product.ts';
import { law, runs } from '../support/reading/runs.ts';
import { type Stream, stream, textOf } from '../support/reading/streams/streams.ts';

/** How a stream arrives: in which order, how often, cut into which files of which framing, and in chunks of how many bytes. */
interface Arrival {
  readonly stream: Stream;
  readonly order: readonly number[];
  readonly copies: readonly number[];
  readonly files: readonly number[];
  readonly framing: 'lines' | 'array' | 'records';
  readonly chunk: number;
}

const arrival: fc.Arbitrary<Arrival> = stream.chain((one) => {
  const { length } = one.lines;
  const each = (max: number) => fc.array(fc.nat(max), { minLength: length, maxLength: length });
  return fc.record({
    stream: fc.constant(one),
    order: each(1_000_000),
    copies: each(12).map((all) => all.map((n) => (n > 4 ? 0 : n))),
    files: each(2),
    framing: fc.constantFrom('lines', 'array', 'records'),
    chunk: fc.constantFrom(0, 61, 4096),
  });
});

function filesOf({ stream: { lines }, order, copies, files, framing }: Arrival): string[] {
  const shuffled = lines
    .flatMap((line, n) => Array.from({ length: 1 + copies[n]! }, (_, copy) => ({ line, n, copy })))
    .sort((a, b) => ((order[a.n]! * (a.copy + 7)) % 9973) - ((order[b.n]! * (b.copy + 7)) % 9973));
  return [0, 1, 2].map((file) => {
    const records = shuffled.filter(({ n }) => files[n] === file).map(({ line }) => line.record);
    if (framing === 'array') return JSON.stringify(records);
    if (framing === 'records') return JSON.stringify({ records }, null, 1);
    return records.map((record) => `${JSON.stringify(record)}\n`).join('');
  });
}

/** Alerts as bytes; null if they are the same. */
function difference(one: readonly object[], other: readonly object[]): string | null {
  const [first, second] = [one, other].map((alerts) => alerts.map((alert) => JSON.stringify(alert)));
  if (first!.join('\n') === second!.join('\n')) return null;
  const only = (some: readonly string[], others: readonly string[]) => some.filter((line) => !others.includes(line));
  return [
    ...only(first!, second!).map((line) => `- ${line}`),
    ...only(second!, first!).map((line) => `+ ${line}`),
  ].join('\n');
}

describe('how records arrive changes no byte of the alerts', () => {
  it.each([1, 2])(
    'part %i',
    (part) => {
      law(
        arrival,
        (given) => {
          const { declared } = given.stream;
          const plain = productAlerts({ files: [textOf(given.stream)], declared });
          return difference(plain, productAlerts({ files: filesOf(given), declared, chunk: given.chunk }));
        },
        runs(10 + part, 0.25),
      );
    },
    300_000,
  );
});
