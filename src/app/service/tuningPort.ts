import type { StoredAlert } from '../../alerts/stored.ts';
import type { ExceptionBody, ExceptionItem, SilenceBody, SilenceItem, TuningPreview } from '../../api/contract.ts';
import type { Scope, TuningOutcome, TuningPort } from '../../api/ports.ts';
import type { Config } from '../../config/config.ts';
import type { Rule } from '../../ir/ir.ts';
import type { Clock } from '../../lib/clock.ts';
import { isoOf } from '../../lib/iso.ts';
import type { Db } from '../../store/db.ts';
import { type KeptCount, MarkStore } from '../../store/marks.ts';
import { listTunings, putTuning, type TuningKind, type TuningRow } from '../../store/tunings.ts';
import { within } from '../../tuning/calendar.ts';
import { checkException, checkSilence, type TuningProblem } from '../../tuning/check.ts';
import { coverage, exceptionOf } from '../../tuning/exception.ts';
import { EVERYWHERE, isInside, type Maker } from '../../tuning/reach.ts';
import { lastsUntil, silenceOf, silentUntil } from '../../tuning/silence.ts';
import { type CheckedRules, unknownRules } from '../tuningRules.ts';

export interface TuningDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: () => Pick<Config, 'tuning' | 'lists'>;
  readonly rules: () => readonly Rule[];
  /** All that are stored and lie in the scope. */
  readonly alerts: (scope: Scope) => Iterable<StoredAlert>;
  /** In one transaction, with what it lets go. */
  readonly change: (run: () => void) => void;
}

/** What is different of exceptions and silences. */
interface Kind<Spec, Item> {
  readonly kind: TuningKind;
  readonly step: 'excepted' | 'silenced';
  check(spec: Spec): readonly TuningProblem[];
  /** Those of the configuration, as items without what was kept back. */
  configured(): readonly (Item & { readonly name: string })[];
  item(row: TuningRow<Spec>): Item;
  /** Would it keep the alert back? */
  keeps(spec: Spec, maker: Maker): (stored: StoredAlert) => boolean;
}

export function exceptionsPort(deps: TuningDeps): TuningPort<ExceptionBody, ExceptionItem> {
  const { clock, config } = deps;
  const isInForce = ({ expires }: ExceptionBody): boolean => Date.parse(expires) > clock.now();
  return portOf<ExceptionBody, ExceptionItem>(deps, {
    kind: 'exception',
    step: 'excepted',
    check: (spec) => {
      const found = checkException(spec, { lists: config().lists, now: clock.now() });
      // One that is over before it begins is a mistake; one that ran out is not.
      return found.map((one) => (one.code === 'CW-8107' ? { ...one, isError: true } : one));
    },
    configured: () =>
      config().tuning.exceptions.map(({ name, spec }) => ({
        name,
        spec: spec as ExceptionBody,
        ...CONFIGURED_STATE,
        isInForce: isInForce(spec as ExceptionBody),
      })),
    item: (row) => ({ ...stateOf(row), spec: row.spec, isInForce: row.endedAt === null && isInForce(row.spec) }),
    keeps: (spec, maker) => {
      const exception = exceptionOf('', spec, config().lists, maker);
      return (stored) => coverage(exception, stored, clock.now()).covers;
    },
  });
}

