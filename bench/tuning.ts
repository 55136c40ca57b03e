import { Live } from '../src/app/live/live.ts';
import { rulesFor } from '../src/app/rules.ts';
import { Gate } from '../src/app/service/gate.ts';
import { DEMO_DAY, simulate } from '../src/simulate/simulate.ts';
import { AlertStore } from '../src/store/alerts.ts';
import { Db } from '../src/store/db.ts';
import { exceptionOf } from '../src/tuning/exception.ts';

/*
 * What it costs to ask stored alerts again when an exception is made: `node bench/tuning.ts [ALERTS]`. The alerts are those of a simulated theft,
 * over and over.
 */

const count = Number(process.argv[2] ?? 5000);
const db = new Db(':memory:');
const store = new AlertStore(db);
fill();
for (const exceptions of [1, 20]) {
  const gate = new Gate(db, { alert: (id) => store.get(id), tellAgain: nothingIsLate });
  gate.use({ exceptions: Array.from({ length: exceptions }, (_, n) => exceptionNo(n)), silences: [] });
  const started = performance.now();
  db.transaction(() => gate.tick(DEMO_DAY));
  const each = (performance.now() - started) / count;
  process.stdout.write(`${count} alerts, ${exceptions} exceptions: ${each.toFixed(2)} ms an alert\n`);
}
db.close();

function nothingIsLate(): never {
  throw new Error('nothing is kept back yet');
}

function exceptionNo(n: number) {
  const match = { rule: 'cosmosdb_item_deleted', address: `10.${n}.0.0/16` };
  return exceptionOf(`e${n}`, { match, owner: 'ann', reason: 'bench', expires: '2999-01-01' }, {});
}

function fill(): void {
  const rules = rulesFor([], [], new Map());
  const live = new Live({ rules, db: new Db(':memory:'), now: () => DEMO_DAY, declared: [], inventories: [] });
  store.setRules(rules.map(({ meta }) => meta));
  const { records } = simulate({
    scenario: 'theft',
    seed: '1',
    days: 1,
    start: DEMO_DAY,
    recordsPerDay: 40,
    variant: 'export',
  });
  const bytes = [Buffer.from([...records].map(({ line }) => `${line}\n`).join(''))];
  const batch = { bytes, name: 'day', partition: '', position: null, arrived: null, progress: null, speaksFor: null };
  live.commit([live.read({ name: 'bench', labels: {} }, batch)]);
  const alerts = [...live.every({ subscriptions: null })];
  db.transaction(() => {
    for (let n = 0; n < count; n++) {
      const one = alerts[n % alerts.length]!;
      const id = n.toString(16).padStart(32, '0');
      const stored = { ...one, alert: { ...one.alert, id, settledId: id } };
      const row = { fold: '{}', scope: '', opened: n, last: n, hasControl: true, digest: '', caller: null };
      store.save(stored, { ...row, ruleId: one.alert.ruleId });
    }
  });
}
