import { durationText, plural } from '../report/text.ts';
import type { OutletState } from './outlet.ts';
import type { Outbox } from './ports.ts';
import type { NoticeText } from './receiver.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** So long a receiver may be down before others are told. */
const PATIENCE = 10 * MINUTE;

/**
 * Tells through the others that a receiver cannot be reached, or that it refuses messages: at most once an hour for each, over restarts too, because
 * the names of notices are kept. Notices that nobody takes are no news, so it never tells of itself.
 */
export class ReceiverWatch {
  readonly #outbox: Pick<Outbox, 'notify' | 'lastNotice'>;
  /** Receivers that people read. */
  readonly #read: readonly string[];
  readonly #died = new Map<string, number>();

  constructor(outbox: Pick<Outbox, 'notify' | 'lastNotice'>, read: readonly string[]) {
    this.#outbox = outbox;
    this.#read = read;
  }

  /** Gives whether there is something new to send. */
  look(states: readonly OutletState[], now: number): boolean {
    let isNew = false;
    for (const state of states) {
      const trouble = this.#troubleOf(state, now);
      this.#died.set(state.receiver, state.died);
      if (trouble === null) isNew = this.#over(state, now) || isNew;
      else isNew = this.#tell(state, trouble, now) || isNew;
    }
    return isNew;
  }

  #troubleOf({ receiver, failingSince, died, lastFailure }: OutletState, now: number): string | null {
    if (failingSince !== null && now - failingSince >= PATIENCE)
      return `No message to ${receiver} has arrived for ${durationText((now - failingSince) / 1000)}: ${lastFailure ?? 'no answer'}.`;
    const more = died - (this.#died.get(receiver) ?? 0);
    if (more <= 0) return null;
    return `${receiver} refused ${plural(more, 'message')}, which will not be tried again: ${lastFailure ?? 'see the dead letters'}.`;
  }

  #tell({ receiver, waiting, held, died, failingSince }: OutletState, trouble: string, now: number): boolean {
    const last = lastOf(this.#outbox, receiver);
    if (last !== null && now - last.at < HOUR) return false;
    const what = failingSince === null ? 'refuses messages' : 'cannot be reached';
    const dead =
      died > 0 ? [`${plural(died, 'dead letter')} since the start; \`cosmowatch notify replay\` sends them again`] : [];
    return this.#send(
      receiver,
      nameOf(receiver, now),
      {
        kind: 'receiver',
        level: 'high',
        title: `[high] the receiver ${receiver} ${what}`,
        text: trouble,
        lines: [`${plural(waiting + held, 'message')} waiting for it`, ...dead],
        about: `receiver ${receiver}`,
        isOver: false,
      },
      now,
    );
  }

  /** Something has arrived there since the others were told. */
  #over({ receiver, isReachable, lastFailure, lastDelivery }: OutletState, now: number): boolean {
    if (!isReachable || lastFailure !== null || lastDelivery === null) return false;
    const last = lastOf(this.#outbox, receiver);
    if (last === null || last.isOver || lastDelivery <= last.at) return false;
    return this.#send(
      receiver,
      `${nameOf(receiver, now)}-over`,
      {
        kind: 'receiver',
        level: 'high',
        title: `[over, was high] the receiver ${receiver} takes messages again`,
        text: `Messages to ${receiver} arrive again, after ${durationText((now - last.at) / 1000)} since this was told.`,
        lines: [],
        about: `receiver ${receiver}`,
        isOver: true,
      },
      now,
    );
  }

  #send(receiver: string, name: string, notice: NoticeText, now: number): boolean {
    const others = this.#read.filter((other) => other !== receiver);
    return others.map((other) => this.#outbox.notify(other, name, notice, now)).some(Boolean);
  }
}

function nameOf(receiver: string, at: number): string {
  return `${prefixOf(receiver)}${at}`;
}

function prefixOf(receiver: string): string {
  return `receiver ${receiver} `;
}

function lastOf(
  outbox: Pick<Outbox, 'lastNotice'>,
  receiver: string,
): { readonly at: number; readonly isOver: boolean } | null {
  const name = outbox.lastNotice(prefixOf(receiver));
  const [, at, over] = /(\d+)(-over)?$/.exec(name ?? '') ?? [];
  return at === undefined ? null : { at: Number(at), isOver: over !== undefined };
}
