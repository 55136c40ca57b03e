import { readFileSync } from 'node:fs';
import type { StoredAlert } from '../../src/alerts/stored.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createReceivers, linksFrom } from '../../src/notify/receivers.ts';
import { safeHttp } from '../../src/notify/safeHttp.ts';
import { webhook } from '../../src/notify/webhook.ts';
import { Worker } from '../../src/notify/worker.ts';
import { Db } from '../../src/store/db.ts';
import { SqliteOutbox } from '../../src/store/outbox.ts';
import { SILENT } from '../../src/telemetry/log.ts';

/*
 * The delivery as a process of its own, to be killed: `outboxChild.ts FILE URL RUN ALERTS ALERT.json`. Each start queues the same news of the same
 * alerts again, as a service does that reads its input again, and then sends. It ends when nothing waits any more.
 */

const [file, url, run, count, alertFile] = process.argv.slice(2) as [string, string, string, string, string];
const db = new Db(file);
const outbox = new SqliteOutbox(db);
const real = JSON.parse(readFileSync(alertFile, 'utf8')) as StoredAlert;

/** Several alerts in a transaction, as a batch of records makes them. */
const TOGETHER = 25;
for (let first = 0; first < Number(count); first += TOGETHER) {
  db.transaction(() => {
    for (let at = first; at < Math.min(first + TOGETHER, Number(count)); at++) live(at);
  });
}

function live(at: number): void {
  for (const [revision, kind] of (['opened', 'amended', 'resolved'] as const).entries()) {
    const status = kind === 'resolved' ? ('resolved' as const) : ('open' as const);
    const alert = { ...real.alert, id: `alert${at}`, status };
    const news = { kind, stored: { ...real, alert, revision: revision + 1 }, why: 'a test' };
    outbox.enqueue(news, [{ receiver: 'hook/0', groupWait: 0, repeat: null }], systemClock.now());
  }
}

const config = webhook.schema.parse({ type: 'webhook', url, allow: ['127.0.0.1'], headers: { 'x-run': run } });
const ports = { clock: systemClock, random: Math.random, log: SILENT };
const receivers = createReceivers(new Map([['hook', [{ kind: webhook, config }]]]), { ...ports, http: safeHttp() });
const worker = new Worker({ ...ports, outbox, links: linksFrom(null) }, { receivers, flood: 0 });
const running = worker.run();
while (outbox.counts().some(({ waiting }) => waiting > 0)) await systemClock.sleep(20);
await worker.stop();
await running;
db.close();
