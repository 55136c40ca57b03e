import { describe, expect, it } from 'vitest';
import { rulesFor } from './rules.ts';
import { scanTexts } from './scan.ts';

const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.DocumentDB/databaseAccounts/orders';

function setting(time: string, name: string, categories: readonly string[] | null): string {
  const logs = (categories ?? []).map((category) => ({ category, enabled: true }));
  return JSON.stringify({
    time,
    category: 'Administrative',
    operationName: `MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/${categories === null ? 'DELETE' : 'WRITE'}`,
    resourceId: `${ACCOUNT}/providers/Microsoft.Insights/diagnosticSettings/${name}`,
    resultType: 'Success',
    correlationId: time,
    properties: { requestbody: JSON.stringify({ properties: { workspaceId: '/w', logs } }) },
  });
}

/** A record of a log, so that the account is known to write it. */
function written(category: string): string {
  const properties = { statusCode: '200', requestResourceType: 'Document' };
  return JSON.stringify({
    time: '2026-01-01T00:30:00Z',
    category,
    operationName: 'Read',
    resourceId: ACCOUNT,
    properties,
  });
}

function blindedBy(lines: readonly string[]): (readonly string[] | null)[] {
  const outcome = scanTexts([{ name: 'x', chunks: [Buffer.from(lines.join('\n'))] }], rulesFor([], [], new Map()), {
    since: null,
    until: null,
    nowMs: Date.UTC(2027, 0, 1),
    expectAccounts: [],
    minLevel: 'informational',
    skim: true,
  });
  return [...outcome.told].map(({ raised }) => raised.detail.blinded);
}

describe('rules that a cut log blinds', () => {
  it.each<[string, string[], (readonly string[] | null)[]]>([
    [
      'the only log of requests',
      [setting('2026-01-01T00:00:00Z', 'a', ['DataPlaneRequests', 'ControlPlaneRequests'])],
      [['cosmosdb_item_deleted', 'cosmosdb_key_used_from_new_address']],
    ],
    [
      'one of two that it writes',
      [
        setting('2026-01-01T00:00:00Z', 'a', ['DataPlaneRequests', 'DataPlaneRequests15M']),
        written('DataPlaneRequests15M'),
      ],
      [[]],
    ],
    [
      'one of two, where the other is never written',
      [
        setting('2026-01-01T00:00:00Z', 'a', ['DataPlaneRequests', 'DataPlaneRequests15M']),
        written('DataPlaneRequests'),
      ],
      [['cosmosdb_item_deleted', 'cosmosdb_key_used_from_new_address']],
    ],
    [
      'all of one setting, while another delivers a sum of the requests',
      [
        setting('2026-01-01T00:00:00Z', 'a', ['DataPlaneRequests']),
        setting('2026-01-01T00:00:01Z', 'b', ['DataPlaneRequests15M']),
        written('DataPlaneRequests15M'),
      ],
      [[]],
    ],
  ])('%s', (_, before, expected) => {
    const cut = setting(
      '2026-01-01T01:00:00Z',
      'a',
      before[0]!.includes('15M') ? ['DataPlaneRequests15M'] : ['ControlPlaneRequests'],
    );
    expect(blindedBy([...before, cut])).toEqual(expected);
  });
});
