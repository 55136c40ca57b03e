import type { ReactNode } from 'react';
import { type AlertItem, alertTrail, deliveriesList } from '../../../../src/api/contract.ts';
import { part } from '../../api.ts';
import { Panel } from '../../parts/Panel.tsx';
import { State, type StateMark } from '../../parts/State.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { capital } from '../../words.ts';

const MARKS: Readonly<Record<string, StateMark>> = {
  matched: 'open',
  opened: 'open',
  acknowledged: 'half',
  resolved: 'done',
  delivered: 'ok',
  dead: 'bad',
  waiting: 'warn',
};

/** How it was decided what it is and who is told, what people did, and what became of each message. */
export function Trail({ alert }: { readonly alert: AlertItem }) {
  const path = `/api/v1/alerts/${part(alert.id)}`;
  const { data: trail } = useApi(`${path}/trail`, alertTrail);
  const { data: deliveries } = useApi(`${path}/deliveries`, deliveriesList);
  const people = alert.history.filter(({ by, what }) => by !== null || what !== 'opened');
  // What became of each message stands below, try by try.
  const decided = (trail?.items ?? []).filter(({ step }) => step !== 'delivered');
  const told = (deliveries?.items ?? []).filter(({ state }) => state !== 'superseded');
  return (
    <Panel title="How it got here" folds>
      <ol className="trail">
        {decided.map(({ at, step, text }) => (
          <Step key={`${step} ${text}`} mark={MARKS[step] ?? 'off'} what={capital(step)} at={at} why={text} />
        ))}
        {told.map(({ id, receiver, state, queuedAt, attempts, kind }) => (
          <Step
            key={id}
            mark={MARKS[state] ?? 'off'}
            what={state === 'delivered' ? `Delivered to ${receiver}` : `${receiver}: ${state}`}
            at={attempts.at(-1)?.at ?? queuedAt}
            why={attempts.at(-1)?.reason ?? kind}
          />
        ))}
        {people.map(({ at, what, by, why }) => (
          <Step
            key={`${at} ${what}`}
            mark={MARKS[what] ?? 'off'}
            what={capital(by === null ? what : `${what} by ${by}`)}
            at={at}
            why={why}
          />
        ))}
      </ol>
    </Panel>
  );
}

interface StepProps {
  readonly mark: StateMark;
  readonly what: string;
  readonly at: string | null;
  readonly why: ReactNode;
}

function Step({ mark, what, at, why }: StepProps) {
  return (
    <li>
      <State mark={mark}>
        <b>{what}</b> {at === null ? <span className="faint">as things are now</span> : <Time at={at} />}
      </State>
      <small>{why}</small>
    </li>
  );
}
