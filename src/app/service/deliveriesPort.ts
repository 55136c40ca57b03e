import type { DeliveryItem } from '../../api/contract.ts';
import type { DeliveriesPort } from '../../api/ports.ts';
import { isoOf } from '../../lib/iso.ts';
import type { DeliveryEntry } from '../../notify/ports.ts';
import type { Notifier } from './notifier.ts';

/** What became of messages. @param notifier the one there is now */
export function deliveriesPort(notifier: () => Notifier): DeliveriesPort {
  return {
    ofAlert: (alert) => notifier().outbox.ofAlert(alert).map(itemOf),
    dead: (limit) => notifier().outbox.dead(limit).map(itemOf),
    replay: (ids) => notifier().replay(ids),
  };
}

export function itemOf({ id, alert, kind, receiver, state, queuedAt, due, attempts }: DeliveryEntry): DeliveryItem {
  return {
    id,
    alert,
    kind,
    receiver,
    state,
    queuedAt: isoOf(queuedAt),
    dueAt: isoOf(due),
    attempts: attempts.map((one) => ({ ...one, at: isoOf(one.at) })),
  };
}
