import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { productAlerts, rules } from '../support/product.ts';
import { law, runs } from '../support/reading/runs.ts';
import { stream, textOf } from '../support/reading/streams/streams.ts';

/** Two rules of somebody else's: one looks at every fact with an outcome, the other counts it. */
const UNRELATED = `
title: Anything done
id: 77777777-7777-4777-8777-777777777701
name: anything_done
status: test
logsource: { product: azure, service: cosmosdb }
detection:
  done: { event.outcome: [success, failure] }
  condition: done
level: low
---
title: Much done
id: 77777777-7777-4777-8777-777777777702
name: much_done
status: test
correlation:
  type: event_count
  rules: [anything_done]
  group-by: [cosmosdb.account]
  timespan: 10m
  condition: { gte: 3 }
level: low
`;

const folder = mkdtempSync(join(tmpdir(), 'rules-'));
writeFileSync(join(folder, 'unrelated.yml'), UNRELATED);
const more = rules([folder]);

afterAll(() => rmSync(folder, { recursive: true }));

function texts(alerts: readonly Alert[]): string {
  return alerts.map((alert) => JSON.stringify(alert)).join('\n');
}

it('a rule more changes no other alert', () => {
  law(
    fc.record({ stream }),
    ({ stream: one }) => {
      const input = { files: [textOf(one)], declared: one.declared };
      const ours = productAlerts({ ...input, rules: more }).filter(({ rule }) => rule.startsWith('cosmosdb_'));
      const [plain, beside] = [texts(productAlerts(input)), texts(ours)];
      return plain === beside ? null : `without:\n${plain}\nwith:\n${beside}`;
    },
    runs(20, 0.2),
  );
});

it('skimming changes no alert', () => {
  law(
    fc.record({ stream }),
    ({ stream: one }) => {
      const input = { files: [textOf(one)], declared: one.declared };
      const [on, off] = [true, false].map((skim) => texts(productAlerts({ ...input, skim })));
      return on === off ? null : `skimmed:\n${on}\nparsed:\n${off}`;
    },
    runs(21, 0.25),
  );
});
