import type { AlertsPort, AuditPort, SignedOutcome, SignedPort } from '../../api/ports.ts';
import { EVERYTHING } from '../../api/ports.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Secret } from '../../lib/secret.ts';
import { actIn, BY_PAGERDUTY, isSigned, type PagerDutyAct } from '../../notify/pagerdutyWebhook.ts';
import type { Db } from '../../store/db.ts';
import { isKnownEvent, keepEvent } from '../../store/receiverEvents.ts';
import type { Log } from '../../telemetry/log.ts';

export interface SignedDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly receivers: () => Config['receivers'];
  readonly alerts: Pick<AlertsPort, 'act' | 'get'>;
  readonly audit: Pick<AuditPort, 'record'>;
}

/** An event that is older was held back on its way, or is sent again by somebody who listened. */
const OLDEST = 2 * 86_400_000;
/** Clocks differ. */
const AHEAD = 300_000;

/** What services of receivers tell back. */
export function signedPort(deps: SignedDeps): SignedPort {
  return {
    async pagerduty(name, signature, body) {
      if (!isSigned(secretsOf(deps.receivers(), name), signature, body)) return null;
      const act = actIn(body);
      if (typeof act === 'string') return { taken: false, why: act };
      return take(deps, name, act);
    },
  };
}

/** Of all PagerDuty entries under the name that are told back; none: nobody can sign. */
function secretsOf(receivers: Config['receivers'], name: string): string[] {
  return (receivers.get(name) ?? []).flatMap(({ kind, config }) => {
    if (kind.type !== 'pagerduty') return [];
    const { webhook_secret: given } = config as { readonly webhook_secret?: Secret | readonly Secret[] };
    return given === undefined ? [] : [given].flat().map((one) => one.reveal());
  });
}

/** Done first and noted after: an event that comes again because we died in between changes nothing any more. */
async function take(deps: SignedDeps, name: string, act: PagerDutyAct): Promise<SignedOutcome> {
  const { db, clock, log, alerts, audit } = deps;
  const now = clock.now();
  if (now - act.at > OLDEST || act.at - now > AHEAD) return { taken: false, why: 'too old, or of the future' };
  if (isKnownEvent(db, name, act.event)) return { taken: false, why: 'taken before' };
  const outcome = await changed(deps, act);
  if (outcome.taken) {
    const by = `${BY_PAGERDUTY}${act.by}`;
    const action = `alerts.${act.kind}`;
    const detail = { receiver: name, event: act.event };
    await audit.record({ by, action, target: act.alert, outcome: 'asked', detail });
    const { kind } = await alerts.act(act.alert, actionOf(act.kind), by, EVERYTHING);
    if (kind !== 'done') return { taken: false, why: 'its state does not allow it' };
    log.info({ receiver: name, alert: act.alert, action }, 'taken over from PagerDuty');
  }
  db.transaction(() => keepEvent(db, name, act.event, now));
  return outcome;
}

async function changed({ alerts }: SignedDeps, { alert, kind, at }: PagerDutyAct): Promise<SignedOutcome> {
  const stored = await alerts.get(alert, EVERYTHING);
  if (stored === null) return { taken: false, why: 'no such alert' };
  const { status } = stored.alert;
  if (status === 'resolved') return { taken: false, why: 'the alert is resolved already' };
  if (kind === 'acknowledge' && status === 'acknowledged') return { taken: false, why: 'acknowledged already' };
  // What happened to the alert since is newer than what was done over there.
  const reopened = stored.history.findLast(({ what }) => what === 'reopened');
  if (reopened !== undefined && reopened.at > at) return { taken: false, why: 'the alert was reopened since' };
  return { taken: true, why: kind === 'resolve' ? 'resolved' : 'acknowledged' };
}

function actionOf(kind: PagerDutyAct['kind']) {
  if (kind === 'acknowledge') return { kind, comment: null } as const;
  return { kind, comment: null, verdict: null } as const;
}
