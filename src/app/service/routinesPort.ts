import type { RoutineItem } from '../../api/contract.ts';
import { isAccountSeen } from '../../api/item.ts';
import type { MemoryPort, RoutinesPort, Scope } from '../../api/ports.ts';
import { isoOf } from '../../lib/iso.ts';
import type { Db } from '../../store/db.ts';
import { MemoryStore } from '../../store/memory.ts';
import { RoutineStore } from '../../store/routines.ts';
import { type Habit, usualHours, usualOf } from '../../tuning/habit.ts';
import { hoursText, isOpen, isRecognised, type Pattern, type RoutineSettings } from '../../tuning/routine.ts';

export interface RoutinesDeps {
  readonly db: Db;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly settings: () => RoutineSettings;
  /** In a transaction of its own. */
  readonly write: (run: () => void) => void;
}

/** Alerts that are listed of one routine. */
const LISTED = 100;

export function routinesPort({ db, now, settings, write }: RoutinesDeps): RoutinesPort {
  const store = new RoutineStore(db);
  const second = () => Math.floor(now() / 1000);
  const itemOf = (pattern: Pattern): RoutineItem | null => {
    const at = second();
    // What opened in this second counts too.
    const habit = store.habit(pattern.id, at + 1);
    return habit === null ? null : { ...told(pattern, habit, at, settings()), days: store.days(pattern.id) };
  };
  const seen = (id: string, scope: Scope): Pattern | null => {
    const pattern = store.pattern(id);
    return pattern !== null && isAccountSeen(pattern.account, scope) ? pattern : null;
  };
  return {
    async list({ account, state }, limit, scope) {
      const items: RoutineItem[] = [];
      for (const pattern of store.list(account)) {
        if (items.length === limit) break;
        const item = isAccountSeen(pattern.account, scope) ? itemOf(pattern) : null;
        if (item !== null && (state === null || item.state === state)) items.push(item);
      }
      return items;
    },
    async get(id, scope) {
      const pattern = seen(id, scope);
      const item = pattern === null ? null : itemOf(pattern);
      if (item === null) return null;
      const alerts = store.alerts(id, LISTED);
      return { ...item, alerts: alerts.map(({ alert, opened }) => ({ id: alert, firstSeen: isoOf(opened * 1000) })) };
    },
    async forget(id, scope) {
      if (seen(id, scope) === null) return false;
      write(() => store.forget(id));
      return true;
    },
  };
}

function told(pattern: Pattern, habit: Habit, at: number, settings: RoutineSettings): Omit<RoutineItem, 'days'> {
  const { id, rule, ruleId, account, caller, what } = pattern;
  const state = isOpen(habit, at, settings) ? 'open' : isRecognised(habit) ? 'closed' : 'learning';
  return {
    ...{ id, rule, ruleId, account, caller, state, count: habit.count },
    what: Object.fromEntries(JSON.parse(what) as [string, unknown][]),
    hours: [...usualHours(habit)],
    about: state === 'learning' ? 'not known yet' : hoursText(habit),
    addresses: usualOf(habit.addresses),
    applications: usualOf(habit.applications),
    firstSeen: isoOf(habit.first * 1000),
    lastSeen: isoOf(habit.last * 1000),
  };
}

export function memoryPort({ db, write }: Pick<RoutinesDeps, 'db' | 'write'>): MemoryPort {
  const memory = new MemoryStore(db);
  const routines = new RoutineStore(db);
  /** The accounts that somebody may see; one null: all of them. */
  const accountsIn = (account: string | null, scope: Scope): readonly (string | null)[] => {
    if (account !== null) return isAccountSeen(account, scope) ? [account] : [];
    if (scope.subscriptions === null && Object.keys(scope.labels).length === 0) return [null];
    return memory.accounts().filter((one) => isAccountSeen(one, scope));
  };
  return {
    async list({ account, kind, value }, limit, scope) {
      const rows = accountsIn(account, scope).flatMap((one) => memory.list({ account: one, kind, value }, limit));
      return rows
        .sort((a, b) => b.last - a.last)
        .slice(0, limit)
        .map(({ first, last, ...row }) => ({
          ...row,
          firstSeen: isoOf(first * 1000),
          lastSeen: isoOf(last * 1000),
        }));
    },
    async forget({ kind, value, account }, scope) {
      let [values, alerts] = [0, 0];
      write(() => {
        for (const one of accountsIn(account, scope)) {
          values += memory.forget({ account: one, kind, value });
          if (kind === 'actor' || kind === 'address' || kind === 'application')
            alerts += routines.forgetValue(kind, value, one);
        }
      });
      return { values, alerts };
    },
  };
}
