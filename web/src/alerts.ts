import type { z } from 'zod';
import { type AlertItem, type alertActions, alertItem } from '../../src/api/contract.ts';
import { part, send } from './api.ts';
import { type LevelName, rankOf } from './parts/Level.tsx';
import type { Entity } from './parts/Sentence.tsx';
import type { StateMark } from './parts/State.tsx';
import { queries } from './queries.ts';
import { nameOf } from './words.ts';

/** What an alert means to people, in one place for the list, the overview and its own page. */

export type Action = keyof typeof alertActions;

/** @throws ApiError */
export async function act<Name extends Action>(
  id: string,
  action: Name,
  body: z.infer<(typeof alertActions)[Name]>,
): Promise<AlertItem> {
  const item = await send('POST', `/api/v1/alerts/${part(id)}/${action}`, body, alertItem);
  queries.setQueryData([`/api/v1/alerts/${part(id)}`, {}], item);
  void queries.invalidateQueries({ queryKey: ['/api/v1/status'] });
  void queries.invalidateQueries({ queryKey: ['/api/v1/alerts/histogram'] });
  return item;
}

/** Whether it was never so: what was told of it was taken back. */
export function isWithdrawn({ resolution }: Pick<AlertItem, 'resolution'>): boolean {
  return resolution === 'retracted' || resolution?.startsWith('merged:') === true;
}

export function byUrgency(a: AlertItem, b: AlertItem): number {
  return rankOf(a.level) - rankOf(b.level) || (a.lastSeen < b.lastSeen ? 1 : a.lastSeen > b.lastSeen ? -1 : 0);
}

export function worstOf(alerts: readonly { readonly level: LevelName }[]): LevelName | null {
  return alerts.reduce<LevelName | null>(
    (worst, { level }) => (worst === null || rankOf(level) < rankOf(worst) ? level : worst),
    null,
  );
}

export function accountName({ account }: Pick<AlertItem, 'account'>): string | null {
  return account === null ? null : nameOf(account);
}

type Actor = AlertItem['actors'][number];

/** `ann@contoso.example`, `the primary key` */
export function actorName({ name, id, type }: Actor): string {
  if (type === 'key') return (id ?? 'a key').split('@')[0]!.replaceAll('_', ' ');
  return name ?? id ?? 'unknown';
}

export function actorNames({ actors }: Pick<AlertItem, 'actors'>): readonly string[] {
  return [...new Set(actors.map(actorName))];
}

/** The names in an alert's sentence, and where each leads. */
export function entitiesOf(alert: AlertItem): readonly Entity[] {
  const account = accountName(alert);
  return [
    ...(account === null ? [] : [{ text: account, to: '/alerts', search: { account } }]),
    ...alert.actors.flatMap(({ name, id }) =>
      [name, id].flatMap((text) => (text === null ? [] : [{ text, to: '/alerts', search: { actor: text } }])),
    ),
    ...alert.sourceIps.map((ip) => ({ text: ip, to: '/alerts', search: { ip }, isMono: true })),
  ];
}

/** `confirmed`, `probably ...` stay; the sentence ends with a full stop. */
const RESOLVED: Readonly<Record<string, string>> = {
  ended: 'By itself',
  manual: 'Resolved',
  retracted: 'Retracted',
};
const VERDICT: Readonly<Record<string, string>> = { true: 'Real attack', benign: 'Harmless', false: 'Rule wrong' };

export function stateWord({ status, assignee, verdict, resolution }: AlertItem): string {
  if (status === 'open') return assignee === null ? 'Open' : assignee;
  if (status === 'acknowledged') return assignee ?? 'Acknowledged';
  if (verdict !== null) return VERDICT[verdict]!;
  return resolution?.startsWith('merged:') ? 'Merged' : (RESOLVED[resolution ?? 'manual'] ?? 'Resolved');
}

export function stateMark({ status, assignee }: AlertItem): StateMark {
  if (status === 'resolved') return 'done';
  return status === 'acknowledged' || assignee !== null ? 'half' : 'open';
}

/** The last hour that something of it was seen may not have been the end of it. */
export function mayGoOn({ status, lastSeen }: AlertItem, now: number): boolean {
  return status !== 'resolved' && now - Date.parse(lastSeen) < 15 * 60_000;
}
