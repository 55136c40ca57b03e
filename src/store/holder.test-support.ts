import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process that has a data folder open until it is killed. `pid` once it has it. */
export async function holdFolder(folder: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const open = fileURLToPath(new URL('./open.ts', import.meta.url));
  const script = `import { openStore } from ${JSON.stringify(open)};
const store = openStore(process.argv[1], 0);
process.stdout.write('open');
setInterval(() => store, 1000);`;
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
