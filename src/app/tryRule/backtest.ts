import type { Inventory } from '../../accounts/inventory.ts';
import type { Alert } from '../../alerts/alert.ts';
import type { BacktestAnswer } from '../../api/contract.ts';
import { type Micros, tellsRequests } from '../../events/event.ts';
import { isAbsence, type Rule } from '../../ir/ir.ts';
import { isoOf } from '../../lib/iso.ts';
import { ruleSet } from '../ask.ts';
import { familiesFor } from '../coverage.ts';
import type { RuleText } from '../rules.ts';
import { scanTexts } from '../scan.ts';
import { type Draft, mistakesIn, ownRules, type Placed, place, type Surroundings } from './draft.ts';

/** What is stored, as far as it is tried. */
export interface Stored {
  /** Raw control-plane records, oldest first. */
  readonly records: readonly { readonly time: Micros; readonly raw: string }[];
  /** There are more than these. */
  readonly isBounded: boolean;
  readonly inventories: readonly { readonly inventory: Inventory; readonly at: Micros | null }[];
  /** Records before it are history. */
  readonly since: Micros;
  readonly now: number;
}

/** A rule as it runs against a text in place of its file, both over the same records from the beginning. */
export function backtestDraft(draft: Draft, stored: Stored, surroundings: Surroundings): BacktestAnswer {
  const placed = place(draft, surroundings);
  const after = judgedBy(placed, placed.after, surroundings);
  const told = stored.records.filter(({ time }) => time >= stored.since);
  const answer = {
    mistakes: after.mistakes,
    from: told[0] === undefined ? null : isoOf(told[0].time / 1000),
    to: told.at(-1) === undefined ? null : isoOf(told.at(-1)!.time / 1000),
    events: told.length,
  };
  if (after.mistakes.length > 0) return { ...answer, ...NOTHING };
  const before = placed.path === null ? { rules: [], own: [] } : judgedBy(placed, placed.before, surroundings);
  const [was, is] = [alertsOf(before.rules, stored), alertsOf(after.rules, stored)];
  const pairs = is.map((alert) => ({ alert, was: was.find((one) => isSame(one, alert)) ?? null }));
  const known = new Set(pairs.map((pair) => pair.was));
  return {
    ...answer,
    before: was.length,
    after: is.length,
    same: pairs.filter((pair) => pair.was !== null).map(({ alert, was: old }) => itemOf(alert, old)),
    added: pairs.filter((pair) => pair.was === null).map(({ alert }) => itemOf(alert, null)),
    removed: was.filter((one) => !known.has(one)).map((one) => itemOf(one, null)),
    cannot: [...limitsOf(after.own, after.rules), ...(stored.isBounded ? [BOUNDED(stored.records.length)] : [])],
  };
}

const NOTHING = { before: 0, after: 0, same: [], added: [], removed: [], cannot: [] } as const;

const BOUNDED = (most: number): string => `only the newest ${most} control-plane records were looked at`;

/** The rules of a file alone raise something; the others are there for those that count them. */
function judgedBy(
  placed: Placed,
  files: readonly RuleText[],
  { lists, parameters }: Surroundings,
): { readonly rules: readonly Rule[]; readonly own: readonly Rule[]; readonly mistakes: readonly string[] } {
  const { all, own, diagnostics } = ownRules(placed, files, { placeholders: lists, parameters });
  const rules = all.map((rule) => (own.includes(rule) ? rule : { ...rule, alerts: false }));
  return { rules, own: own.filter(({ alerts }) => alerts), mistakes: mistakesIn(diagnostics) };
}

function alertsOf(rules: readonly Rule[], { records, inventories, since, now }: Stored): readonly Alert[] {
  if (records.length === 0 || rules.length === 0) return [];
  const text = records.map(({ raw }) => raw).join('\n');
  const outcome = scanTexts(
    [{ name: 'stored records', chunks: [Buffer.from(text)] }],
    rules,
    { since, until: null, nowMs: now, expectAccounts: [], minLevel: 'informational', skim: true },
    inventories,
  );
  return [...outcome.told].map(({ alert }) => alert);
}

/** The same story, though level, key and count may have changed. */
function isSame(a: Alert, b: Alert): boolean {
  return (
    (a.ruleId === b.ruleId || a.rule === b.rule) &&
    a.account === b.account &&
    a.firstSeen <= b.lastSeen &&
    b.firstSeen <= a.lastSeen &&
    a.actors[0]?.id === b.actors[0]?.id
  );
}

type Item = BacktestAnswer['added'][number];

function itemOf({ rule, level, account, firstSeen, lastSeen, count, reason }: Alert, was: Alert | null): Item {
  const changed = was !== null && was.level !== level ? was.level : null;
  return { rule, level, account, firstSeen, lastSeen, count, reason, verdict: null, was: changed };
}

/** Requests are kept as sums, and silence needs every record: neither can be asked again. */
function limitsOf(own: readonly Rule[], rules: readonly Rule[]): readonly string[] {
  const set = ruleSet(rules);
  return own.flatMap((rule) => {
    const { name } = rule.meta;
    if (isAbsence(rule)) return [`${name} waits for silence: for that every record would have to be kept`];
    const requests = familiesFor(rule, set).filter(tellsRequests);
    if (requests.length === 0) return [];
    return [`what ${name} finds in ${requests.slice(0, 3).join(', ')}: single requests are not kept`];
  });
}
