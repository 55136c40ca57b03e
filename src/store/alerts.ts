import type { Alert, AlertDetail } from '../alerts/alert.ts';
import { rankOf } from '../alerts/lifecycle.ts';
import type { StoredAlert } from '../alerts/stored.ts';
import type { Db } from './db.ts';
import { alertsForgotten, firstForgotten } from './forgetting.ts';

/** What is known of an alert without reading all of it. Seconds since 1970. */
export interface AlertRow {
  readonly id: string;
  readonly ruleId: string;
  readonly fold: string;
  readonly scope: string;
  readonly settledId: string;
  readonly opened: number;
  readonly last: number;
  readonly resolution: string | null;
  /** Does it tell of something that the control plane told? */
  readonly hasControl: boolean;
  /** Of what was worked out when it was last told. */
  readonly digest: string;
  /** Whose it is, if it is one person's; to find who was first. */
  readonly caller: string | null;
}

export interface AlertFilter {
  /** Its name or id. */
  readonly rule?: string;
  /** Empty: any. */
  readonly statuses?: readonly Alert['status'][];
  /** ARM id or name. */
  readonly account?: string;
  /** Milliseconds since 1970: what was last seen then or later. */
  readonly since?: number;
  /** This one and above. */
  readonly level?: Alert['level'];
  /** Empty: any. */
  readonly levels?: readonly Alert['level'][];
  /** Name or id of an actor, in any case. */
  readonly actor?: string;
  /** An address that it came from. */
  readonly ip?: string;
  readonly assignee?: string;
  /** A part of its title or reason, in any case. */
  readonly words?: string;
  readonly limit: number;
  readonly cursor?: string;
  /** Lower case; null: all. */
  readonly subscriptions: readonly string[] | null;
  /** All of them must be on it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Those that an exception covers: with them (the default), without, or nothing else. */
  readonly excepted?: 'yes' | 'no' | 'only';
}

export interface AlertPage {
  /** Newest first. */
  readonly items: readonly StoredAlert[];
  readonly next: string | null;
}

type RuleMeta = AlertDetail['rule'];
type Saved = Omit<StoredAlert, 'detail' | 'marks'> & { readonly detail: Omit<AlertDetail, 'rule'> };

interface DataRow {
  readonly data: string;
  readonly exception: string | null;
  readonly silencedBy: string | null;
  readonly silencedUntil: number | null;
}

const MARKED = 'alerts LEFT JOIN alert_marks ON alert = id';
const MARKS = 'exception, silence AS silencedBy, silent_until AS silencedUntil';

const ROWS = `SELECT id, rule_id AS ruleId, fold, scope, settled_id AS settledId, opened, last, resolution,
  has_control AS hasControl, digest, caller FROM alerts`;

/** Alerts as they are kept. All writing is done inside a transaction of the caller. */
export class AlertStore {
  readonly #db: Db;
  /** By rule id; the words of a rule are kept once. */
  readonly #metas = new Map<string, RuleMeta>();

  constructor(db: Db) {
    this.#db = db;
    for (const { rule_id, data } of db.prepare('SELECT rule_id, data FROM rule_metas').all() as {
      rule_id: string;
      data: string;
    }[])
      this.#metas.set(rule_id, JSON.parse(data) as RuleMeta);
  }

  /** The words of the rules as they are now; those of rules that are gone stay. */
  setRules(metas: readonly RuleMeta[]): void {
    for (const meta of metas) {
      this.#metas.set(meta.id, meta);
      this.#db
        .prepare('INSERT INTO rule_metas VALUES (?, ?) ON CONFLICT DO UPDATE SET data = excluded.data')
        .run(meta.id, JSON.stringify(meta));
    }
  }

  get(id: string): StoredAlert | null {
    const row = this.#db.prepare(`SELECT data, ${MARKS} FROM ${MARKED} WHERE id = ?`).get(id);
    return row === undefined ? null : this.#read(row as unknown as DataRow);
  }

