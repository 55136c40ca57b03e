import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = (name: string): string => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

/**
 * A process that has a data folder open, and adds a row to its audit log every few milliseconds, until it is killed. Given once it has the
 * folder and three rows are in it.
 */
export async function holdFolder(folder: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const script = `import { openStore } from ${file('./open.ts')};
import { appendAudit } from ${file('./audit.ts')};
const { db } = openStore(process.argv[1], 0);
const add = () => db.transaction(() => appendAudit(db, { at: 0, by: 'x', what: 'y', target: 'z', detail: {} }));
for (let i = 0; i < 3; i++) add();
process.stdout.write('open');
setInterval(add, 3);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('it ended before it had the folder')));
  });
  return {
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
