import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playDemo } from '../app/demo.ts';
import { serveDemo } from '../app/serveDemo.ts';
import { type Clock, untilAborted } from '../lib/clock.ts';
import { Progress } from '../lib/progress.ts';
import { dayOf } from '../report/demo.ts';
import { htmlOf } from '../report/html.ts';
import { levelsText } from '../report/summary.ts';
import { megabytes, plural } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed, startCommand } from './command.ts';
import { checkWritable, replaceFile } from './replaceFile.ts';
import { outLook } from './scanOptions.ts';
import type { Streams } from './streams.ts';

const DEMO: CommandSpec = {
  name: 'demo',
  summary: 'Play one day in a made-up tenant and watch the alerts',
  usage: '[options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--seed <S>', text: 'Another seed makes another day (default 1)' },
        { flags: '-o, --output <F>', text: 'Where the report goes (default cosmowatch-demo.html)' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `At a terminal it stays with the console until Ctrl-C; else it ends.

Example
  cosmowatch demo --seed 7`,
};

const RECORDS = 56_000;

const INTRO = `This plays one day in a made-up Azure tenant: five Cosmos DB accounts, their
ordinary life and one intruder. The logs go through the real program. Nothing
leaves this machine. Press Ctrl-C to stop.

`;

/** `cosmowatch demo` */
export async function runDemo(
  words: readonly string[],
  streams: Streams,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const parsed = startCommand(DEMO, words, streams.out);
  if (parsed === null) return 0;
  const file = parsed.text('output') ?? 'cosmowatch-demo.html';
  checkWritable(file, '--output');
  streams.out(INTRO);
  // At a terminal the day has just ended, so that the console shows what happened today.
  const folder = streams.isOutTerminal ? mkdtempSync(join(tmpdir(), 'cosmowatch-demo-')) : null;
  try {
    await play(parsed, file, folder, streams, clock, signal);
    if (signal.aborted) return INTERRUPTED;
    if (folder !== null) await stay(folder, streams, clock, signal);
    return 0;
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** As a shell says it of what Ctrl-C ended. */
const INTERRUPTED = 130;
const DAY = 86_400_000;
const MINUTE = 60_000;

async function play(
  parsed: Parsed,
  file: string,
  folder: string | null,
  streams: Streams,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const look = outLook(parsed, streams);
  const mode = parsed.isOn('quiet') || !streams.isErrTerminal ? 'off' : 'line';
  const progress = new Progress({ clock, write: streams.err, mode, width: look.width });
  const started = clock.now();
  const kept = folder === null ? {} : { folder, start: Math.floor(started / MINUTE) * MINUTE - DAY };
  const { told, context, rules } = await playDemo(
    { seed: parsed.text('seed') ?? '1', recordsPerDay: RECORDS, ...kept },
    clock,
    ({ share, at, records }) =>
      progress.update(
        () =>
          `reading  ${new Date(at).toISOString().slice(11, 16)} of 24:00   ${Math.floor(share * 100)} %   ${plural(records, 'record')}   ${bar(share)}`,
      ),
    signal,
  );
  progress.clear();
  if (signal.aborted) return;
  const seconds = (clock.now() - started) / 1000;
  streams.out(dayOf(told, look));
  replaceFile(file, htmlOf(told, { ...context, seconds }));
  const fired = new Set([...told].map(({ alert }) => alert.rule)).size;
  streams.out(`
${levelsText(told)}. ${fired} of ${rules.filter((rule) => rule.alerts).length} rules fired.
${plural(context.records, 'record')} (${megabytes(context.bytes)}) made, read and judged in ${seconds.toFixed(1)} s.

  ${file.padEnd(38)}timeline, evidence, what to do

Try next
  open ${file.padEnd(33)}look at the report
  bin/cosmowatch.js scan /path/to/logs  your own logs, from files
  bin/cosmowatch.js init                what a service needs, here and in Azure
  bin/cosmowatch.js serve               the same for your own logs, as they come
`);
}

/** The console over what was played, for whoever is at this machine. */
async function stay(folder: string, streams: Streams, clock: Clock, signal: AbortSignal): Promise<void> {
  const service = await serveDemo(folder, clock);
  streams.out(`\n  console  ${service.url}\n\nOne click there signs in. Nothing of it is kept: Ctrl-C ends it.\n`);
  await untilAborted(signal);
  await service.stop();
}

const BAR = 20;

function bar(share: number): string {
  const full = Math.round(share * BAR);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`;
}
