import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const store = (name: string): string =>
  JSON.stringify(fileURLToPath(new URL(`../../src/store/${name}`, import.meta.url)));

/**
 * Commits numbers, going on from the highest that is there, and writes each down once COMMIT has returned. Checkpoints are frequent, so that
 * kills meet them too, and come after all that they write was acknowledged: only then is it known that the log had been synced.
 */
const SCRIPT = `import { writeSync } from 'node:fs';
import { openStore } from ${store('open.ts')};
const { db } = openStore(process.argv[1], 0);
db.exec('PRAGMA wal_autocheckpoint = 0');
db.exec('CREATE TABLE IF NOT EXISTS numbers (n INTEGER PRIMARY KEY, x TEXT NOT NULL) STRICT');
const insert = db.prepare('INSERT INTO numbers VALUES (?, ?)');
let n = db.prepare('SELECT coalesce(max(n), 0) n FROM numbers').get().n;
writeSync(1, 'ready\\n');
for (;;) {
  n += 1;
  db.transaction(() => insert.run(n, 'x'.repeat((n * 7919) % 9000)));
  writeSync(1, n + '\\n');
  if (n % 5 === 0) db.exec('PRAGMA wal_checkpoint');
}`;

/**
 * Runs such a process on a data folder until it is killed, so long after it is ready.
 * @param wait resolves when it is time
 * @returns the highest number that it said was committed; 0: none
 */
export async function commitUntilKilled(folder: string, ledger: string, wait: () => Promise<void>): Promise<number> {
  const out = openSync(ledger, 'w');
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, folder], {
    stdio: ['ignore', out, 'inherit'],
  });
  closeSync(out);
  const ended = once(child, 'exit');
  while (!readFileSync(ledger, 'utf8').startsWith('ready\n')) {
    if (child.exitCode !== null) throw new Error('it ended by itself');
    await wait();
  }
  await wait();
  child.kill('SIGKILL');
  await ended;
  // A line that the kill cut short says nothing.
  return Number(/(\d+)\n[^\n]*$/.exec(readFileSync(ledger, 'utf8'))?.[1] ?? 0);
}
