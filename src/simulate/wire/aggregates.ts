import type { RequestAct } from '../acts.ts';
import { MINUTE } from '../clock.ts';
import type { Form } from '../forms.ts';
import type { Account } from '../world.ts';
import { subjectOf } from './dataPlane.ts';
import { type Columns, inEnvelope, type Written } from './envelope.ts';
import type { Trace } from './trace.ts';

/** Data-plane requests summed up. */
export type Aggregate = 'DataPlaneRequests5M' | 'DataPlaneRequests15M';

const MINUTES: Readonly<Record<Aggregate, number>> = { DataPlaneRequests5M: 5, DataPlaneRequests15M: 15 };

interface Sum {
  readonly account: Account;
  readonly operation: string;
  readonly subject: Columns;
  readonly stamp: number;
  count: number;
}

/** The stamp under which a request is summed up: the end of its minutes. */
export function stampFor(family: Aggregate, time: number): number {
  const span = MINUTES[family] * MINUTE;
  return (Math.floor(time / span) + 1) * span;
}

/** Sums requests up by everything but time and measures. One record for each sum, written when its minutes are over. */
export class Aggregator {
  readonly #family: Aggregate;
  #sums = new Map<string, Sum>();

  constructor(family: Aggregate) {
    this.#family = family;
  }

  add(act: RequestAct): void {
    const stamp = stampFor(this.#family, act.time);
    const subject = subjectOf(act);
    const key = JSON.stringify([stamp, act.account.name, act.operation, subject]);
    const sum = this.#sums.get(key);
    if (sum) sum.count += 1;
    else this.#sums.set(key, { account: act.account, operation: act.operation, subject, stamp, count: 1 });
  }

  /** The records whose minutes are over at a moment, in order of their stamps. */
  *due(
    until: number,
    formFor: () => { readonly form: Form; readonly trace: Trace },
  ): Generator<Written & { readonly account: Account }> {
    const due = [...this.#sums].filter(([, { stamp }]) => stamp <= until).sort(([, a], [, b]) => a.stamp - b.stamp);
    for (const [key, sum] of due) {
      this.#sums.delete(key);
      const { form, trace } = formFor();
      yield { account: sum.account, ...inEnvelope(loggedOf(this.#family, sum), form, trace) };
    }
  }
}

function loggedOf(family: Aggregate, { account, operation, subject, stamp, count }: Sum) {
  return { family, account, operation, time: stamp, columns: { ...subject, requestCount: `${count}` } };
}
