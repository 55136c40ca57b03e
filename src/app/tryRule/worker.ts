import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Task } from './bench.ts';
import type { Surroundings } from './draft.ts';

/** What runs beside the service: a text comes in, what it does goes out. */

enableCompileCache();
const [{ lintDraft }, { testDraft }, { backtestDraft }] = await Promise.all([
  import('./lint.ts'),
  import('./timelines.ts'),
  import('./backtest.ts'),
]);
const surroundings = workerData as Surroundings;

function run(task: Task): unknown {
  switch (task.kind) {
    case 'lint':
      return lintDraft(task.draft, surroundings);
    case 'test':
      return testDraft(task.draft, task.timeline, surroundings);
    case 'backtest':
      return backtestDraft(task.draft, task.stored, surroundings);
  }
}

parentPort!.on('message', (task: Task) => parentPort!.postMessage(run(task)));
