import type { Alert } from '../alerts/alert.ts';
import type { Config } from '../config/config.ts';
import { UserError } from '../lib/errors.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import { decide, type Routing } from '../notify/route.ts';
import { listInputs, nodeIo } from '../sources/file.ts';
import { readJson } from './readJson.ts';

/** An alert as `scan` prints it, or the service. */
export type RoutedAlert = Alert;

/** Where an alert would go, and why. @param labels of the source that it came from */
export function tryRoutes(config: Config, alert: RoutedAlert, labels: Readonly<Record<string, string>>): Routing {
  if (config.routes === null) return { decisions: [], looked: [] };
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(alert.account ?? '')?.[1]?.toLowerCase() ?? null;
  return decide(config.routes, { alert, subscription, labels });
}

/** The alerts that `scan --format json` or `ndjson` printed. @param path `-`: standard input. @throws UserError CW-8101, CW-2001, CW-2002, CW-2007 */
export async function readAlerts(path: string, signal: AbortSignal): Promise<readonly RoutedAlert[]> {
  const { files, problems } = listInputs([path], nodeIo);
  for (const { error } of problems) throw error;
  const values: unknown[] = [];
  let broken = 0;
  for (const file of files) {
    const sink = { record: (value: JsonObject) => void values.push(value), invalid: () => void broken++ };
    await readJson(file, nodeIo, sink, signal);
  }
  return alertsOf(values, broken, path === '-' ? 'standard input' : path);
}

/** @throws UserError CW-8101 */
export function alertsOf(values: readonly unknown[], broken: number, name: string): readonly RoutedAlert[] {
  const alerts = values.filter(isAlert);
  if (alerts.length > 0 && alerts.length === values.length && broken === 0) return alerts;
  const what = alerts.length === 0 ? 'no alert' : 'something that is no alert';
  throw new UserError('CW-8101', `${name} holds ${what}`, {
    cure: 'give what cosmowatch scan --format json or ndjson prints, or alerts show --json',
  });
}

const TEXTS = ['id', 'rule', 'ruleId', 'level', 'firstSeen'] as const;

/** What routes ask of it is there. */
function isAlert(value: unknown): value is RoutedAlert {
  return (
    isObject(value) &&
    TEXTS.every((name) => typeof value[name] === 'string') &&
    (value['account'] === null || typeof value['account'] === 'string') &&
    Array.isArray(value['attack']) &&
    value['attack'].every((one) => isObject(one) && isTechnique(one))
  );
}

function isTechnique({ tactic, technique }: JsonObject): boolean {
  return typeof tactic === 'string' && typeof technique === 'string';
}
