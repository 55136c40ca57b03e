import type { Match } from '../ir/ir.ts';
import type { Problems } from './diagnostic.ts';
import { mapAt, textAt } from './shape.ts';
import type { TreeMap } from './tree.ts';

/** `product`, `service`, `category`, lower case; a part that the rule leaves out is absent. */
export type Logsource = Readonly<Record<string, string>>;

const PARTS = ['product', 'service', 'category'] as const;

/**
 * Services of the product `azure` whose name in rules is not Azure's name of the log. null: the rule sees every log.
 * A service that is not here means the log of that name, so `service: auditevent` works;
 * logs that are not read here (sign-ins, risk detections) load and match nothing.
 */
const SERVICES: ReadonlyMap<string, string | null> = new Map([
  ['cosmosdb', null],
  ['activitylogs', 'ActivityLog'],
  ['keyvault', 'AuditEvent'],
]);

/** The log source of a rule or filter; null if it has none, which is reported. */
export function readLogsource(document: TreeMap, problems: Problems): Logsource | null {
  const map = mapAt(document, 'logsource', problems);
  if (!map)
    return problems.error(
      'CW-3001',
      document.span,
      'the logsource is missing',
      'for example "logsource: {product: azure}"',
    );
  textAt(map, 'definition', problems);
  const parts = PARTS.flatMap((part) => {
    const text = textAt(map, part, problems);
    return text === null ? [] : [[part, text.toLowerCase()] as const];
  });
  if (parts.length > 0) return Object.fromEntries(parts);
  return problems.error('CW-3001', map.span, 'the logsource names nothing', `it needs one of ${PARTS.join(', ')}`);
}

/** What a log source means here: null for no restriction. Other products and categories are other people's logs. */
export function logsourceMatch({ product, service, category }: Logsource): Match | null {
  if ((product !== undefined && product !== 'azure') || category !== undefined)
    return { kind: 'constant', value: false };
  if (service === undefined) return null;
  const family = SERVICES.has(service) ? SERVICES.get(service)! : service;
  if (family === null) return null;
  return { kind: 'field', field: 'event.family', test: { kind: 'text', pattern: [family], cased: false } };
}

/** True if a filter for `filter` covers a rule of `rule`: every part that the filter names is the rule's. */
export function covers(filter: Logsource, rule: Logsource): boolean {
  return PARTS.every((part) => filter[part] === undefined || filter[part] === rule[part]);
}
