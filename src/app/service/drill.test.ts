import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/errors.ts';
import { rulesFor } from '../rules.ts';
import { scanTexts } from '../scan.ts';
import { DRILL_ACCOUNT, drillable, drillOf } from './drill.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const rules = rulesFor([], [], new Map());
const raising = rules.filter(({ alerts }) => alerts).map(({ meta }) => ({ name: meta.name, id: meta.id }));

describe('drills', () => {
  it.each(raising)('$name fires on its drill, for a made-up account', (rule) => {
    const drill = drillOf(rule, [], NOW, 'x7');
    const { told } = scanTexts(
      [{ name: 'drill', chunks: [Buffer.from(drill.records.map(({ line }) => line).join('\n'))] }],
      rules,
      {
        since: null,
        until: drill.until * 1000,
        nowMs: NOW,
        expectAccounts: [],
        minLevel: 'informational',
        skim: true,
      },
    );
    const fired = [...told].filter(({ alert }) => alert.ruleId === rule.id);
    expect(fired.length).toBeGreaterThan(0);
    expect(fired.some(({ alert }) => alert.account?.endsWith(`/${DRILL_ACCOUNT}x7`))).toBe(true);
    expect(drill.records.every(({ at }) => at <= NOW)).toBe(true);
  });

  it('a rule without a timeline is told, with what to write', () => {
    expect(() => drillOf({ name: 'my_rule', id: 'x' }, [], NOW, 'a')).toThrow(UserError);
  });

  it('a rule is found by its short name, and a misspelt one is told', () => {
    expect(drillable('backup_deleted', raising).name).toBe('cosmosdb_backup_deleted');
    expect(() => drillable('backup_deletd', raising)).toThrow('no active rule');
  });
});
