import { Link } from '@tanstack/react-router';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { act, entitiesOf, stateMark, stateWord } from '../../alerts.ts';
import { Button, ButtonLink } from '../../parts/Button.tsx';
import { Level } from '../../parts/Level.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { Empty } from '../../parts/States.tsx';
import { State } from '../../parts/State.tsx';
import { Ago, Time } from '../../parts/Time.tsx';
import { queries, useStatus } from '../../queries.ts';
import { useWhyNot } from '../../session.ts';
import { failed, told } from '../../told.ts';
import { count, many } from '../../words.ts';

/** The one that is worst, with what to do; then the next ones in a line each. */
export function Fire({ alerts }: { readonly alerts: readonly AlertItem[] }) {
  const whyNot = useWhyNot('act');
  const [worst, ...others] = alerts;
  if (worst === undefined) return <Quiet />;
  const acknowledge = async (): Promise<void> => {
    try {
      await act(worst.id, 'acknowledge', {});
      told('Acknowledged');
      void queries.invalidateQueries({ queryKey: ['/api/v1/alerts'] });
    } catch (error) {
      failed('Not acknowledged', error);
    }
  };
  return (
    <section className={`fire fire-${worst.level}`} aria-label="Needs a person now">
      <div className="fire-main">
        <div className="meta">
          <Level level={worst.level} />
          <span>
            Seen <Ago at={worst.lastSeen} />
          </span>
          <State mark={stateMark(worst)}>
            {stateWord(worst)}
            {worst.status === 'open' && worst.assignee === null ? ', nobody assigned' : ''}
          </State>
          <span className="hide-phone">{worst.title}</span>
        </div>
        <p className="story">
          <Sentence text={worst.reason} entities={entitiesOf(worst)} />
        </p>
        <div className="do">
          <ButtonLink to={`/alerts/${worst.id}`} look="main">
            Open the alert
          </ButtonLink>
          {worst.status === 'open' ? (
            <Button whyNot={whyNot} onClick={() => void acknowledge()}>
              Acknowledge
            </Button>
          ) : null}
        </div>
      </div>
      {others.slice(0, 4).map((alert) => (
        <Link className="mini" to={`/alerts/${alert.id}`} key={alert.id}>
          <Level level={alert.level} isPlain />
          <span className="say">
            <Sentence text={alert.reason} entities={entitiesOf(alert)} />
          </span>
          <State mark={stateMark(alert)}>{stateWord(alert)}</State>
          <span className="when">
            <Time at={alert.firstSeen} />
          </span>
        </Link>
      ))}
      {others.length > 4 ? (
        <Link className="mini mini-more" to="/alerts">
          {many(others.length - 4, 'more alert')} wait in the list
        </Link>
      ) : null}
    </section>
  );
}

function Quiet() {
  const { data } = useStatus();
  const about =
    data === undefined
      ? null
      : `${many(data.rules.active, 'rule')} watch ${many(data.accounts, 'account')}; ${count(data.alerts.resolved)} alerts are resolved.`;
  return (
    <section className="panel quiet">
      <Empty kind="good" title="Nothing needs a person" action={<Link to="/alerts" search={{ status: 'any' }}>All alerts</Link>}>
        {about}
      </Empty>
    </section>
  );
}
