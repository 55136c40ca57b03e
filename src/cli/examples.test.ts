import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from './cli.test-support.ts';

const at = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

async function found(...words: string[]): Promise<string[]> {
  const { code, out } = await run(['scan', at('logs'), '--format', 'ndjson', ...words]);
  expect(code).toBe(0);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { rule: string; level: string })
    .map(({ rule, level }) => `${rule} ${level}`);
}

it('the logs hold what the README of the examples says', async () => {
  expect(await found()).toEqual([
    'cosmosdb_access_keys_viewed medium',
    'cosmosdb_network_access_changed medium',
    'cosmosdb_item_deleted low',
  ]);
});

it('with the inventory the firewall is known to have been closed before', async () => {
  expect(await found('--inventory', `${at('inventory.json')}@2026-11-24`)).toContain(
    'cosmosdb_network_access_changed critical',
  );
});

it('the rule is without fault, and its timeline as expected', async () => {
  expect(await run(['rules', 'lint', at('rules')])).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 errors, 0 warnings'),
  });
  expect(await run(['rules', 'test', at('rules')])).toMatchObject({ code: 0, out: '3 cases as expected, 0 not.\n' });
});
