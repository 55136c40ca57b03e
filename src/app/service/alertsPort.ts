import type { ActDetail, AlertAction as LifeAction } from '../../alerts/lifecycle.ts';
import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import type { AlertTrail } from '../../api/contract.ts';
import { isSeen } from '../../api/item.ts';
import type { ActOutcome, AlertAction, AlertsPort, Scope } from '../../api/ports.ts';
import { isoOf } from '../../lib/iso.ts';
import { stepsOf } from '../../report/steps.ts';
import { impactOf } from '../../report/story.ts';
import type { Overview } from '../../store/overview.ts';
import type { Live } from '../live/live.ts';

export interface AlertsDeps {
  readonly live: () => Live;
  readonly overview: Overview;
  /** In a transaction of its own, with its news. */
  readonly write: (run: () => readonly AlertNews[]) => readonly AlertNews[];
  readonly trail: (stored: StoredAlert) => AlertTrail['items'];
}

/** A cursor of ours: the second in which the last alert of a page opened, and its id. */
const CURSOR = /^-?\d{1,15}\.[0-9a-f]{32}$/;

/** Alerts as the API asks for them. What lies outside somebody's scope is not there for them. */
export function alertsPort({ live, overview, write, trail }: AlertsDeps): AlertsPort {
  const get = (id: string, scope: Scope): StoredAlert | null => {
    const stored = live().alert(id);
    return stored !== null && isSeen(stored, scope) ? stored : null;
  };
  return {
    async list(filter, limit, cursor, { subscriptions, labels }) {
      const plain = cursor === null ? null : Buffer.from(cursor, 'base64url').toString();
      if (plain !== null && !CURSOR.test(plain)) return null;
      const { rule, statuses, account, since, excepted, levels, actor, ip, assignee, words } = filter;
      const page = live().alerts({
        statuses,
        limit,
        subscriptions,
        labels,
        excepted,
        ...(rule === null ? {} : { rule }),
        ...(account === null ? {} : { account }),
        ...(since === null ? {} : { since }),
        levels,
        ...(actor === null ? {} : { actor }),
        ...(ip === null ? {} : { ip }),
        ...(assignee === null ? {} : { assignee }),
        ...(words === null ? {} : { words }),
        ...(plain === null ? {} : { cursor: plain }),
      });
      return { items: page.items, next: page.next === null ? null : Buffer.from(page.next).toString('base64url') };
    },
    async histogram(range, scope) {
      const { items, open } = overview.histogram(range, scope);
      return { items: items.map((item) => ({ ...item, at: isoOf(item.at * 1000) })), open };
    },
    get: async (id, scope) => get(id, scope),
    trail,
    advise: ({ alert, detail }) => ({
      impact: impactOf({ alert, detail }),
      steps: stepsOf({ alert, detail }).map(({ text, command }) => ({ text, command })),
    }),
    async act(id, action, by, scope): Promise<ActOutcome> {
      if (get(id, scope) === null) return { kind: 'unknown' };
      let refused: string | null = null;
      write(() => {
        const { news, why } = actAll(live(), id, action, by);
        refused = why;
        return news;
      });
      return refused === null ? { kind: 'done', stored: live().alert(id)! } : { kind: 'refused', why: refused };
    },
  };
}

interface Acted {
  readonly news: readonly AlertNews[];
  /** Null: all was done. */
  readonly why: string | null;
}

/** A verdict given with a resolution, and a comment given with a verdict, are steps of their own in the history. */
function actAll(live: Live, id: string, action: AlertAction, by: string): Acted {
  const news: AlertNews[] = [];
  for (const [life, detail] of lifeStepsOf(action)) {
    const done = live.act(id, life, by, detail);
    if (done.kind === 'refused') return { news, why: done.why };
    news.push(done);
  }
  return { news, why: null };
}

function lifeStepsOf(action: AlertAction): readonly (readonly [LifeAction, ActDetail])[] {
  switch (action.kind) {
    case 'acknowledge':
    case 'reopen':
      return [[action.kind, action.comment === null ? {} : { text: action.comment }]];
    case 'resolve': {
      const resolve = ['resolve', action.comment === null ? {} : { text: action.comment }] as const;
      return action.verdict === null ? [resolve] : [['judge', { verdict: action.verdict }], resolve];
    }
    case 'comment':
      return [['comment', { text: action.text }]];
    case 'assign':
      return [['assign', { assignee: action.assignee }]];
    case 'verdict': {
      const judge = ['judge', { verdict: action.verdict }] as const;
      return action.comment === null ? [judge] : [judge, ['comment', { text: action.comment }]];
    }
  }
}
