import { type Rec, read } from './read.ts';

/** Naive facts: what happened, from a set of raw records. Quadratic and worse; follows the specification sentence by sentence. */

export interface Change {
  readonly property: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly effect: string;
  readonly exposure: string | null;
}

export interface NFact {
  readonly id: string;
  readonly time: number;
  readonly action: string;
  readonly outcome: number;
  readonly account: string | null;
  readonly actor: { readonly id: string; readonly app: string | null } | null;
  readonly ip: string | null;
  readonly caller: string | null;
  readonly container: string | null;
  readonly change: Change | null;
  /** How to ask, at the end of the clock, whether it stands as before: null: an act; 'never': a state that never ends. */
  readonly thing: { readonly id: string; readonly stands: (end: End) => boolean } | 'never' | null;
  readonly moved?: boolean;
}

export interface End {
  readonly settings: Map<string, Map<string, unknown>>;
  readonly locks: Map<string, string>;
  readonly keyUsable: Map<string, boolean>;
}

export interface Told {
  readonly key: string;
  readonly recs: readonly Rec[];
  readonly family: Rec['family'];
  readonly time: number;
  readonly last: number;
  readonly outcome: number;
  readonly main: Rec;
  // biome-ignore lint/suspicious/noExplicitAny: columns
  readonly columns: any;
}

const MIN10 = 600e6;

export interface Naive {
  readonly facts: readonly NFact[];
  readonly recs: readonly Rec[];
  readonly end: End;
  /** account -> deletions [from, to) in microseconds. */
  readonly deaths: Map<string, { from: number; to: number }[]>;
}

export function naiveFacts(raws: readonly object[]): Naive {
  const recs = merge(raws.map(read));
  const tellings = tell(recs);
  const actions = joinAll(tellings);
  const deaths = deathsOf(actions);
  return walk(recs, tellings, actions, deaths);
}

/** Copies of one record become one: REST first, then by time. */
function merge(recs: readonly Rec[]): Rec[] {
  const ids = [...new Set(recs.map((rec) => rec.id))];
  return ids.map((id) => {
    const copies = recs
      .filter((rec) => rec.id === id)
      .sort((a, b) => Number(b.isRest) - Number(a.isRest) || a.time - b.time);
    const first = copies[0]!;
    const pick = <K extends keyof Rec>(name: K): Rec[K] =>
      copies.find((copy) => copy[name] !== null)?.[name] ?? first[name];
    return { ...first, request: pick('request'), method: pick('method'), body: pick('body'), ip: pick('ip') };
  });
}

function order(a: Rec, b: Rec): number {
  return a.time - b.time || a.outcome - b.outcome || (a.id < b.id ? -1 : 1);
}

function tell(recs: readonly Rec[]): Told[] {
  const groups = [...new Set(recs.map((rec) => rec.group))];
  return groups.flatMap((group) => {
    const parts: Rec[][] = [];
    for (const rec of recs.filter((one) => one.group === group).sort(order)) {
      const part = parts.at(-1);
      if (part === undefined || begins(part, rec)) parts.push([rec]);
      else part.push(rec);
    }
    return parts.map((part, index) => toTold(`${group}#${index === 0 ? '' : part[0]!.second}`, part));
  });
}

function begins(part: readonly Rec[], rec: Rec): boolean {
  if (rec.time - part.at(-1)!.time > 86_400e6) return true;
  const isStart = rec.family === 'control' ? rec.phase === 'start' : rec.outcome === 0;
  if (isStart) {
    const ends = part.filter((one) => (one.family === 'control' ? one.phase !== 'start' : one.outcome >= 2));
    return ends.length > 0 && rec.time - ends.at(-1)!.time >= 2e6;
  }
  if (rec.family !== 'control') return false;
  const earlier = part.filter((one) => one.phase !== 'start');
  return earlier.length > 0 && rec.second > earlier[0]!.second;
}

