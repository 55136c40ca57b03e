import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench`: one day of the simulator, read by us and by outside programs in turn. Ratios of one run can be compared between
 * machines; single times cannot.
 */

const ROUNDS = 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-bench-'));
const file = join(folder, 'all.ndjson');

const PARSE =
  "const fs=require('fs');let n=0,rest='';const b=Buffer.alloc(1<<20);const f=fs.openSync(process.argv[1],'r');for(let l;(l=fs.readSync(f,b,0,b.length,null));){const p=(rest+b.toString('latin1',0,l)).split('\\n');rest=p.pop();for(const x of p)if(JSON.parse(x).operationName==='Delete')n++}console.log(n)";

const PROGRAMS: readonly { readonly name: string; readonly command: readonly [string, ...string[]] }[] = [
  {
    name: 'cosmowatch scan',
    command: [process.execPath, join(root, 'bin/cosmowatch.js'), 'scan', file, '--format', 'ndjson', '--quiet'],
  },
  {
    name: 'cosmowatch scan --no-skim',
    command: [
      process.execPath,
      join(root, 'bin/cosmowatch.js'),
      'scan',
      file,
      '--format',
      'ndjson',
      '--quiet',
      '--no-skim',
    ],
  },
  { name: 'JSON.parse a line', command: [process.execPath, '-e', PARSE, file] },
  { name: 'jq select', command: ['jq', '-c', 'select(.operationName=="Delete")', file] },
  { name: 'wc -l', command: ['wc', '-l', file] },
];

function secondsOf(command: readonly [string, ...string[]]): number | null {
  const started = process.hrtime.bigint();
  const { error, status } = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'ignore'] });
  return error || status !== 0 ? null : Number(process.hrtime.bigint() - started) / 1e9;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

try {
  const records = process.argv.includes('--full') ? '1200000' : '200000';
  const logs = join(folder, 'logs');
  spawnSync(process.execPath, [join(root, 'bin/cosmowatch.js'), 'simulate', '--out', logs, '--records', records], {
    stdio: 'inherit',
  });
  spawnSync('sh', ['-c', `find '${logs}' -name PT1H.json -exec cat {} + > '${file}'`]);
  const megabytes = statSync(file).size / 1e6;
  const times = PROGRAMS.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { command }] of PROGRAMS.entries()) {
      const seconds = secondsOf(command);
      if (seconds !== null) times[at]!.push(seconds);
    }
  }
  const ours = median(times[0]!);
  process.stdout.write(
    `${megabytes.toFixed(0)} MB, medians of ${ROUNDS} interleaved rounds, wall time with start-up\n`,
  );
  for (const [at, { name }] of PROGRAMS.entries()) {
    const own = times[at]!;
    if (own.length === 0) process.stdout.write(`${name.padEnd(27)} not here\n`);
    else {
      const seconds = median(own);
      const ratio = (seconds / ours).toFixed(2).padStart(7);
      process.stdout.write(
        `${name.padEnd(27)} ${seconds.toFixed(2).padStart(6)} s ${(megabytes / seconds).toFixed(0).padStart(6)} MB/s ${ratio} x ours\n`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
