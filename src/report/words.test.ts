import { describe, expect, it } from 'vitest';
import { PORTAL_ADDRESSES } from '../events/portal.ts';
import type { Json } from '../lib/json.ts';
import { explainOf } from './explain.ts';
import { storyOf } from './story.ts';
import {
  arm,
  CARTS,
  continuous,
  created,
  diagnostics,
  endpoint,
  firewallRule,
  fourOf,
  HOUR,
  ipRules,
  KEY,
  keyed,
  lastOf,
  lock,
  mongoDelete,
  onAccount,
  onKey,
  open,
  patch,
  periodic,
  put,
  read,
  request,
  VAULT,
} from './words.test-support.ts';

const BY = 'by ann@contoso.example from 198.51.100.23; confirmed';

/** The reason without who did it and that it is confirmed, which are the same in every case. */
function shortReason(reason: string): string {
  return reason.replace(` ${BY}`, '');
}

interface Sentence {
  readonly name: string;
  readonly rule: string;
  readonly records: readonly Json[];
  readonly reason: string;
  readonly what?: string;
}

const SENTENCES: readonly Sentence[] = [
  {
    name: 'the account deleted after its backup was weakened: the worst, and what else',
    rule: 'backup_deleted',
    records: [put(0, continuous(30)), put(1000, continuous(7)), onAccount(2000, 'delete')],
    what: 'account deleted',
    reason:
      'The account orders-prod was deleted at 00:33:20 UTC; 1 other change at 00:16:40 UTC (backups kept 7 days, was 30 days).',
  },
  {
    name: 'continuous to periodic backup',
    rule: 'backup_deleted',
    records: [put(0, continuous(30)), put(1000, { backupPolicy: { type: 'Periodic' } })],
    reason: 'Backups of orders-prod are taken periodically instead of continuously since 00:16:40 UTC.',
  },
  {
    name: 'an interval of a day',
    rule: 'backup_deleted',
    records: [put(0, periodic(240)), put(1000, periodic(1440))],
    what: 'backups made every day, was every 4 hours',
    reason: 'Backups of orders-prod are made every day instead of every 4 hours since 00:16:40 UTC.',
  },
  {
    name: 'where copies lie',
    rule: 'backup_deleted',
    records: [put(0, periodic(240)), put(1000, periodic(240, 24, 'Local'))],
    reason:
      'Backups of orders-prod are stored in one data center (Local) instead of in two regions (Geo) since 00:16:40 UTC.',
  },
  {
    name: 'a backup policy that was put back',
    rule: 'backup_deleted',
    records: [put(0, continuous(30)), put(1000, continuous(7)), put(2000, continuous(30))],
    what: 'backups kept 7 days, was 30 days, put back',
    reason:
      'Backups of orders-prod were kept 7 days instead of 30 days from 00:16:40 UTC on; since then it was put back as it was, or stricter.',
  },
  {
    name: 'a lock that was set again',
    rule: 'deletion_protection_disabled',
    records: [lock(0, 'write', 'CanNotDelete'), lock(1000, 'delete'), lock(1300, 'write', 'CanNotDelete')],
    what: 'delete lock removed, put back',
    reason:
      'The lock keep (CanNotDelete) that protected orders-prod was removed at 00:16:40 UTC; since then it was put back as it was, or stricter.',
  },
  {
    name: 'two locks are two things',
    rule: 'deletion_protection_disabled',
    records: [lock(0, 'delete'), lock(10, 'delete', undefined, 'other')],
    reason:
      'The lock other that protected orders-prod was removed at 00:00:10 UTC; 1 other change at 00:00:00 UTC (lock keep removed).',
  },
  {
    name: 'a key that was switched on again',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), onKey(9000, 'KeyUpdate', { enabled: false }), onKey(9100, 'KeyUpdate', { enabled: true })],
    what: 'encryption key disabled, put back',
    reason:
      'The key cmk in the vault kv-shop, which encrypts orders-prod, was disabled at 02:30:00 UTC; since then it was put back as it was, or stricter.',
  },
  {
    name: 'nobody makes a key expire',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), onKey(9000, 'KeyExpiredEventGridNotification')],
    reason: 'The key cmk in the vault kv-shop, which encrypts orders-prod, expired at 02:30:00 UTC; confirmed.',
  },
  {
    name: 'a vault that was deleted: its key is known',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), arm(9000, VAULT, 'Microsoft.KeyVault/vaults/delete')],
    reason: 'The key cmk in the vault kv-shop, which encrypts orders-prod, was deleted with its vault at 02:30:00 UTC.',
  },
  {
    name: 'a key that is set with nothing known before',
    rule: 'customer_managed_key_changed',
    records: [patch(0, { keyVaultKeyUri: KEY })],
    what: 'encryption key set',
    reason: `orders-prod is encrypted with ${KEY} since 00:00:00 UTC; what it was before is not known.`,
  },
  {
    name: 'logs that are delivered again',
    rule: 'logging_changed',
    records: [
      diagnostics(0, ['DataPlaneRequests', 'MongoRequests'], { workspaceId: '/subscriptions/s/w' }),
      diagnostics(1000, ['MongoRequests'], { workspaceId: '/subscriptions/s/w' }),
      diagnostics(2000, ['DataPlaneRequests', 'MongoRequests'], { workspaceId: '/subscriptions/s/w' }),
    ],
    what: 'DataPlaneRequests log switched off, put back',
    reason:
      'The log DataPlaneRequests of orders-prod was switched off (to-security: on -> off) at 00:16:40 UTC; since then it was put back as it was, or stricter.',
  },
  {
    name: 'open since, where nothing is known before',
    rule: 'network_access_changed',
    records: [patch(0, ipRules('0.0.0.0'))],
    what: 'open to all Azure customers',
    reason:
      'Network access to orders-prod is open to all Azure customers (IP rules: 0.0.0.0) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'ranges, where nothing is known before',
    rule: 'network_access_changed',
    records: [patch(0, ipRules('192.0.2.1'))],
    what: 'open to 1 range',
    reason:
      'Network access to orders-prod is open to 192.0.2.1 (IP rules: 192.0.2.1) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'TLS, where nothing is known before, is not allowed again',
    rule: 'network_access_changed',
    records: [patch(0, { minimalTlsVersion: 'Tls' })],
    what: 'TLS 1.0 and newer accepted',
    reason:
      'orders-prod accepts TLS 1.0 and newer (minimalTlsVersion: Tls) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'TLS, known before',
    rule: 'network_access_changed',
    records: [put(0, { minimalTlsVersion: 'Tls12' }), patch(1000, { minimalTlsVersion: 'Tls11' })],
    what: 'TLS 1.1 allowed again',
    reason: 'orders-prod was made to accept TLS 1.1 again (minimalTlsVersion: Tls12 -> Tls11) at 00:16:40 UTC.',
  },
  {
    name: 'public access, where nothing is known before',
    rule: 'network_access_changed',
    records: [patch(0, { publicNetworkAccess: 'Enabled' })],
    what: 'public access on',
    reason:
      'Public access to orders-prod is on (publicNetworkAccess: Enabled) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'opened to all of Azure, then public access switched off: closed',
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1')), put(1000, open), patch(1500, { publicNetworkAccess: 'Disabled' })],
    what: 'closed again',
    reason:
      'Network access to orders-prod, open to all Azure customers since 00:16:40 UTC, was closed again (publicNetworkAccess: Disabled) at 00:25:00 UTC.',
  },
  {
    name: "the portal's addresses",
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1')), put(1000, ipRules('192.0.2.1', ...PORTAL_ADDRESSES))],
    what: 'open to the Azure portal',
    reason:
      'Network access to orders-prod was opened to the Azure portal (its four fixed addresses added to its IP rules) at 00:16:40 UTC.',
  },
  {
    name: "three of the portal's addresses are ranges",
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1')), put(1000, ipRules('192.0.2.1', ...PORTAL_ADDRESSES.slice(1)))],
    what: 'open to 3 more ranges',
    reason:
      'Network access to orders-prod was opened to 13.91.105.215, 4.210.172.107 and 40.91.218.243 (13.91.105.215, 4.210.172.107 and 40.91.218.243 added to its IP rules) at 00:16:40 UTC.',
  },
  {
    name: 'narrowed is not put back',
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1', '192.0.2.2')), put(1000, ipRules('192.0.2.1'))],
    what: 'network access narrowed',
    reason: 'Network access to orders-prod was narrowed (ipRules: 192.0.2.1, 192.0.2.2 -> 192.0.2.1) at 00:16:40 UTC.',
  },
  {
    name: 'two private endpoints',
    rule: 'network_access_changed',
    records: [endpoint(0, 'pe1', 'write'), endpoint(10, 'pe2', 'write')],
    reason:
      'The private endpoint pe2 of orders-prod was written at 00:00:10 UTC; 1 other change at 00:00:00 UTC (private endpoint pe1 written).',
  },
  {
    name: 'one firewall rule twice is one thing',
    rule: 'network_access_changed',
    records: [firewallRule(0, 'write'), firewallRule(100, 'write')],
    reason: 'The firewall rule any of docs was written by 2 changes from 00:00:00 to 00:01:40 UTC.',
  },
  {
    name: 'a firewall rule that lets everybody in',
    rule: 'network_access_changed',
    records: [firewallRule(0, 'write', '192.0.2.7'), firewallRule(100, 'write', '0.0.0.0', '255.255.255.255')],
    what: 'open to the internet',
    reason:
      'Network access to docs was opened to the internet (0.0.0.0/0 added to its firewall rules) by 2 changes from 00:00:00 to 00:01:40 UTC.',
  },
  {
    name: 'a firewall rule written and deleted',
    rule: 'network_access_changed',
    records: [firewallRule(0, 'write'), firewallRule(100, 'delete')],
    what: 'firewall rule written',
    reason:
      'The firewall rule any of docs was written at 00:00:00 UTC; 1 other change at 00:01:40 UTC (firewall rule any deleted).',
  },
  {
    name: 'the read-only keys after the full ones were refused',
    rule: 'access_keys_viewed',
    records: [onAccount(0, 'listKeys/action', { status: 'Failure' }), onAccount(2, 'readonlykeys/action')],
    reason:
      'The read-only keys of orders-prod were read at 00:00:02 UTC by ann@contoso.example from 198.51.100.23, for the first time in these logs, after reading the full keys was refused; confirmed.',
  },
  {
    name: 'the read-only keys long after a refusal',
    rule: 'access_keys_viewed',
    records: [onAccount(0, 'listKeys/action', { status: 'Failure' }), onAccount(61, 'readonlykeys/action')],
    reason:
      'The read-only keys of orders-prod were read at 00:01:01 UTC by ann@contoso.example from 198.51.100.23, for the first time in these logs; confirmed.',
  },
  {
    name: 'an item without names',
    rule: 'item_deleted',
    records: [request(0, { databaseName: '', collectionName: '' })],
    reason:
      'An item of orders-prod was deleted at 00:00:00 UTC with the primary key from 203.0.113.77 (a key names no person); confirmed; this log does not say which.',
  },
  {
    name: 'items without names',
    rule: 'item_deleted',
    records: [0, 1, 2].map((at) => request(at, { databaseName: '', collectionName: '' })),
    what: '3 items deleted',
    reason:
      '3 items of orders-prod were deleted from 00:00:00 to 00:00:02 UTC with the primary key from 203.0.113.77 (a key names no person); confirmed; this log does not say which.',
  },
  {
    name: 'a sum is about so many, and may name nobody',
    rule: 'item_deleted',
    records: [request(900, { requestCount: '150', keyType: '' }, 'DataPlaneRequests15M')],
    what: 'about 150 items deleted',
    reason:
      'About 150 items were deleted from Shop/Carts of orders-prod at 00:15:00 UTC from 203.0.113.77, by the 15-minute totals; confirmed; caller not known, because this log names none.',
  },
  {
    name: 'a log that names nobody',
    rule: 'item_deleted',
    records: [mongoDelete(0)],
    reason:
      '1 item was deleted from Shop/Carts of orders-prod at 00:00:00 UTC; confirmed; caller not known, because this log names none.',
  },
  {
    name: 'containers of one database, as they are spelled',
    rule: 'multiple_tables_created',
    records: fourOf((name) => `sqlDatabases/Shop/containers/${name}`, 'sqlDatabases/containers'),
    what: '4 containers created in 1 min',
    reason:
      '4 containers were created in orders-prod (database Shop: C0, C1 and 2 more) from 00:00:00 to 00:00:30 UTC.',
  },
  {
    name: 'containers of two databases',
    rule: 'multiple_tables_created',
    records: [0, 1, 2, 3].map((n) =>
      created(n, `mongodbDatabases/D${n % 2}/collections/C${n}`, 'mongodbDatabases/collections'),
    ),
    what: '4 collections created in 1 min',
    reason: '4 collections were created in orders-prod (D0/C0, D0/C2 and 2 more) from 00:00:00 to 00:00:03 UTC.',
  },
  {
    name: 'containers of several APIs',
    rule: 'multiple_tables_created',
    records: [
      created(0, 'mongodbDatabases/shop/collections/a', 'mongodbDatabases/collections'),
      created(1, 'cassandraKeyspaces/shop/tables/b', 'cassandraKeyspaces/tables'),
      created(2, 'gremlinDatabases/shop/graphs/c', 'gremlinDatabases/graphs'),
      created(3, 'tables/d', 'tables'),
    ],
    what: '4 containers created in 1 min',
    reason: '4 containers were created in orders-prod (d, shop/a and 2 more) from 00:00:00 to 00:00:03 UTC.',
  },
  {
    name: 'silence that the deletion of the account ended',
    rule: 'no_logs',
    records: [read(0), onAccount(7 * HOUR, 'delete'), read(10 * HOUR, CARTS)],
    what: 'no logs for 7 hours',
    reason: 'No logs of orders-prod arrived after 00:00:00 UTC for 7 h; the account was deleted at 07:00:00 UTC.',
  },
  {
    name: 'silence that ended',
    rule: 'no_logs',
    records: [read(0), read(5 * HOUR), read(6 * HOUR, CARTS)],
    reason: 'No logs of orders-prod arrived after 00:00:00 UTC for 5 h; logs again since 05:00:00 UTC.',
  },
];

describe('what a scan says', () => {
  it.each(SENTENCES)('$rule: $name', ({ rule, records, reason, what }) => {
    const { alert, raised } = lastOf(rule, records);
    expect(shortReason(alert.reason)).toBe(reason);
    if (what !== undefined) expect(storyOf(raised).what).toBe(what);
  });

  it.each(SENTENCES)('$rule: $name fits 80 columns but for ids and lists', ({ rule, records }) => {
    const text = explainOf(lastOf(rule, records), { width: 80, colour: false, unicode: false, localOffset: null });
    const wide = text.split('\n').filter((line) => line.length > 80 && !/^ {7}'[^']*'(?: \\)?$/.test(line));
    expect(wide).toEqual([]);
  });
});