function toTold(key: string, recs: readonly Rec[]): Told {
  const strongest = [...recs].sort(
    (a, b) => b.outcome - a.outcome || Number(a.phase === 'start') - Number(b.phase === 'start') || order(a, b),
  );
  const first = strongest[0]!;
  const pick = <K extends keyof Rec>(name: K): Rec[K] =>
    strongest.find((rec) => rec[name] !== null)?.[name] ?? first[name];
  // biome-ignore lint/suspicious/noExplicitAny: columns
  const columns: any = {};
  for (const rec of [...recs].sort(
    (a, b) => Number(a.phase === 'start') - Number(b.phase === 'start') || order(a, b),
  )) {
    for (const [name, value] of Object.entries(rec.columns ?? {}))
      if (columns[name] === undefined || columns[name] === '') columns[name] = value;
  }
  return {
    key,
    recs,
    family: first.family,
    time: recs[0]!.time,
    last: recs.at(-1)!.time,
    outcome: first.outcome,
    main: {
      ...first,
      actor: pick('actor'),
      ip: pick('ip'),
      body: pick('body'),
      method: pick('method'),
      request: pick('request'),
    },
    columns,
  };
}

interface Act {
  readonly id: string;
  readonly time: number;
  readonly last: number;
  readonly outcome: number;
  /** The Activity Log first. */
  readonly told: readonly Told[];
  readonly caller: string | null;
  readonly from: Told | null;
}

const done = (one: { outcome: number }) => one.outcome === 1 || one.outcome === 3;

function kindOf({ main }: Told): string | null {
  const { operation, account, container } = main;
  if (account === null) return null;
  if (/databaseaccounts\/write$/.test(operation) || /^account(update|create)$/.test(operation))
    return `write ${account}`;
  if (/databaseaccounts\/delete$/.test(operation) || operation === 'accountdelete') return `delete ${account}`;
  if (
    /containers\/write$/.test(operation) ||
    /^sqlcontainers(create|update)$/.test(operation) ||
    operation === 'create collection'
  )
    return `container ${account} ${container}`;
  if (/containers\/delete$/.test(operation) || operation === 'sqlcontainersdelete')
    return `gone ${account} ${container}`;
  return null;
}

const KEY_READS = /\/(listkeys|readonlykeys|listconnectionstrings)\/action$/;

function candidates(control: Told, all: readonly Told[]): Told[] {
  return all.filter(
    (other) =>
      other.family === 'activity' &&
      other.outcome !== 2 &&
      !KEY_READS.test(other.main.operation) &&
      Math.abs(other.time - control.time) <= MIN10 &&
      other.main.account === control.main.account &&
      (control.main.container !== null
        ? other.main.container === control.main.container
        : other.main.container === null && other.main.resource === control.main.account) &&
      !all.some((third) => third !== control && third.family !== 'activity' && tied(other, third)),
  );
}

function tied(activity: Told, other: Told): boolean {
  // Who reads keys changes nothing, whatever id the read was given.
  return (
    !KEY_READS.test(activity.main.operation) &&
    activity.main.request !== null &&
    activity.main.request === other.main.correlation &&
    activity.main.account === other.main.account
  );
}

function joinAll(all: readonly Told[]): Act[] {
  const acts: Act[] = [];
  const pairs: [Told, Told, 'exact' | 'near'][] = [];
  const exact = new Set<Told>();
  const sorted = [...all].sort((a, b) => a.time - b.time || a.outcome - b.outcome || (a.key < b.key ? -1 : 1));
  const able = sorted.filter((one) => done(one) && kindOf(one) !== null);
  for (const a of able.filter((one) => one.family === 'activity')) {
    const partners = able
      .filter((b) => b.family !== 'activity' && kindOf(b) === kindOf(a) && tied(a, b) && !exact.has(b))
      .sort((x, y) => Math.abs(x.time - a.time) - Math.abs(y.time - a.time));
    if (partners.length === 0) continue;
    pairs.push([a, partners[0]!, 'exact']);
    exact.add(a).add(partners[0]!);
  }
  const free = able.filter((one) => !exact.has(one));
  const counterparts = (a: Told, family: string) =>
    free.filter((b) => b.family === family && kindOf(b) === kindOf(a) && Math.abs(a.time - b.time) <= MIN10);
  for (const a of free) {
    for (const b of free) {
      if (a.family >= b.family || kindOf(a) !== kindOf(b) || Math.abs(a.time - b.time) > MIN10) continue;
      if (counterparts(a, b.family).length !== 1 || counterparts(b, a.family).length !== 1) continue;
      if (a.family === 'activity' && b.family === 'control') {
        const could = candidates(b, all);
        if (could.length !== 1 || could[0] !== a) continue;
      }
      pairs.push([a, b, 'near']);
    }
  }
  const seen = new Set<Told>();
  for (const one of sorted) {
    if (seen.has(one)) continue;
    const group = new Set([one]);
    for (let grew = true; grew; ) {
      grew = false;
      for (const [a, b] of pairs) {
        if (group.has(a) !== group.has(b)) {
          group.add(a).add(b);
          grew = true;
        }
      }
    }
    for (const member of group) seen.add(member);
    acts.push(toAct([...group], exact, all));
  }
  return acts.sort((a, b) => a.time - b.time || a.outcome - b.outcome || (a.id < b.id ? -1 : 1));
}

