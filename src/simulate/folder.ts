import type { Family } from '../events/event.ts';
import { HOUR } from './clock.ts';
import type { SimulatedRecord } from './records.ts';
import type { Simulation } from './simulate.ts';

/** Where a simulation is written to. */
export interface FolderIo {
  append(path: string, text: string): void;
}

function containerOf(family: Family): string {
  return family === 'ActivityLog' ? 'insights-activity-logs' : `insights-logs-${family.toLowerCase()}`;
}

/** Characters that wait in memory at most. */
const PATIENCE = 8_000_000;

/** Lays records out as Azure does in a Storage account: a file an hour and resource, a record a line; the truth beside them. */
export function writeFolder(
  simulation: Simulation,
  io: FolderIo,
): { readonly records: number; readonly bytes: number } {
  const waiting = new Map<string, string[]>();
  let [records, bytes, hour, size] = [0, 0, -1, 0];
  const flush = () => {
    for (const [path, lines] of waiting) io.append(path, `${lines.join('\n')}\n`);
    waiting.clear();
    size = 0;
  };
  for (const record of simulation.records) {
    const own = Math.floor(record.time / HOUR);
    if (own !== hour || size > PATIENCE) flush();
    hour = own;
    const path = pathOf(record);
    const lines = waiting.get(path);
    if (lines) lines.push(record.line);
    else waiting.set(path, [record.line]);
    records += 1;
    size += record.line.length;
    bytes += Buffer.byteLength(record.line) + 1;
  }
  flush();
  const truth = simulation.truth().map((one) => `${JSON.stringify(one)}\n`);
  io.append('truth.ndjson', truth.join(''));
  return { records, bytes };
}

function pathOf({ family, time, resource }: SimulatedRecord): string {
  const [date, clock] = new Date(time).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-');
  return `${containerOf(family)}/resourceId=${resource.toUpperCase()}/y=${year}/m=${month}/d=${day}/h=${clock.slice(0, 2)}/m=00/PT1H.json`;
}
