import { isWithdrawn, rankOf } from '../../alerts/lifecycle.ts';
import type { StoredAlert } from '../../alerts/stored.ts';
import { type AlertItem, MOST_ALERTS, type StoryItem, storyItem } from '../contract.ts';
import { itemOf } from '../item.ts';
import type { AlertsPort, Scope } from '../ports.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

const get = call({
  method: 'GET',
  path: '/api/v1/stories/:id',
  doc: `What the alerts of a story tell together; of more than ${MOST_ALERTS} the newest`,
  scope: 'read',
  answer: storyItem,
  handle: async ({ ports, by, params }) => {
    const alerts = await alertsOf(ports.alerts, params['id']!, by.sees);
    if (alerts.length === 0)
      throw new Refusal('CW-6003', 'no such story', 'An alert that is part of one has its id as `story`.');
    return ok(storyOf(params['id']!, alerts));
  },
});

/** An alert that is part of no story is one by itself. */
async function alertsOf(alerts: AlertsPort, id: string, scope: Scope): Promise<readonly StoredAlert[]> {
  const any = { rule: null, statuses: [], account: null, since: null, levels: [], actor: null, ip: null, words: null };
  const filter = { ...any, assignee: null, story: id, excepted: 'yes' as const };
  const page = await alerts.list(filter, MOST_ALERTS, null, scope);
  if (page !== null && page.items.length > 0) return page.items;
  const alone = await alerts.get(id, scope);
  return alone === null || alone.alert.story !== null ? [] : [alone];
}

/** Of what is told no more nothing is said, unless there is nothing else. */
function storyOf(id: string, alerts: readonly StoredAlert[]): StoryItem {
  const ordered = alerts
    .map(itemOf)
    .sort((a, b) => (a.firstSeen === b.firstSeen ? (a.id < b.id ? -1 : 1) : a.firstSeen < b.firstSeen ? -1 : 1));
  const left = ordered.filter((one) => !isWithdrawn(one));
  const told = left.length > 0 ? left : ordered;
  const strongest = told.reduce((best, one) => (rankOf(one.level) >= rankOf(best.level) ? one : best));
  return {
    id,
    account: strongest.account,
    level: strongest.level,
    status: statusOf(told),
    reason: strongest.reason,
    firstSeen: told[0]!.firstSeen,
    lastSeen: told
      .map(({ lastSeen }) => lastSeen)
      .sort()
      .at(-1)!,
    items: ordered,
  };
}

function statusOf(alerts: readonly AlertItem[]): AlertItem['status'] {
  if (alerts.some(({ status }) => status === 'open')) return 'open';
  return alerts.some(({ status }) => status === 'acknowledged') ? 'acknowledged' : 'resolved';
}

export const STORY_ROUTES: readonly Route[] = [get];