function toAct(group: readonly Told[], exact: ReadonlySet<Told>, all: readonly Told[]): Act {
  const told = [...group].sort(
    (a, b) =>
      Number(a.family !== 'activity') - Number(b.family !== 'activity') || a.time - b.time || a.outcome - b.outcome,
  );
  const control = told.find((one) => one.family === 'control');
  const base = {
    id: told
      .map((one) => one.key)
      .sort()
      .join('+'),
    time: Math.min(...told.map((one) => one.time)),
    last: Math.max(...told.map((one) => one.last)),
    outcome: Math.max(...told.map((one) => one.outcome)),
    told,
  };
  if (told.length > 1)
    return { ...base, caller: control ? (exact.has(control) ? 'exact' : 'likely') : null, from: null };
  if (control === undefined) return { ...base, caller: null, from: null };
  const ties = all.filter((other) => other.family === 'activity' && tied(other, control));
  if (ties.length > 0) {
    const isOne = new Set(ties.map((one) => one.main.actor?.id)).size === 1;
    return isOne
      ? { ...base, caller: 'exact', from: [...ties].sort((a, b) => a.time - b.time)[0]! }
      : { ...base, caller: 'unknown', from: null };
  }
  const could = candidates(control, all);
  return could.length === 1
    ? { ...base, caller: 'likely', from: could[0]! }
    : { ...base, caller: 'unknown', from: null };
}

function isPatch(rec: Rec): boolean {
  if (rec.method !== null) return rec.method === 'PATCH';
  return rec.body !== null && rec.body.properties?.databaseAccountOfferType === undefined;
}

function deathsOf(acts: readonly Act[]): Map<string, { from: number; to: number }[]> {
  const deaths = new Map<string, { from: number; to: number }[]>();
  const gone = new Map<string, number>();
  for (const act of acts) {
    const { main } = act.told[0]!;
    if (main.account === null || !done(act)) continue;
    const spans = deaths.get(main.account) ?? [];
    const open = spans.find((span) => span.to === Number.POSITIVE_INFINITY);
    if (kindOf(act.told[0]!) === `delete ${main.account}`) {
      if (open === undefined) spans.push({ from: act.time, to: Number.POSITIVE_INFINITY });
      gone.set(main.account, Math.max(gone.get(main.account) ?? Number.NEGATIVE_INFINITY, act.last));
    } else if (
      open !== undefined &&
      kindOf(act.told[0]!) === `write ${main.account}` &&
      act.time > gone.get(main.account)!
    ) {
      const creates = act.told.some((one) =>
        one.family === 'activity' ? !isPatch(one.main) : one.main.operation === 'accountcreate',
      );
      if (creates) open.to = act.time;
    }
    deaths.set(main.account, spans);
  }
  return deaths;
}

interface Known {
  value: unknown;
  at: number;
  silent: boolean;
}

