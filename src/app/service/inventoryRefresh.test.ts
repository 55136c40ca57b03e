import { afterAll, beforeAll, expect, it } from 'vitest';
import { ArmServer } from '../../../test/support/armServer.ts';
import { readInventory } from '../../accounts/inventory.ts';
import { fixedClock } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import { AzureRest } from '../../sources/azureRest.ts';
import { Db } from '../../store/db.ts';
import { addInventory, inventoriesIn } from '../../store/inventories.ts';
import { SILENT } from '../../telemetry/log.ts';
import { refreshOnce } from './inventoryRefresh.ts';

const SUB = '00000000-0000-0000-0000-0000000000aa';
const ID = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const LIST = `/subscriptions/${SUB}/providers/microsoft.documentdb/databaseaccounts`;
const NOW = Date.parse('2026-11-24T03:00:00Z');

let server: ArmServer;
beforeAll(async () => {
  server = await ArmServer.start();
});
afterAll(() => server.stop());

function account(access: string, changed: string): object {
  return {
    id: ID,
    type: 'Microsoft.DocumentDB/databaseAccounts',
    systemData: { lastModifiedAt: changed },
    properties: { publicNetworkAccess: access, primaryMasterKey: 'canary' },
  };
}

it('keeps what Azure says when it is something else than before, with its time and without secrets', async () => {
  const db = new Db(':memory:');
  const credential = async () => ({ getToken: async () => ({ token: 'token', expiresOnTimestamp: NOW + 1e9 }) });
  const rest = new AzureRest({ endpoint: server.endpoint, scope: 'x', credential, now: () => NOW });
  const kept: boolean[] = [];
  const askAt = async (ms: number): Promise<void> => {
    const keep = (at: number, documents: readonly JsonObject[]): void => {
      kept.push(db.transaction(() => addInventory(db, { at, documents })));
    };
    const deps = { clock: fixedClock(ms), log: SILENT, keep };
    await refreshOnce(rest.get, [SUB], deps, new AbortController().signal);
  };
  server.lists.set(LIST, [account('Disabled', 'one')]);
  await askAt(NOW);
  server.lists.set(LIST, [account('Disabled', 'two')]);
  await askAt(NOW + 1000);
  server.lists.set(LIST, [account('Enabled', 'three')]);
  await askAt(NOW + 2000);
  expect(kept).toEqual([true, false, true]);
  const stored = inventoriesIn(db);
  expect(stored.map(({ at }) => at)).toEqual([NOW * 1000, (NOW + 2000) * 1000]);
  expect(JSON.stringify(stored)).not.toContain('canary');
  const { accounts } = readInventory(stored[0]!.documents);
  expect([...accounts.keys()]).toEqual([ID.toLowerCase()]);
  expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
});
