import type { Actor } from '../events/event.ts';
import type { Change, Fact, Thing } from '../events/fact.ts';
import { canonicalFields } from '../events/fields.ts';
import { compareText } from '../lib/compare.ts';
import type { Json } from '../lib/json.ts';
import type { Action, Telling } from './telling.ts';

/** What a fact has beside what its action tells. */
export interface Told {
  /** The fact's action; default: what the record says. */
  readonly name?: string;
  readonly account: string | null;
  readonly id?: string;
  readonly target?: string | null;
  readonly change?: Change | null;
  readonly thing?: Thing | null;
  readonly fields?: Readonly<Record<string, Json | undefined>>;
}

/** One fact of an action: who, from where, what, on which account. */
export function factOf(action: Action, told: Told): Fact {
  const main = action.tellings[0]!;
  const strongest = action.tellings.find((telling) => telling.outcome === action.outcome) ?? main;
  const name = told.name ?? main.event.action;
  const who = whoDid(action);
  const change = told.change ?? null;
  const id = told.id ?? action.id;
  const fields: Record<string, Json> = { ...canonicalFields(main.event), ...whoFields(who) };
  for (const [field, value] of Object.entries({
    ...accountFields(told.account),
    ...changeFields(change),
    ...told.fields,
  })) {
    if (value !== undefined) fields[field] = value;
  }
  // A record may name an account that it does not concern: a lock below it, a setting of one that was deleted.
  if (told.account === null) for (const field of ACCOUNT_FIELDS) delete fields[field];
  fields['event.action'] = name;
  fields['event.id'] = id;
  fields['event.outcome'] = action.outcome;
  fields['@timestamp'] = new Date(action.time / 1000).toISOString();
  return {
    id,
    time: action.time,
    family: main.family,
    action: name,
    outcome: action.outcome,
    account: told.account,
    actor: who.actor,
    caller: action.caller,
    candidates: action.candidates,
    sourceIp: who.sourceIp,
    userAgent: who.userAgent,
    target: told.target === undefined ? main.event.resourceId || null : told.target,
    count: 1,
    change,
    thing: told.thing ?? null,
    fields,
    raw: strongest.event.raw,
    evidence: action.tellings
      .map((telling) => ({ ...telling.evidence, action: name }))
      .sort((a, b) => a.time - b.time || compareText(a.id, b.id)),
    ...(main.event.labels === undefined ? {} : { labels: main.event.labels }),
  };
}

interface Who {
  readonly actor: Actor | null;
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
}

/** The first of the action's own records that names somebody (the Activity Log's before the others'), else the caller that was found. */
function whoDid(action: Action): Who {
  const named = action.tellings.find((telling) => telling.event.actor !== null) ?? action.callerTelling;
  const addressed = [named, ...action.tellings, action.callerTelling].filter(
    (telling): telling is Telling => telling !== null,
  );
  return {
    actor: named?.event.actor ?? null,
    sourceIp: addressed.find(({ event }) => event.sourceIp !== null)?.event.sourceIp ?? null,
    userAgent: addressed.find(({ event }) => event.userAgent !== null)?.event.userAgent ?? null,
  };
}

function whoFields({ actor, sourceIp, userAgent }: Who): Record<string, Json> {
  const fields: Record<string, Json | null> = {
    'actor.id': actor?.id ?? null,
    'actor.name': actor?.name ?? null,
    'actor.type': actor?.type ?? null,
    'actor.app_id': actor?.appId ?? null,
    'actor.app_name': actor?.appName ?? null,
    'source.ip': sourceIp,
    'user_agent.original': userAgent,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

const ACCOUNT_FIELDS = ['cosmosdb.account', 'cosmosdb.account_name'] as const;

function accountFields(account: string | null): Record<string, Json> {
  if (account === null) return {};
  const parts = account.split('/');
  return {
    'cosmosdb.account': account,
    'cosmosdb.account_name': parts.at(-1)!,
    ...(parts[1] === 'subscriptions' ? { 'azure.subscription_id': parts[2]! } : {}),
    ...(parts[3] === 'resourcegroups' ? { 'azure.resource_group': parts[4]! } : {}),
  };
}

function changeFields(change: Change | null): Record<string, Json | undefined> {
  if (change === null) return {};
  return {
    'cosmosdb.change.property': change.property,
    'cosmosdb.change.before': change.before,
    'cosmosdb.change.after': change.after,
    'cosmosdb.change.effect': change.effect,
    'cosmosdb.change.exposure': change.exposure ?? undefined,
  };
}
