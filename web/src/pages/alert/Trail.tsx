import { type AlertItem, deliveriesList } from '../../../../src/api/contract.ts';
import { part } from '../../api.ts';
import { Panel } from '../../parts/Panel.tsx';
import { State, type StateMark } from '../../parts/State.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { capital } from '../../words.ts';

interface Step {
  readonly at: string;
  readonly mark: StateMark;
  readonly what: string;
  readonly why: string;
}

const MARKS: Readonly<Record<string, StateMark>> = {
  opened: 'open',
  acknowledged: 'half',
  resolved: 'done',
  delivered: 'ok',
  dead: 'bad',
  waiting: 'warn',
};

/** Everything that was decided of it, and who was told: oldest first. */
export function Trail({ alert }: { readonly alert: AlertItem }) {
  const { data } = useApi(`/api/v1/alerts/${part(alert.id)}/deliveries`, deliveriesList);
  const history: readonly Step[] = alert.history.map(({ at, what, by, why }) => ({
    at,
    mark: MARKS[what] ?? 'off',
    what: capital(by === null ? what : `${what} by ${by}`),
    why: why === alert.reason ? 'the rule matched' : why,
  }));
  const deliveries: readonly Step[] = (data?.items ?? []).map(({ receiver, state, queuedAt, attempts, kind }) => ({
    at: attempts.at(-1)?.at ?? queuedAt,
    mark: MARKS[state] ?? 'off',
    what: state === 'delivered' ? `Delivered to ${receiver}` : `${receiver}: ${state}`,
    why: attempts.at(-1)?.reason ?? kind,
  }));
  const steps = [...history, ...deliveries].sort((a, b) => (a.at < b.at ? -1 : 1));
  return (
    <Panel title="How it got here" folds>
      <ol className="trail">
        {steps.map(({ at, mark, what, why }, index) => (
          // Two steps may be told in the same words.
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <li key={index}>
            <State mark={mark}>
              <b>{what}</b> <Time at={at} />
            </State>
            <small>{why}</small>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
