import {
  activityExport,
  diagnosticsRow,
  resourceRow,
  VAULT_FORMS,
} from '../../src/events/families/forms.test-support.ts';
import { answerOf, CELLS } from './cells.ts';
import { generator } from './generator.ts';
import { mutated } from './mutateRecord.ts';
import { between, neighbour } from './neighbours.ts';
import { productAlerts } from './product.ts';

const OTHER =
  '/subscriptions/99999999-0000-4000-8000-000000000009/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/other';

/** Records of another account, in forms that may be skimmed and forms that may not. */
const NEIGHBOURS = [
  {
    time: '2026-11-10T07:00:00Z',
    category: 'DataPlaneRequests',
    operationName: 'Read',
    resourceId: OTHER,
    properties: { statusCode: '200', activityId: 'n1' },
  },
  {
    time: '2026-11-10T07:00:01Z',
    category: 'MongoRequests',
    operationName: 'find',
    resourceId: OTHER,
    properties: { errorCode: '0', activityId: 'n2' },
  },
  activityExport({ operation: 'Microsoft.DocumentDB/databaseAccounts/write', resource: OTHER, result: 'Success' }),
  ...[diagnosticsRow, resourceRow].map((form) =>
    form({ category: 'ControlPlaneRequests', operation: 'AccountUpdateStart', resource: OTHER, properties: {} }),
  ),
  { ...VAULT_FORMS['diagnostics']!, ResourceId: OTHER.replace('DocumentDB/databaseAccounts', 'KeyVault/vaults') },
].map(neighbour);

const TEXTS = CELLS.flatMap(({ record, isRow }) => [
  JSON.stringify(record),
  ...(isRow ? [JSON.stringify(answerOf([record, record]))] : []),
]);

/**
 * Mutates a cell's record and reads it between two others.
 * @returns what went wrong, with the text that did it: a throw, a neighbour that is missing or not as it is without that text
 */
export function mutationFaults(cell: number, times: number, seed: number): string[] {
  const random = generator(seed * 1000 + cell);
  const { record, isRow } = CELLS[cell]!;
  const forms = [
    JSON.stringify(record),
    JSON.stringify(record, null, 2),
    JSON.stringify({ records: [record, record] }, null, 1),
  ];
  if (isRow) forms.push(JSON.stringify(answerOf([record, record])), JSON.stringify(answerOf([record]), null, 2));
  const faults: string[] = [];
  for (let n = 0; n < times && faults.length < 5; n++) {
    const text = mutated(forms[random(forms.length)]!, TEXTS, random);
    const before = random(4) === 0 ? null : NEIGHBOURS[random(NEIGHBOURS.length)]!;
    const after = NEIGHBOURS[random(NEIGHBOURS.length)]!;
    // The other record may stand in the middle of the text.
    const split = random(2) === 0 ? text.length : text.lastIndexOf(0x0a, random(text.length));
    const [start, behind] = split < 0 ? [text, new Uint8Array()] : [text.subarray(0, split), text.subarray(split)];
    const shown = () => `${JSON.stringify(Buffer.from(text).toString('latin1'))} split at ${split}`;
    try {
      const { faults: found } = between(before, start, after, { behind, isSkimming: random(2) === 0 });
      if (found.length > 0) faults.push(`${found.join('; ')}: ${shown()}`);
    } catch (error) {
      faults.push(`${(error as Error).stack}: ${shown()}`);
    }
  }
  if (Object.hasOwn(Object.prototype, 'polluted')) faults.push('Object.prototype was changed');
  return faults;
}

const KEYS_READ = JSON.stringify(
  activityExport({
    operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
    resource: OTHER,
    result: 'Success',
  }),
);

/** The alert about a record, as it is told. */
function keysViewed(lines: readonly string[]): string[] {
  const alerts = productAlerts({ files: [lines.join('\n')] }).filter(({ account }) => account === OTHER.toLowerCase());
  return alerts.filter(({ rule }) => rule === 'cosmosdb_access_keys_viewed').map((alert) => JSON.stringify(alert));
}

/** The same through the whole scan: of each cell so many mutations around one record, whose alert is told before and after. */
export function scanWith(times: number, seed: number): { readonly alone: string[]; readonly among: string[] } {
  const random = generator(seed);
  const texts = CELLS.flatMap(({ record }) =>
    Array.from({ length: times }, () => Buffer.from(mutated(JSON.stringify(record), TEXTS, random)).toString('utf8')),
  );
  const half = texts.length >> 1;
  const among = keysViewed([...texts.slice(0, half), KEYS_READ, ...texts.slice(half)]);
  return { alone: keysViewed([KEYS_READ]), among };
}
