import { Link } from '@tanstack/react-router';
import { type AlertItem, alertsPage } from '../../../../src/api/contract.ts';
import { accountName, byUrgency } from '../../alerts.ts';
import { Level } from '../../parts/Level.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { many } from '../../words.ts';

const DAY = 86_400_000;

/** Other alerts on the same account, a day before and after. */
export function Near({ alert }: { readonly alert: AlertItem }) {
  const account = accountName(alert);
  const from = Date.parse(alert.firstSeen) - DAY;
  const answer = useApi('/api/v1/alerts', alertsPage, {
    query: { account: alert.account, since: new Date(from).toISOString(), limit: 100 },
    isOn: alert.account !== null,
  });
  if (account === null) return null;
  return (
    <Panel title="Near it" about={`on ${account}, within a day`} folds>
      <Of answer={answer} what="Other alerts">
        {({ items }) => {
          const near = items
            .filter(({ id, firstSeen }) => id !== alert.id && Date.parse(firstSeen) < Date.parse(alert.lastSeen) + DAY)
            .sort(byUrgency);
          if (near.length === 0) return <p className="muted">No other alert.</p>;
          return (
            <>
              <ul className="near">
                {near.slice(0, 6).map(({ id, level, title, firstSeen }) => (
                  <li key={id}>
                    <Level level={level} isPlain />
                    <Link to={`/alerts/${id}`}>{title}</Link>
                    <Time at={firstSeen} />
                  </li>
                ))}
              </ul>
              {near.length > 6 ? (
                <Link className="small" to="/alerts" search={{ account, status: 'any' }}>
                  {many(near.length - 6, 'more')}
                </Link>
              ) : null}
            </>
          );
        }}
      </Of>
    </Panel>
  );
}