  row(id: string): AlertRow | null {
    return (this.#rows(`${ROWS} WHERE id = ?`, id)[0] ?? null) as AlertRow | null;
  }

  /** Of a scope and rule, those last seen then or later. @param fold null: of all keys */
  rows(scope: string, ruleId: string, last: number, fold: string | null = null): AlertRow[] {
    const keyed = fold === null ? '' : 'AND fold = ?';
    return this.#rows(
      `${ROWS} WHERE scope = ? AND rule_id = ? ${keyed} AND last >= ? ORDER BY opened, id`,
      ...[scope, ruleId, ...(fold === null ? [] : [fold]), Math.max(last, Number.MIN_SAFE_INTEGER)],
    );
  }

  /** Keys of alerts that tell of something that the control plane told. */
  controlFolds(scope: string, ruleId: string): string[] {
    const sql = 'SELECT DISTINCT fold FROM alerts WHERE scope = ? AND rule_id = ? AND has_control = 1';
    return (this.#db.prepare(sql).all(scope, ruleId) as { fold: string }[]).map(({ fold }) => fold);
  }

  /** When the oldest alert that is not resolved opened; null: all are. */
  openSince(scope: string, ruleId: string): number | null {
    const sql = "SELECT min(opened) AS first FROM alerts WHERE scope = ? AND rule_id = ? AND status <> 'resolved'";
    return (this.#db.prepare(sql).get(scope, ruleId) as { first: number | null }).first;
  }

  /** When a caller first raised a rule for an account; null: never. Seconds. */
  firstBy(ruleId: string, account: string | null, caller: string): number | null {
    const row = this.#db
      .prepare(
        `SELECT min(opened) AS first FROM alerts WHERE rule_id = ? AND account IS ? AND caller = ?
         AND (resolution IS NULL OR resolution IN ('ended', 'manual'))`,
      )
      .get(ruleId, account, caller) as { first: number | null };
    const gone = firstForgotten(this.#db, ruleId, account, caller);
    return row.first === null || gone === null ? (row.first ?? gone) : Math.min(row.first, gone);
  }

  /** Alerts that ended before this second may be gone. */
  forgotten(): number {
    return alertsForgotten(this.#db) ?? Number.NEGATIVE_INFINITY;
  }

  save(stored: StoredAlert, row: Omit<AlertRow, 'id' | 'resolution' | 'settledId'>): void {
    const { alert } = stored;
    const { rule: _, ...detail } = stored.detail;
    const { marks: __, ...kept } = stored;
    const saved: Saved = { ...kept, detail };
    this.#db
      .prepare(
        `INSERT INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
           fold = excluded.fold, account = excluded.account, subscription = excluded.subscription,
           settled_id = excluded.settled_id, opened = excluded.opened, last = excluded.last, level = excluded.level,
           status = excluded.status, resolution = excluded.resolution, has_control = excluded.has_control,
           digest = excluded.digest, caller = excluded.caller, data = excluded.data`,
      )
      .run(
        alert.id,
        row.ruleId,
        alert.rule,
        row.fold,
        row.scope,
        alert.account,
        stored.subscription,
        alert.settledId,
        row.opened,
        row.last,
        rankOf(alert.level),
        alert.status,
        alert.resolution,
        row.hasControl ? 1 : 0,
        row.digest,
        row.caller,
        JSON.stringify(saved),
      );
  }

  list(filter: AlertFilter): AlertPage {
    const { where, values } = conditions(filter);
    const limit = Math.max(1, Math.min(filter.limit, 1000));
    const rows = this.#db
      .prepare(`SELECT opened, id, data, ${MARKS} FROM ${MARKED} ${where} ORDER BY opened DESC, id DESC LIMIT ?`)
      .all(...values, limit + 1) as unknown as (DataRow & { opened: number; id: string })[];
    const items = rows.slice(0, limit).map((row) => this.#read(row));
    const last = rows[limit - 1];
    return { items, next: rows.length > limit && last !== undefined ? `${last.opened}.${last.id}` : null };
  }

  #read({ data, exception, silencedBy, silencedUntil }: DataRow): StoredAlert {
    const saved = JSON.parse(data) as Saved;
    const rule = this.#metas.get(saved.alert.ruleId);
    if (rule === undefined) throw new Error(`the words of rule ${saved.alert.ruleId} are not stored`);
    const isMarked = exception !== null || silencedBy !== null;
    return {
      ...saved,
      detail: { ...saved.detail, rule },
      marks: isMarked ? { exception, silencedBy, silencedUntil } : null,
    };
  }

  #rows(sql: string, ...values: (string | number)[]): AlertRow[] {
    return (
      this.#db.prepare(sql).all(...values) as unknown as (Omit<AlertRow, 'hasControl'> & { hasControl: number })[]
    ).map((row) => ({
      ...row,
      hasControl: row.hasControl === 1,
    }));
  }
}

const BY_ACTOR = `EXISTS (SELECT 1 FROM json_each(data, '$.alert.actors') a
  WHERE lower(a.value ->> 'name') = ? OR lower(a.value ->> 'id') = ?)`;
const FROM_ADDRESS = "EXISTS (SELECT 1 FROM json_each(data, '$.alert.sourceIps') a WHERE a.value = ?)";
const SAYS = "(instr(lower(data ->> '$.alert.reason'), ?) OR instr(lower(data ->> '$.alert.title'), ?))";

/** What a filter asks, but for how many. */
export function conditions(filter: Omit<AlertFilter, 'limit'>): {
  readonly where: string;
  readonly values: (string | number)[];
} {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...some: (string | number)[]): void => {
    parts.push(sql);
    values.push(...some);
  };
  if (filter.rule !== undefined) add('(rule = ? OR rule_id = ?)', filter.rule, filter.rule.toLowerCase());
  const { statuses = [] } = filter;
  if (statuses.length > 0) add(`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses);
  const account = filter.account?.toLowerCase();
  if (account?.includes('/')) add('account = ?', account);
  else if (account !== undefined) add("substr(account, -length(?) - 1) = '/' || ?", account, account);
  for (const [name, value] of Object.entries(filter.labels ?? {}))
    add('EXISTS (SELECT 1 FROM json_each(data, ?) l WHERE l.key = ? AND l.value = ?)', '$.labels', name, value);
  if (filter.since !== undefined) add('last >= ?', Math.floor(filter.since / 1000));
  if (filter.level !== undefined) add('level >= ?', rankOf(filter.level));
  const { excepted = 'yes' } = filter;
  const isExcepted = 'EXISTS (SELECT 1 FROM alert_marks m WHERE m.alert = alerts.id AND m.exception IS NOT NULL)';
  if (excepted !== 'yes') add(excepted === 'only' ? isExcepted : `NOT ${isExcepted}`);
  const { levels = [] } = filter;
  if (levels.length > 0) add(`level IN (${levels.map(() => '?').join(', ')})`, ...levels.map(rankOf));
  const actor = filter.actor?.toLowerCase();
  if (actor !== undefined) add(BY_ACTOR, actor, actor);
  if (filter.ip !== undefined) add(FROM_ADDRESS, filter.ip);
  if (filter.assignee !== undefined) add("data ->> '$.assignee' = ?", filter.assignee);
  const words = filter.words?.toLowerCase();
  if (words !== undefined) add(SAYS, words, words);
  if (filter.subscriptions !== null)
    add(`subscription IN (${filter.subscriptions.map(() => '?').join(', ')})`, ...filter.subscriptions);
  const cursor = /^(-?\d{1,15})\.([0-9a-f]{32})$/.exec(filter.cursor ?? '');
  if (cursor !== null) add('(opened, id) < (?, ?)', Number(cursor[1]), cursor[2]!);
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}