function walk(recs: readonly Rec[], tellings: readonly Told[], acts: readonly Act[], deaths: Naive['deaths']): Naive {
  const facts: NFact[] = [];
  const state = new Map<string, Map<string, Known>>();
  const locks = new Map<string, { scope: string; level: string }>();
  const keys = new Map<string, { newest: string | null; usable: boolean }>();
  const accounts = [...new Set(recs.map((rec) => rec.account).filter((one) => one !== null))];
  const knownAt = (account: string, time: number) =>
    recs.some((rec) => rec.account === account && rec.time <= time) &&
    !(deaths.get(account) ?? []).some((span) => span.from <= time && time < span.to);
  const settings = (account: string) => {
    if (!state.has(account)) state.set(account, new Map());
    return state.get(account)!;
  };
  for (const act of acts) {
    const { main } = act.told[0]!;
    const who = act.told.find((one) => one.main.actor !== null) ?? act.from;
    const base = {
      time: act.time,
      outcome: act.outcome,
      actor: who?.main.actor ?? null,
      ip: who?.main.ip ?? null,
      caller: act.caller,
    };
    const emit = (more: Partial<NFact> & { action: string; account: string | null }) =>
      facts.push({ id: act.id, container: null, change: null, thing: null, ...base, ...more });
    const { operation, account } = main;
    if (KEY_READS.test(operation)) emit({ action: operation.split('/').at(-2)!, account });
    else if (account !== null && kindOf(act.told[0]!) === `write ${account}`) {
      if (!done(act)) continue;
      // One action changes a setting once.
      const told = new Set<string>();
      const tellOnce = (change: Change) => {
        if (!told.has(change.property)) emitChange(emit, account, act, change);
        told.add(change.property);
      };
      for (const one of act.told) {
        if (one.family === 'control') continue;
        const named = bodySettings(one.main.body);
        for (const change of apply(settings(account), named, act.time, isPatch(one.main))) tellOnce(change);
      }
      for (const one of act.told) {
        if (one.family !== 'control') continue;
        for (const change of apply(settings(account), columnSettings(one.columns), act.time, false)) tellOnce(change);
      }
    } else if (account !== null && kindOf(act.told[0]!) === `delete ${account}`) {
      emit({ action: 'account deleted', account, thing: 'never' });
      if (done(act)) {
        state.delete(account);
        for (const [id, lock] of locks) if (lock.scope === account) locks.delete(id);
      }
    } else if (/locks\/(write|delete)$/.test(operation)) lockAct(act, main, accounts, knownAt, locks, emit);
    else if (main.family === 'vault') keyAct(act, main, accounts, knownAt, settings, keys, emit);
    else if (main.container !== null) containerAct(act, main, tellings, acts, deaths, emit);
  }
  for (const rec of recs) {
    if (rec.operation !== 'delete document') continue;
    facts.push({
      id: rec.id,
      time: rec.time,
      action: 'item deleted',
      outcome: rec.outcome,
      account: rec.account,
      actor: rec.actor,
      ip: rec.ip,
      caller: null,
      container: rec.container,
      change: null,
      thing: null,
    });
  }
  const end: End = {
    settings: new Map(
      [...state].map(([account, values]) => [
        account,
        new Map([...values].map(([name, known]) => [name, known.value])),
      ]),
    ),
    locks: new Map(accounts.map((account) => [account, strongest(account, locks)])),
    keyUsable: new Map([...keys].map(([key, { usable }]) => [key, usable])),
  };
  return { facts, recs, end, deaths };
}

function set(items: readonly string[]): string[] {
  return [...new Set(items.map((item) => item.toLowerCase()))].sort();
}

