import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../events/vocabulary.ts';
import { lintRules } from '../sigma/lint.ts';
import { loadRules } from '../sigma/load.ts';
import { runCase } from './runTimeline.ts';
import { canScaffold, KINDS, scaffold } from './scaffold.ts';
import { readTimeline } from './timeline.ts';

const ALL = KINDS.flatMap((kind) =>
  ACTIONS.filter((action) => canScaffold(action, kind)).map((action) => [kind, action] as const),
);

describe('a new rule', () => {
  it.each(ALL)('%s of %s lints clean and passes its timeline', (kind, action) => {
    const { rule, timeline } = scaffold({ name: 'my_rule', kind, action, now: 1_764_000_000_000, schemas: 's' });
    const files = [{ file: 'my_rule.yml', text: rule }];
    const { rules, diagnostics } = loadRules(files);
    expect([...diagnostics, ...lintRules(files, { files: ['my_rule.yml', 'my_rule.test.yml'] })]).toEqual([]);
    const read = readTimeline(timeline, () => null);
    if (!('cases' in read)) throw new Error(read.join());
    expect(read.cases.flatMap((one) => runCase(read, one, rules))).toEqual([]);
  });

  it('what no record tells alone has none', () => {
    const cannot = ACTIONS.filter((action) => !canScaffold(action, 'detection'));
    expect(cannot).toEqual([
      'cosmosdb.container.write',
      'cosmosdb.client.first_use',
      'cosmosdb.client.large_read',
      'azure.key.disable',
      'azure.key.expire',
      'azure.key_vault.access_removed',
    ]);
    expect(ALL.filter(([kind, action]) => kind === 'absence' && !action.startsWith('cosmosdb.'))).toEqual([]);
  });

  it('ids are UUIDs, the same for the same moment, others for another', () => {
    const idsOf = (now: number): string[] =>
      [
        ...scaffold({
          name: 'x_y',
          kind: 'correlation',
          action: 'cosmosdb.keys.list',
          now,
          schemas: 's',
        }).rule.matchAll(/^id: (.*)$/gm),
      ].map(([, id]) => id!);
    const [one, two] = [idsOf(1), idsOf(2)];
    expect(one).toEqual(idsOf(1));
    expect(new Set([...one, ...two]).size).toBe(4);
    for (const id of one) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
