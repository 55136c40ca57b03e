import { expect, it } from 'vitest';
import { type FolderIo, writeFolder } from './folder.ts';
import { DEMO_DAY, simulate } from './simulate.ts';

function written() {
  const files = new Map<string, string>();
  const io: FolderIo = { append: (path, text) => void files.set(path, (files.get(path) ?? '') + text) };
  const options = { scenario: 'theft', seed: '1', days: 1, start: DEMO_DAY, recordsPerDay: 1500 } as const;
  const simulation = simulate({ ...options, variant: 'export' });
  return { files, told: writeFolder(simulation, io), truth: simulation.truth() };
}

const { files, told, truth } = written();
const logs = [...files].filter(([path]) => path !== 'truth.ndjson');

it('lies as in a Storage account', () => {
  const layout =
    /^insights-(?:activity-logs|logs-(?:controlplanerequests|dataplanerequests|mongorequests|auditevent))\/resourceId=\/SUBSCRIPTIONS\/[^a-z]+\/y=2026\/m=11\/d=24\/h=\d\d\/m=00\/PT1H\.json$/;
  expect(logs.map(([path]) => path).filter((path) => !layout.test(path))).toEqual([]);
  expect(new Set(logs.map(([path]) => path.split('/')[0])).size).toBe(5);
});

it('each record lies in the file of its hour and resource', () => {
  for (const [path, text] of logs) {
    const hour = /h=(\d\d)/.exec(path)![1];
    const owner = /resourceId=(.*)\/y=/.exec(path)![1]!;
    for (const line of text.trimEnd().split('\n')) {
      const record = JSON.parse(line) as { time: string; resourceId: string };
      expect(record.time.slice(11, 13)).toBe(hour);
      expect(record.resourceId.startsWith(owner)).toBe(true);
    }
  }
});

it('says how much it wrote', () => {
  const text = logs.map(([, content]) => content).join('');
  expect(told).toEqual({ records: text.trimEnd().split('\n').length, bytes: Buffer.byteLength(text) });
});

it('the truth lies beside it, a line an alert', () => {
  const lines = files.get('truth.ndjson')!.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(truth);
});