// biome-ignore lint/suspicious/noExplicitAny: a body
function bodySettings(body: any): Map<string, unknown> {
  const p = body?.properties ?? {};
  const found = new Map<string, unknown>();
  if (p.ipRules !== undefined)
    found.set('ipRules', set(p.ipRules.map((rule: { ipAddressOrRange: string }) => rule.ipAddressOrRange)));
  for (const name of ['isVirtualNetworkFilterEnabled', 'publicNetworkAccess', 'disableKeyBasedMetadataWriteAccess']) {
    if (p[name] !== undefined) found.set(name, p[name]);
  }
  if (p.keyVaultKeyUri !== undefined)
    found.set('keyVaultKeyUri', p.keyVaultKeyUri.toLowerCase().replace(/\/keys\/([^/]+)\/[^/]+$/, '/keys/$1'));
  const tier = p.backupPolicy?.continuousModeProperties?.tier;
  if (tier !== undefined) found.set('backupPolicy.continuousModeProperties.tier', tier);
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: columns
function columnSettings(columns: any): Map<string, unknown> {
  const found = new Map<string, unknown>();
  if (columns.ipRangeFilter !== undefined)
    found.set('ipRules', set(columns.ipRangeFilter.split(',').filter((one: string) => one !== '')));
  if (columns.enableVirtualNetworkFilter !== undefined)
    found.set('isVirtualNetworkFilterEnabled', columns.enableVirtualNetworkFilter === 'true');
  return found;
}

function apply(state: Map<string, Known>, named: Map<string, unknown>, time: number, patch: boolean): Change[] {
  const same = (a: unknown, b: unknown) => JSON.stringify(a).toLowerCase() === JSON.stringify(b).toLowerCase();
  const before = new Map(state);
  const changed: [string, unknown][] = [];
  for (const [property, value] of named) {
    const known = before.get(property);
    let was: unknown;
    let isChange = false;
    if (known === undefined) isChange = patch;
    else if (!same(known.value, value)) {
      isChange = true;
      was = known.value;
    } else if (patch && known.silent && time - known.at < MIN10) isChange = true;
    if (isChange) changed.push([property, was]);
    if (isChange || known === undefined) state.set(property, { value, at: time, silent: !isChange });
  }
  return changed.map(([property, was]) => {
    const after = state.get(property)!.value;
    return {
      property,
      before: was,
      after,
      effect: was === undefined ? 'unknown_before' : direction(property, was, after, state),
      exposure: exposure(state),
    };
  });
}

function exposure(state: Map<string, Known>): string | null {
  if (state.get('publicNetworkAccess')?.value === 'Disabled') return 'none';
  const rules = state.get('ipRules')?.value as string[] | undefined;
  if (rules === undefined) return null;
  if (rules.includes('0.0.0.0')) return 'azure';
  if (rules.length > 0) return 'ranges';
  const filter = state.get('isVirtualNetworkFilterEnabled')?.value;
  return filter === undefined ? null : filter ? 'none' : 'internet';
}

export function direction(property: string, was: unknown, is: unknown, state: Map<string, Known>): string {
  if (property === 'ipRules') {
    const [from, to] = [was as string[], is as string[]];
    // An empty list lets in everybody, unless the filter is on or public access is off; then it lets in nobody.
    const isShut =
      state.get('isVirtualNetworkFilterEnabled')?.value === true ||
      state.get('publicNetworkAccess')?.value === 'Disabled';
    if (to.length === 0) return isShut ? 'strengthened' : 'weakened';
    if (from.length === 0) return isShut ? 'weakened' : 'strengthened';
    return to.some((one) => !from.includes(one)) ? 'weakened' : 'strengthened';
  }
  if (property === 'keyVaultKeyUri') return 'neutral';
  const weak: Record<string, unknown> = {
    isVirtualNetworkFilterEnabled: false,
    publicNetworkAccess: 'Enabled',
    disableKeyBasedMetadataWriteAccess: false,
    'backupPolicy.continuousModeProperties.tier': 'Continuous7Days',
  };
  return is === weak[property] ? 'weakened' : 'strengthened';
}

type Emit = (more: Partial<NFact> & { action: string; account: string | null }) => void;

function emitChange(emit: Emit, account: string, act: Act, change: Change): void {
  const { property, before } = change;
  emit({
    action: 'setting',
    account,
    id: `${act.id}|${account}|${property}`,
    change,
    moved:
      property === 'keyVaultKeyUri' && typeof before === 'string' && hostOf(before) !== hostOf(change.after as string),
    thing:
      change.effect === 'unknown_before'
        ? 'never'
        : {
            id: `${account}|${property}`,
            stands: (end) => {
              const values = end.settings.get(account);
              if (!values?.has(property)) return false;
              const now = values.get(property);
              if (JSON.stringify(now) === JSON.stringify(before)) return true;
              return (
                direction(
                  property,
                  before,
                  now,
                  new Map([...values].map(([name, value]) => [name, { value, at: 0, silent: false }])),
                ) === 'strengthened'
              );
            },
          },
  });
}

function hostOf(uri: string): string {
  return uri.split('/')[2]!;
}

const STRENGTH: Record<string, number> = { '': 0, CanNotDelete: 1, ReadOnly: 2 };

function strongest(account: string, locks: Map<string, { scope: string; level: string }>): string {
  let best = '';
  for (const { scope, level } of locks.values()) {
    if ((account === scope || account.startsWith(`${scope}/`)) && STRENGTH[level]! > STRENGTH[best]!) best = level;
  }
  return best;
}

function lockAct(
  act: Act,
  main: Rec,
  accounts: readonly string[],
  knownAt: (account: string, time: number) => boolean,
  locks: Map<string, { scope: string; level: string }>,
  emit: Emit,
): void {
  const scope = main.resource.replace(/\/providers\/microsoft\.authorization\/locks\/[^/]+$/, '');
  const before = locks.get(main.resource)?.level;
  const isDelete = main.operation.endsWith('delete');
  const after: string | null = isDelete ? null : (main.body?.properties?.level ?? before ?? null);
  if (!done(act)) return;
  if (isDelete) locks.delete(main.resource);
  else if (after !== null) locks.set(main.resource, { scope, level: after });
  if (!isDelete && before === undefined) return;
  const order = STRENGTH[after ?? '']! - (before === undefined ? 0 : STRENGTH[before]!);
  if (!isDelete && order === 0) return;
  const effect = before === undefined ? 'unknown_before' : order < 0 ? 'weakened' : 'strengthened';
  for (const account of accounts) {
    if (!(account === scope || account.startsWith(`${scope}/`)) || !knownAt(account, act.time)) continue;
    emit({
      action: isDelete ? 'lock deleted' : 'lock written',
      account,
      change: { property: 'lock', before, after, effect, exposure: null },
      thing:
        before === undefined
          ? 'never'
          : { id: `lock ${account}`, stands: (end) => STRENGTH[end.locks.get(account) ?? '']! >= STRENGTH[before]! },
    });
  }
}

function keyAct(
  act: Act,
  main: Rec,
  accounts: readonly string[],
  knownAt: (account: string, time: number) => boolean,
  settings: (account: string) => Map<string, Known>,
  keys: Map<string, { newest: string | null; usable: boolean }>,
  emit: Emit,
): void {
  const [, host, key, version = null] = main.columns.id.match(/^https:\/\/([^/]+)\/keys\/([^/]+)(?:\/(.+))?$/) as [
    string,
    string,
    string,
    string | null,
  ];
  const id = `${host}/${key}`;
  const known = keys.get(id) ?? { newest: null, usable: true };
  if (act.outcome !== 3) return;
  const isOld = version !== null && known.newest !== null && version !== known.newest;
  const enabled = main.columns.keyProperties?.attributes?.enabled;
  let lost: string | null = null;
  if (main.operation === 'keyupdate' && !isOld && enabled === false) lost = 'disabled';
  if (main.operation === 'keydelete') lost = 'deleted';
  if (lost !== null) keys.set(id, { ...known, usable: false });
  else if (main.operation === 'keycreate') keys.set(id, { newest: version ?? known.newest, usable: true });
  else if (main.operation === 'keyupdate' && !isOld && enabled !== undefined) keys.set(id, { ...known, usable: true });
  if (lost === null) return;
  for (const account of accounts) {
    const uri = settings(account).get('keyVaultKeyUri')?.value;
    if (uri !== `https://${host}/keys/${key}` || !knownAt(account, act.time)) continue;
    emit({ action: 'key lost', account, thing: { id: `key ${id}`, stands: (end) => end.keyUsable.get(id) ?? true } });
  }
}

function containerAct(
  act: Act,
  main: Rec,
  tellings: readonly Told[],
  acts: readonly Act[],
  deaths: Naive['deaths'],
  emit: Emit,
): void {
  const { account, container } = main;
  if (!done(act) || kindOf(act.told[0]!) !== `container ${account} ${container}`) return;
  const names = act.told.map((one) => one.main.operation);
  let isNew: boolean;
  if (names.some((name) => name === 'sqlcontainerscreate' || name === 'create collection')) isNew = true;
  else if (names.includes('sqlcontainersupdate')) isNew = false;
  else {
    const before = acts.filter(
      (other) => done(other) && other.time < act.time && other.told[0]!.main.account === account,
    );
    const gone = Math.max(
      Number.NEGATIVE_INFINITY,
      ...before.filter((other) => kindOf(other.told[0]!) === `gone ${account} ${container}`).map((other) => other.time),
      ...(deaths.get(account!) ?? []).filter((span) => span.from < act.time).map((span) => span.from),
    );
    const written = before.some(
      (other) => other.time > gone && kindOf(other.told[0]!) === `container ${account} ${container}`,
    );
    const used = tellings.some(
      (one) =>
        one.family === 'data' &&
        one.outcome === 3 &&
        /document$/.test(one.main.operation) &&
        one.main.account === account &&
        one.main.container === container &&
        one.recs.some((rec) => rec.time > gone && rec.time < act.time),
    );
    isNew = !written && !used;
  }
  if (isNew) emit({ action: 'container created', account, container });
}
