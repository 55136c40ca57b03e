import type { Inventory } from '../../accounts/inventory.ts';
import type { BacktestAnswer, RuleDetail, RuleItem } from '../../api/contract.ts';
import { isAccountSeen } from '../../api/item.ts';
import type { RulesPort, Scope } from '../../api/ports.ts';
import type { Micros } from '../../events/event.ts';
import type { Rule } from '../../ir/ir.ts';
import { printMatch } from '../../ir/print.ts';
import { printCorrelation } from '../../ir/printCorrelation.ts';
import type { Clock } from '../../lib/clock.ts';
import { rawControlRecords } from '../../store/accountQueries.ts';
import { openedByDay } from '../../store/alertCounts.ts';
import type { Db } from '../../store/db.ts';
import type { Overview } from '../../store/overview.ts';
import type { AccountRules } from '../accountRules.ts';
import type { ConfigRules } from '../configRules.ts';
import type { Live } from '../live/live.ts';
import { isCalled } from '../rules.ts';
import type { Stored } from '../tryRule/backtest.ts';
import type { Bench, Tried } from '../tryRule/bench.ts';
import type { RuleFiles } from './ruleFiles.ts';

export interface RulesDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly overview: Overview;
  readonly live: () => Live;
  readonly reach: () => AccountRules;
  readonly rules: () => ConfigRules;
  readonly files: () => RuleFiles;
  readonly bench: Bench;
  readonly inventories: () => readonly { readonly inventory: Inventory; readonly at: Micros }[];
}

const DAY = 86_400;
const DAYS = 30;
/** Control-plane records that a backtest looks at. */
const MOST_RECORDS = 20_000;

/** Rules as the API tells of them, and texts that are tried in their place. */
export function rulesPort(deps: RulesDeps): RulesPort {
  const items = (scope: Scope): RuleItem[] => {
    const hits = hitsOf(deps, scope);
    return shown(deps).map((rule) => itemOf(rule, hits.get(rule.meta.id) ?? NO_HITS, scope, deps));
  };
  return {
    list: async (scope) => items(scope),
    async get(name, scope) {
      const rule = shown(deps).find((one) => isCalled(one, name));
      if (rule === undefined) return null;
      const hits = hitsOf(deps, scope).get(rule.meta.id) ?? NO_HITS;
      return detailOf(rule, itemOf(rule, hits, scope, deps), scope, deps);
    },
    lint: async (draft) =>
      answerOf(await deps.bench.run({ kind: 'lint', draft }), (why) => ({
        rules: [],
        diagnostics: [{ severity: 'error', code: 'CW-3004', line: 0, column: 0, length: 0, message: why, hint: null }],
      })),
    test: async (draft, timeline) =>
      answerOf(await deps.bench.run({ kind: 'test', draft, timeline }), (why) => ({ mistakes: [why], cases: [] })),
    async backtest(draft, since, scope) {
      const stored = storedFor(deps, since, scope);
      const tried = await deps.bench.run({ kind: 'backtest', draft, stored });
      const answer = answerOf<'backtest'>(tried, (why) => ({ ...EMPTY, mistakes: [why] }));
      return answer === null ? null : withVerdicts(deps.db, answer);
    },
  };
}

const NO_HITS: readonly number[] = new Array<number>(DAYS).fill(0);
const EMPTY: Omit<BacktestAnswer, 'mistakes'> = {
  from: null,
  to: null,
  events: 0,
  before: 0,
  after: 0,
  same: [],
  added: [],
  removed: [],
  cannot: [],
};

/** Null: another text is being tried. */
function answerOf<Kind extends 'lint' | 'test' | 'backtest'>(
  tried: Tried<Kind>,
  broken: (why: string) => Extract<Tried<Kind>, { kind: 'answered' }>['answer'],
): Extract<Tried<Kind>, { kind: 'answered' }>['answer'] | null {
  switch (tried.kind) {
    case 'answered':
      return tried.answer;
    case 'busy':
      return null;
    case 'broken':
      return broken(`it could not be tried: ${tried.why}`);
  }
}

/** Those that raise alerts, and those that would if they were not switched off. */
function shown({ rules }: RulesDeps): readonly Rule[] {
  const { rules: all, disabled } = rules();
  const off = new Set(disabled.map(({ rule }) => rule.meta.id));
  return all.filter((rule) => rule.alerts || off.has(rule.meta.id));
}

