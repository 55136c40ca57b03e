import fc from 'fast-check';
import { it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { LIVE_RULES } from '../support/live.ts';
import { productAlerts } from '../support/product.ts';
import { law, runs } from '../support/reading/runs.ts';
import { stream, textOf } from '../support/reading/streams/streams.ts';

/** But for what is decided by the alerts beside it. */
function texts(alerts: readonly Alert[]): string {
  return alerts.map((alert) => JSON.stringify({ ...alert, story: null, inhibitedBy: null })).join('\n');
}

it('a rule more changes no other alert', () => {
  law(
    fc.record({ stream }),
    ({ stream: one }) => {
      const input = { files: [textOf(one)], declared: one.declared };
      const ours = productAlerts({ ...input, rules: LIVE_RULES }).filter(({ rule }) => rule.startsWith('cosmosdb_'));
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
