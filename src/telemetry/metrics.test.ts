import { expect, it } from 'vitest';
import { prometheus, type State } from './metrics.ts';

const STATE: State = {
  sources: [
    { name: 'hub', isRunning: true, lagSeconds: 12, progress: 1_764_000_000_000 },
    { name: 'pushed', isRunning: false, lagSeconds: null, progress: null },
  ],
  storeBytes: 4096,
  storeEvents: 7,
  queueBatches: 2,
  queueBytes: 300,
  deliveriesWaiting: 1,
  deliveriesDead: 0,
  openAlerts: 3,
  isReady: true,
  archive: { bytes: 16, seconds: 2.5, lost: 1 },
};

async function linesOf(state: State, use: (metrics: ReturnType<typeof prometheus>) => void): Promise<string[]> {
  const metrics = prometheus({ version: '0.1.0', state: () => state, ofProcess: false });
  use(metrics);
  return (await metrics.render()).split('\n');
}

it.each<[string, (metrics: ReturnType<typeof prometheus>) => void]>([
  ['cosmowatch_build_info{version="0.1.0"} 1', () => {}],
  ['cosmowatch_ready 1', () => {}],
  ['cosmowatch_store_bytes 4096', () => {}],
  ['cosmowatch_store_events 7', () => {}],
  ['cosmowatch_queue_batches 2', () => {}],
  ['cosmowatch_queue_bytes 300', () => {}],
  ['cosmowatch_deliveries_waiting 1', () => {}],
  ['cosmowatch_deliveries_dead 0', () => {}],
  ['cosmowatch_open_alerts 3', () => {}],
  ['cosmowatch_source_up{source="hub"} 1', () => {}],
  ['cosmowatch_source_up{source="pushed"} 0', () => {}],
  ['cosmowatch_source_lag_seconds{source="hub"} 12', () => {}],
  ['cosmowatch_source_progress_timestamp_seconds{source="hub"} 1764000000', () => {}],
  [
    'cosmowatch_records_total{family="ActivityLog",fate="accepted"} 5',
    (metrics) => {
      metrics.records('ActivityLog', 'accepted', 2);
      metrics.records('ActivityLog', 'accepted', 3);
      metrics.records('ActivityLog', 'rejected', 1);
    },
  ],
  ['cosmowatch_alert_changes_total{rule="r",kind="opened"} 1', (metrics) => metrics.alertChanged('r', 'opened')],
  [
    'cosmowatch_account_requests_total{account="orders",log="request"} 5',
    (metrics) =>
      metrics.requests('orders', 'request', { requests: 5, errors: 1, throttled: 1, units: 12.5, bytes: 100 }),
  ],
  [
    'cosmowatch_account_throttled_total{account="other",log="request"} 1',
    (metrics) => {
      const figures = { requests: 1, errors: 1, throttled: 0, units: 1, bytes: 1 };
      for (let at = 0; at < 1000; at++) metrics.requests(`a${at}`, 'request', figures);
      metrics.requests('one-too-many', 'request', { ...figures, throttled: 1 });
    },
  ],
  ['cosmowatch_committed_batches_total 3', (metrics) => metrics.committed(0.02, 3)],
  ['cosmowatch_commit_seconds_bucket{le="0.025"} 1', (metrics) => metrics.committed(0.02, 3)],
  ['cosmowatch_commit_seconds_bucket{le="0.01"} 0', (metrics) => metrics.committed(0.02, 3)],
  ['cosmowatch_deliveries_total{receiver="slack",outcome="retry"} 1', (metrics) => metrics.delivered('slack', 'retry')],
  [
    'cosmowatch_http_requests_total{method="GET",route="/healthz",status="200"} 1',
    (metrics) => metrics.answered('GET', '/healthz', 200, 0.004),
  ],
  [
    'cosmowatch_http_request_seconds_count{route="/healthz"} 1',
    (metrics) => metrics.answered('GET', '/healthz', 200, 0.004),
  ],
])('%s', async (line, use) => {
  expect(await linesOf(STATE, use)).toContain(line);
});

it('what is not known is not there, and a source that went away goes', async () => {
  let state = STATE;
  const metrics = prometheus({ version: '0.1.0', state: () => state, ofProcess: false });
  expect(await metrics.render()).not.toContain('lag_seconds{source="pushed"}');
  state = { ...STATE, sources: [] };
  expect(await metrics.render()).not.toContain('source="hub"');
});

it('two do not share their figures, and those of the process are there when asked for', async () => {
  const one = prometheus({ version: '0.1.0', state: () => STATE, ofProcess: true });
  const two = prometheus({ version: '0.1.0', state: () => STATE, ofProcess: false });
  one.alertChanged('r', 'opened');
  expect(await two.render()).not.toContain('rule="r"');
  expect(await one.render()).toContain('process_resident_memory_bytes');
  expect(one.contentType).toContain('version=0.0.4');
});
