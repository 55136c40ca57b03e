import {
  type AlertActionName,
  type AlertAdvice,
  type AlertItem,
  type AlertRecord,
  type AlertTrail,
  type Around,
  alertAdvice,
  alertItem,
  alertRecords,
  alertsPage,
  alertTrail,
  aroundAnswer,
  type DeliveryItem,
  deliveriesList,
  MOST_ALERTS,
} from '../api/contract.ts';
import { UserError } from '../lib/errors.ts';
import { type Answered, ask, type Remote } from './remote.ts';

export interface AlertQuery {
  readonly rule: string | null;
  readonly status: string | null;
  readonly account: string | null;
  readonly since: string | null;
  readonly excepted: 'yes' | 'no' | 'only';
}

/** Up to `most` alerts, newest first; `more`: there are others. @throws UserError CW-8020 to CW-8026 */
export async function listAlerts(
  remote: Remote,
  query: AlertQuery,
  most: number,
  signal: AbortSignal,
): Promise<{ readonly items: readonly AlertItem[]; readonly raw: readonly unknown[]; readonly more: boolean }> {
  const [items, raw]: [AlertItem[], unknown[]] = [[], []];
  let cursor: string | null = null;
  do {
    const limit = String(Math.min(MOST_ALERTS, most - items.length));
    const page: Answered<typeof alertsPage._zod.output> = await ask(
      remote,
      { path: '/alerts', query: { ...query, limit, cursor }, answer: alertsPage },
      signal,
    );
    items.push(...page.value.items);
    raw.push(...(page.raw as { readonly items: readonly unknown[] }).items);
    cursor = page.value.next;
  } while (cursor !== null && items.length < most);
  return { items, raw, more: cursor !== null };
}

/** One alert, by its id or the beginning of it. @throws UserError CW-8020 to CW-8026, CW-1002 */
export async function getAlert(remote: Remote, id: string, signal: AbortSignal): Promise<Answered<AlertItem>> {
  return ask(remote, { path: `/alerts/${await wholeId(remote, id, signal)}`, answer: alertItem }, signal);
}

/** Why it matters, what to do, who was told, and how all of it was decided. @param id whole @throws UserError CW-8020 to CW-8026 */
export async function getCare(
  remote: Remote,
  id: string,
  signal: AbortSignal,
): Promise<{
  readonly advice: AlertAdvice;
  readonly deliveries: readonly DeliveryItem[];
  readonly trail: AlertTrail['items'];
}> {
  const advice = await ask(remote, { path: `/alerts/${id}/advice`, answer: alertAdvice }, signal);
  const told = await ask(remote, { path: `/alerts/${id}/deliveries`, answer: deliveriesList }, signal);
  const trail = await ask(remote, { path: `/alerts/${id}/trail`, answer: alertTrail }, signal);
  return { advice: advice.value, deliveries: told.value.items, trail: trail.value.items };
}

/** The records of its evidence. @param id whole @throws UserError CW-8020 to CW-8026 */
export async function getRecords(
  remote: Remote,
  id: string,
  signal: AbortSignal,
): Promise<Answered<{ readonly items: readonly AlertRecord[] }>> {
  return ask(remote, { path: `/alerts/${id}/records`, answer: alertRecords }, signal);
}

/** What lies so many minutes around it. @throws UserError CW-8020 to CW-8026, CW-1002 */
export async function getAround(
  remote: Remote,
  id: string,
  minutes: string | null,
  signal: AbortSignal,
): Promise<Answered<Around>> {
  const path = `/alerts/${await wholeId(remote, id, signal)}/around`;
  return ask(remote, { path, query: { minutes }, answer: aroundAnswer }, signal);
}

/** @throws UserError CW-8020 to CW-8026, CW-1002 */
export async function actOnAlert(
  remote: Remote,
  id: string,
  action: AlertActionName,
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Answered<AlertItem>> {
  const whole = await wholeId(remote, id, signal);
  return ask(remote, { method: 'POST', path: `/alerts/${whole}/${action}`, body, answer: alertItem }, signal);
}

/** How far back the beginning of an id is looked for. */
const LOOKED_AT = 5000;

async function wholeId(remote: Remote, id: string, signal: AbortSignal): Promise<string> {
  const given = id.toLowerCase();
  if (/^[0-9a-f]{32}$/.test(given)) return given;
  const cure = 'cosmowatch alerts list shows the ids';
  if (!/^[0-9a-f]{4,31}$/.test(given))
    throw new UserError('CW-1002', `${id} is no id of an alert, nor the beginning of one`, { cure });
  const none = { rule: null, status: null, account: null, since: null, excepted: 'yes' } as const;
  const { items, more } = await listAlerts(remote, none, LOOKED_AT, signal);
  const found = items.filter((one) => one.id.startsWith(given));
  if (found.length === 1) return found[0]!.id;
  const where = more ? ` among the newest ${LOOKED_AT}` : '';
  if (found.length === 0)
    throw new UserError('CW-8023', `no alert${where} has an id that begins with ${given}`, { cure });
  throw new UserError('CW-1002', `${found.length} alerts have an id that begins with ${given}`, {
    facts: found.slice(0, 5).map((one) => one.id),
    cure: 'give more of it',
  });
}
