import { median, type Run, type Runs } from './measure.ts';

/** A ratio, what it must be and what it is. */
export interface Measured {
  readonly what: string;
  readonly value: number | null;
  readonly must: number;
  /** Whether smaller is better. */
  readonly isCost: boolean;
}

type Figure = (run: Run) => number;
const wall: Figure = (run) => run.wall;
const cpu: Figure = (run) => run.cpu;

/** Medians of the figures of one run of the bench, against what was set out to reach. */
export function ratiosOf(runs: ReadonlyMap<string, Runs>, megabytes: number): Measured[] {
  const of = (name: string, figure: Figure = wall): number | null => {
    const own = runs.get(name);
    return own === undefined || own === null ? null : median(own.map(figure));
  };
  const ratio = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a / b);
  const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);
  const start = of('scan, one line', cpu);
  const start3000 = of('scan, one line, 3,000 rules', cpu);
  const read = (name: string, from: number | null): number | null => minus(of(name, cpu), from);
  const speed = ratio(of('simdjson'), of('scan'));
  return [
    { what: 'ours / wc -l', value: ratio(of('scan'), of('wc -l')), must: 4.5, isCost: true },
    { what: 'JSON.parse / ours, 0.1 %', value: ratio(of('JSON.parse a line'), of('scan')), must: 5, isCost: false },
    {
      what: 'JSON.parse / ours, 12 %',
      value: ratio(of('JSON.parse a line, 12 %'), of('scan, 12 %')),
      must: 3,
      isCost: false,
    },
    {
      what: 'JSON.parse / ours, 100 %',
      value: ratio(of('JSON.parse a line, 100 %'), of('scan, 100 %')),
      must: 0.9,
      isCost: false,
    },
    { what: 'jq / ours', value: ratio(of('jq'), of('scan')), must: 13, isCost: false },
    { what: 'mawk / ours', value: ratio(of('mawk'), of('scan')), must: 1.4, isCost: false },
    { what: 'our MB/s / simdjson', value: speed, must: 0.2, isCost: false },
    { what: 'DuckDB CPU / ours', value: ratio(of('DuckDB', cpu), of('scan', cpu)), must: 3, isCost: false },
    {
      what: '3,000 rules / 9, mix (CPU, start taken off)',
      value: ratio(read('scan, 3,000 rules', start3000), read('scan', start)),
      must: 1.2,
      isCost: true,
    },
    {
      what: '3,000 rules / 9, 100 % (CPU, start taken off)',
      value: ratio(read('scan, 100 %, 3,000 rules', start3000), read('scan, 100 %', start)),
      must: 1.5,
      isCost: true,
    },
    { what: '{"records":[200]} / NDJSON', value: ratio(of('scan, envelopes'), of('scan')), must: 1.15, isCost: true },
    { what: 'one thread / two', value: ratio(of('scan'), of('scan, 2 threads')), must: 1.6, isCost: false },
    { what: 'peak memory, MiB', value: of('scan', (run) => run.memory), must: 128, isCost: true },
    { what: 'start to first result, ms', value: ratio(of('scan, one line'), 0.001), must: 400, isCost: true },
    { what: 'MB/s, start included', value: ratio(megabytes, of('scan')), must: 0, isCost: false },
  ];
}

export function table(
  megabytes: number,
  rounds: number,
  runs: ReadonlyMap<string, Runs>,
  ratios: readonly Measured[],
): string {
  const lines = [
    `${megabytes.toFixed(0)} MB, medians of ${rounds} interleaved rounds, start included`,
    '',
    `${'program'.padEnd(28)}     wall   min-max          CPU   MiB`,
  ];
  for (const [name, own] of runs) {
    if (own === null || own.length === 0) {
      lines.push(`${name.padEnd(28)}  not here`);
      continue;
    }
    const walls = own.map(wall);
    const range = `${Math.min(...walls).toFixed(2)}-${Math.max(...walls).toFixed(2)}`;
    lines.push(
      `${name.padEnd(28)} ${median(walls).toFixed(2).padStart(6)} s  ${range.padEnd(12)} ${median(own.map(cpu)).toFixed(2).padStart(6)} s ${median(
        own.map((run) => run.memory),
      )
        .toFixed(0)
        .padStart(5)}`,
    );
  }
  lines.push('', `${'ratio'.padEnd(46)}     is   must`);
  for (const { what, value, must, isCost } of ratios) {
    const isMet = value !== null && (isCost ? value <= must : value >= must);
    const told =
      value === null
        ? 'not here'
        : `${value.toFixed(2).padStart(7)} ${isCost ? '<=' : '>='} ${must}${isMet ? '' : '   missed'}`;
    lines.push(`${what.padEnd(46)} ${told}`);
  }
  return `${lines.join('\n')}\n`;
}
