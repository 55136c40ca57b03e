import type { SimulatedRecord } from './records.ts';
import type { Simulation } from './simulate.ts';

/** Where a simulation is written to. */
export interface FolderIo {
  append(path: string, text: string): void;
}

const CONTAINERS: Readonly<Record<SimulatedRecord['stream'], string>> = {
  activity: 'insights-activity-logs',
  control: 'insights-logs-controlplanerequests',
  data: 'insights-logs-dataplanerequests',
  mongo: 'insights-logs-mongorequests',
  keyvault: 'insights-logs-auditevent',
};

/** Lays records out as Azure does in a Storage account: a file an hour and resource, a record a line; the truth beside them. */
export function writeFolder(
  simulation: Simulation,
  io: FolderIo,
): { readonly records: number; readonly bytes: number } {
  const waiting = new Map<string, string[]>();
  let [records, bytes, hour] = [0, 0, -1];
  const flush = () => {
    for (const [path, lines] of waiting) io.append(path, `${lines.join('\n')}\n`);
    waiting.clear();
  };
  for (const record of simulation.records) {
    const own = Math.floor(record.time / 3_600_000);
    if (own !== hour) flush();
    hour = own;
    const path = pathOf(record);
    const lines = waiting.get(path);
    if (lines) lines.push(record.line);
    else waiting.set(path, [record.line]);
    records += 1;
    bytes += Buffer.byteLength(record.line) + 1;
  }
  flush();
  io.append(
    'truth.ndjson',
    simulation
      .truth()
      .map((truth) => `${JSON.stringify(truth)}\n`)
      .join(''),
  );
  return { records, bytes };
}

function pathOf({ stream, time, resource }: SimulatedRecord): string {
  const [date, clock] = new Date(time).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-');
  return `${CONTAINERS[stream]}/resourceId=${resource.toUpperCase()}/y=${year}/m=${month}/d=${day}/h=${clock.slice(0, 2)}/m=00/PT1H.json`;
}
