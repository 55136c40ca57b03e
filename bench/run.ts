import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mix, makeMixes, writeRules } from './data.ts';
import { canMeasure, interleaved, type Program, type Runs } from './measure.ts';
import { peersFor } from './peers.ts';
import { type Measured, ratiosOf, table } from './table.ts';

/*
 * `npm run bench`: simulated logs, read by us and by outside programs in turn. `--full`: a GB instead of a tenth of one. `--rounds N`:
 * instead of 5. Ratios of one run can be compared between machines; single times cannot. COSMOWATCH_BENCH_TOOLS: a folder with
 * node_modules/@duckdb/node-api.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'bin/cosmowatch.js');

function scanOf(name: string, { file }: Pick<Mix, 'file'>, ...words: string[]): Program {
  return { name, command: [process.execPath, main, 'scan', file, '--format', 'ndjson', '--quiet', ...words] };
}

function programsFor(folder: string, records: number): { programs: Program[]; mixes: Mix[] } {
  const { mixes, envelopes } = makeMixes(main, folder, records);
  const [rare, some, all] = mixes as [Mix, Mix, Mix];
  const rules = writeRules(join(folder, 'rules'), 3000);
  const empty = { file: join(folder, 'one.ndjson') };
  writeFileSync(
    empty.file,
    '{"time":"2026-11-24T03:00:00Z","category":"DataPlaneRequests","resourceId":"/x","operationName":"Read","properties":{}}\n',
  );
  const parse = (mix: Mix, name: string) => ({ ...peersFor(mix.file, folder, undefined)[1]!, name });
  return {
    mixes,
    programs: [
      scanOf('scan', rare, '--jobs', '1'),
      ...peersFor(rare.file, folder, process.env['COSMOWATCH_BENCH_TOOLS']),
      scanOf('scan, 2 threads', rare, '--jobs', '2'),
      scanOf('scan, envelopes', envelopes, '--jobs', '1'),
      scanOf('scan, one line', empty, '--jobs', '1'),
      scanOf('scan, one line, 3,000 rules', empty, '--jobs', '1', '--rules', rules),
      scanOf('scan, 3,000 rules', rare, '--jobs', '1', '--rules', rules),
      scanOf('scan, 12 %', some, '--jobs', '1'),
      parse(some, 'JSON.parse a line, 12 %'),
      scanOf('scan, 100 %', all, '--jobs', '1'),
      parse(all, 'JSON.parse a line, 100 %'),
      scanOf('scan, 100 %, 3,000 rules', all, '--jobs', '1', '--rules', rules),
    ],
  };
}

function save(megabytes: number, rounds: number, runs: ReadonlyMap<string, Runs>, ratios: readonly Measured[]): string {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'latest.json');
  writeFileSync(file, `${JSON.stringify({ megabytes, rounds, runs: Object.fromEntries(runs), ratios }, null, 1)}\n`);
  return file;
}

function run(words: readonly string[]): void {
  if (!canMeasure()) throw new Error('/usr/bin/time is not here: apt-get install time');
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-bench-'));
  try {
    const at = words.indexOf('--rounds');
    const rounds = at < 0 ? 5 : Number(words[at + 1]);
    const { programs, mixes } = programsFor(folder, words.includes('--full') ? 1_400_000 : 150_000);
    const megabytes = statSync(mixes[0]!.file).size / 1e6;
    const runs = interleaved(programs, rounds);
    const ratios = ratiosOf(runs, megabytes);
    process.stdout.write(table(megabytes, rounds, runs, ratios));
    process.stdout.write(`as JSON: ${save(megabytes, rounds, runs, ratios)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

run(process.argv.slice(2));
