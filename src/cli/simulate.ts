import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { megabytes, plural } from '../report/text.ts';
import { SCENARIOS } from '../simulate/attacks.ts';
import { writeFolder } from '../simulate/folder.ts';
import { VARIANTS } from '../simulate/forms.ts';
import { DEMO_DAY, simulate } from '../simulate/simulate.ts';
import { DETAILS } from '../simulate/telling.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { choice, readTime, wrong } from './scanOptions.ts';
import type { Streams } from './streams.ts';

const SIMULATE: CommandSpec = {
  name: 'simulate',
  summary: 'Write the logs of a made-up tenant, with the truth beside them',
  usage: '--out <DIR> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--out <DIR>', text: 'An empty or new folder; laid out as Azure does in a Storage account' },
        {
          flags: '--scenario <NAME>',
          text: `What happens on the first day: ${Object.keys(SCENARIOS).join(', ')} (default theft)`,
        },
        { flags: '--seed <N>', text: 'The same seed writes the same bytes (default 1)' },
        { flags: '--days <D>', text: 'How many days (default 1)' },
        { flags: '--records <N>', text: 'Requests a day (default 50000)' },
        { flags: '--variant <V>', text: `Wire form: ${VARIANTS.join(', ')} (default export)` },
        {
          flags: '--requests-as <R>',
          text: `How NoSQL requests are logged, one by one or summed up: ${DETAILS.join(', ')} (default requests)`,
        },
        { flags: '--start <T>', text: 'Midnight of the first day (default 2026-11-24)' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `What each form cannot tell: docs/reference/forms.md

Examples
  cosmowatch simulate --scenario theft --out logs/
  cosmowatch scan logs/ --format ndjson | wc -l; wc -l logs/truth.ndjson`,
};

/** `cosmowatch simulate` */
export async function runSimulate(words: readonly string[], streams: Streams, _clock: Clock): Promise<number> {
  const parsed = startCommand(SIMULATE, words, streams.out);
  if (parsed === null) return 0;
  const { text } = parsed;
  const out = text('out');
  if (out === null)
    throw new UserError('CW-1001', 'simulate needs a folder to write to', { cure: 'cosmowatch simulate --out logs/' });
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new UserError('CW-2004', `${out} is not empty`, { cure: 'give a new folder with --out' });
  }
  const scenario = choice('--scenario', text('scenario'), Object.keys(SCENARIOS)) ?? 'theft';
  const simulation = simulate({
    scenario,
    seed: text('seed') ?? '1',
    days: whole('--days', text('days'), 1, 3660),
    recordsPerDay: whole('--records', text('records'), 50_000, 100_000_000),
    variant: choice('--variant', text('variant'), VARIANTS) ?? 'export',
    detail: choice('--requests-as', text('requestsAs'), DETAILS) ?? 'requests',
    start:
      text('start') === null
        ? DEMO_DAY
        : Math.floor(readTime('--start', text('start')!, DEMO_DAY) / 86_400_000_000) * 86_400_000,
  });
  const { records, bytes } = writeFolder(simulation, {
    append(path, content) {
      const file = join(out, path);
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, content);
    },
  });
  streams.err(
    `${plural(records, 'record')} (${megabytes(bytes)}) of "${scenario}" in ${out}; what must be found: ${join(out, 'truth.ndjson')}\n`,
  );
  return 0;
}

function whole(option: string, value: string | null, normal: number, most: number): number {
  if (value === null) return normal;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw wrong(option, value, `a whole number from 1 to ${most}`);
}
