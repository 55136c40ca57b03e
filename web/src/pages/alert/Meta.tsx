import type { AlertItem } from '../../../../src/api/contract.ts';
import { mayGoOn, stateMark, stateWord } from '../../alerts.ts';
import { useNow } from '../../clock.ts';
import { Level } from '../../parts/Level.tsx';
import { State } from '../../parts/State.tsx';
import { Ago, Time } from '../../parts/Time.tsx';

/** The line above the sentence: how bad, how it stands, since when. */
export function Meta({ alert }: { readonly alert: AlertItem }) {
  const now = useNow();
  const isNobodys = alert.status === 'open' && alert.assignee === null;
  return (
    <div className="meta">
      <Level level={alert.level} />
      <State mark={stateMark(alert)}>
        {alert.status === 'open' ? 'Open' : stateWord(alert)}
        {isNobodys ? <span className="hide-phone">, nobody assigned</span> : null}
        {alert.status === 'open' && alert.assignee !== null ? `, ${alert.assignee}` : null}
      </State>
      <span className="hide-phone">{alert.title}</span>
      <span>
        <span className="hide-phone">Opened </span>
        <Time at={alert.firstSeen} />
      </span>
      {mayGoOn(alert, now) ? (
        <State mark="bad">
          Last seen <Ago at={alert.lastSeen} />: may still be going on
        </State>
      ) : null}
      {alert.caller === 'likely' ? <span>Who did it is likely, not certain</span> : null}
      {alert.caller === 'unknown' ? <span>Who did it is not known yet</span> : null}
    </div>
  );
}