/** Alerts of the last days by rule id; the day under way is the last one. */
function hitsOf({ db, clock }: RulesDeps, scope: Scope): ReadonlyMap<string, readonly number[]> {
  const from = (Math.floor(clock.now() / 1000 / DAY) - DAYS + 1) * DAY;
  const hits = new Map<string, number[]>();
  for (const { rule, day, count } of openedByDay(db, from, scope)) {
    const own = hits.get(rule) ?? [...NO_HITS];
    hits.set(rule, own);
    if (day < DAYS) own[day] = count;
  }
  return hits;
}

function accountsOf({ overview }: RulesDeps, scope: Scope): readonly string[] {
  return overview.accountIds().filter((id) => isAccountSeen(id, scope));
}

function itemOf({ meta, alerts }: Rule, hits: readonly number[], scope: Scope, deps: RulesDeps): RuleItem {
  const { id, name, title, level, description, attack, parameters, place } = meta;
  const { live, reach } = deps;
  const can = accountsOf(deps, scope).filter((account) =>
    reach()
      .of(account, live().logs(account))
      .some(({ rule, state }) => rule === name && state !== 'cannot' && state !== 'off'),
  );
  return {
    id,
    name,
    title,
    level,
    description,
    attack: attack.map(({ tactic, technique }) => ({ tactic, technique })),
    isActive: alerts,
    whyNot: deps.rules().disabled.find(({ rule }) => rule.meta.id === id)?.reason ?? null,
    parameters: parameters.map(({ name: parameter, value, default: usual, description: text }) => ({
      name: parameter,
      value,
      default: usual,
      description: text,
    })),
    file: place.file,
    hits,
    canFireOn: can.length,
    cases: deps.files().cases(place.file),
  };
}

function detailOf(rule: Rule, item: RuleItem, scope: Scope, deps: RulesDeps): RuleDetail {
  const { meta } = rule;
  const { live, reach } = deps;
  return {
    ...item,
    text: deps.files().text(meta.place.file),
    timeline: deps.files().timeline(meta.place.file),
    status: meta.status,
    meaning: meaningOf(rule, deps.rules().rules),
    impact: meta.impact.map(({ text }) => text),
    mitigation: meta.mitigation.map(({ text }) => text),
    falsePositives: meta.falsePositives,
    published: meta.published,
    families: reach().familiesOf(meta.id),
    accounts: accountsOf(deps, scope).flatMap((account) => {
      const found = reach()
        .of(account, live().logs(account))
        .find(({ rule: name }) => name === meta.name);
      if (found === undefined) return [];
      const { state, why, cure, command } = found;
      return [{ account, state, why, cure, command }];
    }),
  };
}

/** What a rule asks for, in the words of `rules match --explain`. */
function meaningOf(rule: Rule, rules: readonly Rule[]): string {
  if (rule.kind === 'detection') return printMatch(rule.match);
  const named = (id: string): string => rules.find(({ meta }) => meta.id === id)?.meta.name ?? id;
  const counted = rule.rules.flatMap((id) => rules.find(({ meta }) => meta.id === id) ?? []);
  const inner = counted.map((one) => `${one.meta.name}: ${meaningOf(one, rules)}`);
  return [printCorrelation(rule, named), ...inner].join('\n');
}

/** Stored records that somebody may see: what lies around accounts only by who sees all. */
function storedFor({ db, overview, clock, inventories }: RulesDeps, since: number, scope: Scope): Stored {
  const isAll = scope.subscriptions === null && Object.keys(scope.labels).length === 0;
  const accounts = isAll ? null : overview.accountIds().filter((id) => isAccountSeen(id, scope));
  const records = rawControlRecords(db, { accounts, around: isAll, limit: MOST_RECORDS });
  return {
    records,
    isBounded: records.length === MOST_RECORDS,
    inventories: inventories(),
    since: since * 1000,
    now: clock.now(),
  };
}

/** What people called the stored alerts of the same rule, account and time. */
function withVerdicts(db: Db, answer: BacktestAnswer): BacktestAnswer {
  const find = db.prepare(
    `SELECT json_extract(data, '$.verdict') AS verdict FROM alerts WHERE rule = ? AND account IS ? AND opened <= ? AND last >= ? LIMIT 1`,
  );
  const judged = (items: BacktestAnswer['removed']): BacktestAnswer['removed'] =>
    items.map((one) => {
      const [from, to] = [Date.parse(one.firstSeen) / 1000, Date.parse(one.lastSeen) / 1000];
      const verdict = find.get(one.rule, one.account, Math.ceil(to), Math.floor(from))?.['verdict'] ?? null;
      return { ...one, verdict: verdict === null ? null : String(verdict) };
    });
  return { ...answer, same: judged(answer.same), removed: judged(answer.removed) };
}