export function silencesPort(deps: TuningDeps): TuningPort<SilenceBody, SilenceItem> {
  const { clock, config } = deps;
  const lasts = (spec: SilenceBody): boolean => lastsUntil(silenceOf('', spec), clock.now()) !== null;
  return portOf<SilenceBody, SilenceItem>(deps, {
    kind: 'silence',
    step: 'silenced',
    check: (spec) => checkSilence(spec, { lists: config().lists, now: clock.now() }),
    configured: () => [
      ...config().tuning.silences.map(({ name, spec }) => ({
        name,
        kind: 'silence' as const,
        spec: spec as SilenceBody,
        ...CONFIGURED_STATE,
        isInForce: lasts(spec as SilenceBody),
      })),
      ...config().tuning.calendars.map(({ name, spec: { account, ...rest } }) => {
        const spec = { match: { account }, ...rest } as SilenceBody;
        return { name, kind: 'calendar' as const, spec, ...CONFIGURED_STATE, isInForce: lasts(spec) };
      }),
    ],
    item: (row) => ({
      ...stateOf(row),
      kind: 'silence',
      spec: row.spec,
      isInForce: row.endedAt === null && lasts(row.spec),
    }),
    keeps: (spec, maker) => {
      // Past alerts came when they came: asked is whether they would have come into one of its hours.
      const { weekly = null, ...rest } = silenceOf('', spec, maker);
      const always = { ...rest, weekly: null, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
      return (stored) =>
        silentUntil(always, stored, stored.createdAt) !== null &&
        (weekly === null || within(weekly, stored.createdAt) !== null);
    },
  });
}

const CONFIGURED_STATE = {
  origin: 'config',
  kept: 0,
  lastKeptAt: null,
  createdBy: null,
  createdAt: null,
  endedAt: null,
} as const;

function stateOf({ id, createdBy, createdAt, endedAt }: TuningRow) {
  return {
    ...CONFIGURED_STATE,
    name: id,
    origin: 'api' as const,
    createdBy,
    createdAt: isoOf(createdAt),
    endedAt: endedAt === null ? null : isoOf(endedAt),
  };
}

interface AnySpec {
  readonly match: CheckedRules;
}

function portOf<Spec extends AnySpec, Item extends { readonly name: string }>(
  deps: TuningDeps,
  kind: Kind<Spec, Item>,
): TuningPort<Spec, Item> {
  const { db, clock, change } = deps;
  const marks = new MarkStore(db);
  const rows = () => listTunings(db, kind.kind) as readonly unknown[] as readonly TuningRow<Spec>[];
  const withCount = (item: Item, counts: ReadonlyMap<string, KeptCount>): Item => {
    const { alerts = 0, last = null } = counts.get(item.name) ?? {};
    return { ...item, kept: alerts, lastKeptAt: last === null ? null : isoOf(last) };
  };
  const shown = (row: TuningRow<Spec>): Item => withCount(kind.item(row), marks.counts(kind.step));
  const isConfigured = (name: string): boolean => kind.configured().some((one) => one.name === name);
  const find = (name: string, scope: Scope): TuningRow<Spec> | null =>
    rows().find(({ id, reach, endedAt }) => id === name && endedAt === null && isInside(reach, scope)) ?? null;
  const put = (row: TuningRow<Spec>): TuningOutcome<Item> => {
    change(() => putTuning(db, kind.kind, row as unknown as TuningRow));
    return { kind: 'done', item: shown(row) };
  };
  const missing = (name: string, scope: Scope): TuningOutcome<Item> =>
    isConfigured(name) && isInside(EVERYWHERE, scope)
      ? {
          kind: 'refused',
          why: `${name} stands in the configuration`,
          cure: 'Change it there; it is read again at once.',
        }
      : { kind: 'unknown' };
  return {
    async list(scope) {
      const counts = marks.counts(kind.step);
      const own = isInside(EVERYWHERE, scope) ? kind.configured() : [];
      const made = rows().filter(({ reach }) => isInside(reach, scope));
      return [...own, ...made.map((row) => kind.item(row))].map((item) => withCount(item, counts));
    },
    async create(name, spec, by, scope) {
      const bad = invalid(deps, kind, spec);
      if (bad !== null) return bad;
      const isTaken = isConfigured(name) || rows().some(({ id, endedAt }) => id === name && endedAt === null);
      if (isTaken) return { kind: 'refused', why: `there is a ${kind.kind} of that name`, cure: 'Give another name.' };
      const now = clock.now();
      return put({ id: name, spec, reach: scope, createdBy: by, createdAt: now, changedAt: now, endedAt: null });
    },
    async update(name, spec, _by, scope) {
      const row = find(name, scope);
      if (row === null) return missing(name, scope);
      return invalid(deps, kind, spec) ?? put({ ...row, spec, changedAt: clock.now() });
    },
    async end(name, scope) {
      const row = find(name, scope);
      if (row === null) return missing(name, scope);
      return put({ ...row, changedAt: clock.now(), endedAt: clock.now() });
    },
    preview: async (spec, scope) =>
      invalid(deps, kind, spec) ?? { kind: 'done', item: previewOf(deps, kind, spec, scope) },
  };
}

function invalid<Spec extends AnySpec, Item>(
  { rules }: TuningDeps,
  kind: Kind<Spec, Item>,
  spec: Spec,
): Extract<TuningOutcome<never>, { readonly kind: 'invalid' }> | null {
  const [first] = [...kind.check(spec).filter(({ isError }) => isError), ...unknownRules(spec.match, rules())];
  if (first === undefined) return null;
  const { path, what, cure } = first;
  return { kind: 'invalid', why: `${path.length === 0 ? 'it' : path.join('.')} ${what}`, cure };
}

const SHOWN = 100;

function previewOf<Spec extends AnySpec, Item>(
  { alerts }: TuningDeps,
  kind: Kind<Spec, Item>,
  spec: Spec,
  scope: Scope,
): TuningPreview {
  const keeps = kind.keeps(spec, { origin: 'api', reach: scope });
  let [asked, count, open] = [0, 0, 0];
  const shown: TuningPreview['alerts'][number][] = [];
  const rules = new Map<string, { asked: number; kept: number }>();
  for (const stored of alerts(scope)) {
    const { id, rule, level, account, firstSeen, status } = stored.alert;
    const ofRule = rules.get(rule) ?? { asked: 0, kept: 0 };
    rules.set(rule, ofRule);
    asked += 1;
    ofRule.asked += 1;
    if (!keeps(stored)) continue;
    count += 1;
    ofRule.kept += 1;
    if (status === 'open') open += 1;
    if (shown.length < SHOWN) shown.push({ id, rule, level, account, firstSeen });
  }
  const whole = [...rules].filter(([, { asked: all, kept }]) => kept === all).map(([rule]) => rule);
  const warnings = [
    ...kind.check(spec).map(({ path, what, cure }) => `${path.join('.')} ${what}: ${cure}`),
    ...whole.map((rule) => `every alert of ${rule} so far would be kept back`),
  ];
  return { asked, count, open, alerts: shown, warnings };
}
