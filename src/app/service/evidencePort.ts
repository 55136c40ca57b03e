import type { StoredAlert } from '../../alerts/stored.ts';
import { type AlertRecord, type Around, MOST_RECORDS } from '../../api/contract.ts';
import { isAccountSeen } from '../../api/item.ts';
import type { EvidencePort, Scope } from '../../api/ports.ts';
import type { Event } from '../../events/event.ts';
import { subscriptionOf } from '../../events/resource.ts';
import { isoOf } from '../../lib/iso.ts';
import { eventsIn, stepsIn } from '../../store/around.ts';
import type { Db } from '../../store/db.ts';
import { RecordStore } from '../../store/records.ts';
import { bounded, eventItem, Lanes, requestItems, spanAround } from '../around.ts';
import { type RuleSet, ruleSet } from '../ask.ts';
import type { ConfigRules } from '../configRules.ts';
import { matchedParts } from '../matchedParts.ts';

export interface EvidenceDeps {
  readonly db: Db;
  readonly rules: () => ConfigRules;
  /** Are key figures taken of requests? */
  readonly takesFigures: () => boolean;
}

/** What alerts were made of, and what lies around them, as the store has it. */
export function evidencePort({ db, rules, takesFigures }: EvidenceDeps): EvidencePort {
  const records = new RecordStore(db);
  const sets = new WeakMap<ConfigRules, RuleSet>();
  const setOf = (own: ConfigRules): RuleSet => {
    const set = sets.get(own) ?? ruleSet(own.rules);
    sets.set(own, set);
    return set;
  };
  const recordOf = ({ alert, detail }: StoredAlert, at: number): AlertRecord => {
    const own = rules();
    const evidence = alert.evidence[at]!;
    const event = records.event(evidence.id, Math.floor(Date.parse(evidence.time) / 1000));
    const rule = own.rules.find(({ meta }) => meta.id === alert.ruleId);
    const isKnown = event !== null && rule !== undefined;
    return {
      ...evidence,
      position: detail.positions[at] ?? null,
      record: event?.raw ?? null,
      matched: isKnown ? matchedParts(rule, event, setOf(own), own.partsOf) : null,
    };
  };
  return {
    records: async (stored) => stored.alert.evidence.slice(0, MOST_RECORDS).map((_, at) => recordOf(stored, at)),
    around: async (stored, minutes, scope) => aroundOf(db, stored, minutes, scope, takesFigures()),
  };
}

function aroundOf(db: Db, { alert }: StoredAlert, minutes: number, scope: Scope, takesFigures: boolean): Around {
  const span = spanAround(alert, minutes);
  const lanes = new Lanes(alert);
  const evidence = new Set(alert.evidence.map(({ id }) => id));
  const { account } = alert;
  const events = [...eventsIn(db, span)]
    .filter((event) => isEventSeen(event, scope))
    .map((event) => eventItem(event, lanes, evidence))
    .filter((item) => item.lane !== 'other' || (account !== null && item.account === account));
  const areSeen = account !== null && isAccountSeen(account, scope);
  const requests = areSeen ? requestItems(stepsIn(db, account, span), account, lanes) : [];
  return {
    from: isoOf(span.from * 1000),
    until: isoOf(span.until * 1000),
    account,
    actors: lanes.actors,
    addresses: alert.sourceIps,
    requests: account !== null && !areSeen ? 'hidden' : takesFigures ? 'kept' : 'off',
    ...bounded([...events, ...requests]),
  };
}

/** As an alert is seen: by subscription and by the labels of its source. */
function isEventSeen({ account, resourceId, labels = {} }: Event, { subscriptions, labels: asked }: Scope): boolean {
  const own = subscriptionOf(account ?? resourceId);
  if (subscriptions !== null && (own === null || !subscriptions.includes(own))) return false;
  return Object.entries(asked).every(([name, value]) => labels[name] === value);
}
