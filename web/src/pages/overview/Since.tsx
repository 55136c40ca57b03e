import { IconAdjustmentsHorizontal, IconBell, IconCheck, IconUser } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type AlertItem, alertsPage } from '../../../../src/api/contract.ts';
import { accountName } from '../../alerts.ts';
import { LEVEL_WORD, LEVELS } from '../../parts/Level.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { many } from '../../words.ts';

const ICON = { size: 17, stroke: 1.6, 'aria-hidden': true } as const;
const DAY = 86_400_000;

/** What is different from when this person last looked. Of alerts that were told then or later. */
export function Since({ lastLook }: { readonly lastLook: number | null }) {
  const answer = useApi('/api/v1/alerts', alertsPage, { query: { limit: 200 }, every: 60 });
  return (
    <Panel title="Since you last looked" about={lastLook === null ? 'for the first time here' : <Time at={lastLook} />} isFlush>
      <Of answer={answer} what="What is new">
        {({ items }) => {
          const since = lastLook ?? newest(items) - DAY;
          const entries = entriesOf(items, since);
          if (entries.length === 0) return <Empty kind="good" title="Nothing has changed" />;
          return (
            <ul className="feed">
              {entries.map(({ key, icon, what, about }) => (
                <li key={key}>
                  {icon}
                  <div>
                    {what}
                    {about === null ? null : <small>{about}</small>}
                  </div>
                </li>
              ))}
            </ul>
          );
        }}
      </Of>
    </Panel>
  );
}

interface Entry {
  readonly key: string;
  readonly icon: ReactNode;
  readonly what: ReactNode;
  readonly about: ReactNode;
}

function newest(items: readonly AlertItem[]): number {
  return Math.max(0, ...items.flatMap(({ history }) => history.map(({ at }) => Date.parse(at))));
}

function entriesOf(items: readonly AlertItem[], since: number): readonly Entry[] {
  const isNew = (at: string): boolean => Date.parse(at) >= since;
  const opened = items.filter(({ history }) => history.some(({ what, at }) => what === 'opened' && isNew(at)));
  const resolved = items.filter(({ history, status }) => status === 'resolved' && history.some(({ what, at }) => what === 'resolved' && isNew(at)));
  const changed = opened.filter(({ changes }) => changes.some(({ effect }) => effect === 'weakened')).slice(0, 5);
  const first = opened.filter(({ reason }) => reason.includes('for the first time'));
  const people = items
    .flatMap((alert) => alert.history.map((entry) => ({ ...entry, alert })))
    .filter(({ by, at }) => by !== null && isNew(at))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, 3);
  return [
    ...(opened.length === 0
      ? []
      : [{ key: 'opened', icon: <IconBell {...ICON} />, what: <b>{many(opened.length, 'alert')} opened</b>, about: byLevel(opened) }]),
    ...(resolved.length === 0
      ? []
      : [{ key: 'resolved', icon: <IconCheck {...ICON} />, what: <b>{many(resolved.length, 'alert was', 'alerts were')} resolved</b>, about: null }]),
    ...changed.map((alert) => ({
      key: alert.id,
      icon: <IconAdjustmentsHorizontal {...ICON} />,
      what: (
        <Link className="strong-link" to={`/alerts/${alert.id}`}>
          {accountName(alert)}: {alert.changes.map(({ property }) => property).filter((one, at, all) => all.indexOf(one) === at).join(', ')} weaker
        </Link>
      ),
      about: <Time at={alert.firstSeen} />,
    })),
    ...(first.length === 0
      ? []
      : [
          {
            key: 'first',
            icon: <IconUser {...ICON} />,
            what: <b>{many(first.length, 'thing was', 'things were')} done for the first time</b>,
            about: [...new Set(first.map(accountName))].filter(Boolean).join(', '),
          },
        ]),
    ...people.map(({ at, by, what, alert }) => ({
      key: `${at} ${by} ${what}`,
      icon: <IconUser {...ICON} />,
      what: (
        <>
          <b>{by}</b> {what} <Link to={`/alerts/${alert.id}`}>{alert.title}</Link>
        </>
      ),
      about: <Time at={at} />,
    })),
  ];
}

function byLevel(alerts: readonly AlertItem[]): string {
  return LEVELS.flatMap((level) => {
    const found = alerts.filter((alert) => alert.level === level).length;
    return found === 0 ? [] : [`${found} ${LEVEL_WORD[level].toLowerCase()}`];
  }).join(', ');
}
