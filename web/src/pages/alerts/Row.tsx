import { IconAppWindow, IconDatabase, IconKey, IconUser, IconWorld } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { accountName, actorName, entitiesOf, stateMark, stateWord } from '../../alerts.ts';
import { Level } from '../../parts/Level.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { State } from '../../parts/State.tsx';
import { Time } from '../../parts/Time.tsx';
import { many, some } from '../../words.ts';

const ICON = { size: 14, stroke: 1.6, 'aria-hidden': true } as const;

interface AlertRowProps {
  readonly alert: AlertItem;
  readonly inStory: number;
  readonly isAt: boolean;
  readonly isTicked: boolean;
  readonly onTick: (id: string) => void;
}

/** One alert of the list: its sentence is the link, and covers the row. */
export const AlertRow = memo(function AlertRow({ alert, inStory, isAt, isTicked, onTick }: AlertRowProps) {
  const isDone = alert.status === 'resolved';
  return (
    <article
      className={`al${isAt ? ' is-at' : ''}${isTicked ? ' is-ticked' : ''}${isDone ? ' is-done' : ''}`}
      aria-current={isAt || undefined}
    >
      <span className="pick">
        <input
          type="checkbox"
          className="check"
          checked={isTicked}
          aria-label={`Select: ${alert.title}`}
          onChange={() => onTick(alert.id)}
        />
      </span>
      <Level level={alert.level} />
      <div className="main">
        <p className="say">
          <Link to={`/alerts/${alert.id}`}>
            <Sentence text={alert.reason} entities={entitiesOf(alert)} />
          </Link>
        </p>
        <By alert={alert} />
      </div>
      <When alert={alert} inStory={inStory} />
      <State mark={stateMark(alert)}>{stateWord(alert)}</State>
    </article>
  );
});

/** Another alert of the same story. */
export const ChildRow = memo(function ChildRow({ alert, isAt }: { readonly alert: AlertItem; readonly isAt: boolean }) {
  return (
    <article className={`al is-child${isAt ? ' is-at' : ''}`} aria-current={isAt || undefined}>
      <Level level={alert.level} isPlain />
      <div className="main">
        <p className="say">
          <Link to={`/alerts/${alert.id}`}>{alert.reason}</Link>
        </p>
      </div>
      <div className="when">
        <Time at={alert.firstSeen} />
      </div>
      <span className="st">{alert.status === 'open' ? 'In this story' : stateWord(alert)}</span>
    </article>
  );
});

function By({ alert }: { readonly alert: AlertItem }) {
  const account = accountName(alert);
  const [actor] = alert.actors;
  const Who = actor?.type === 'user' ? IconUser : actor?.type === 'key' ? IconKey : IconAppWindow;
  return (
    <div className="by">
      {account === null ? null : (
        <span>
          <IconDatabase {...ICON} />
          {account}
        </span>
      )}
      {actor === undefined ? null : (
        <span>
          <Who {...ICON} />
          <span className="clip">{actorName(actor)}</span>
          {alert.actors.length > 1 ? ` and ${alert.actors.length - 1} more` : ''}
        </span>
      )}
      {alert.sourceIps.length === 0 ? null : (
        <span className="opt">
          <IconWorld {...ICON} />
          <span className="mono">{some(alert.sourceIps, 2)}</span>
        </span>
      )}
      <span className="opt">{alert.title}</span>
    </div>
  );
}

function When({ alert, inStory }: { readonly alert: AlertItem; readonly inStory: number }) {
  const isOneMoment = alert.firstSeen.slice(0, 16) === alert.lastSeen.slice(0, 16);
  return (
    <div className="when">
      <Time at={alert.firstSeen} />
      {isOneMoment ? null : (
        <>
          {' to '}
          <Time at={alert.lastSeen} form="clock" />
        </>
      )}
      <small>{inStory > 1 ? `${inStory} alerts in this story` : many(alert.count, 'event')}</small>
    </div>
  );
}
