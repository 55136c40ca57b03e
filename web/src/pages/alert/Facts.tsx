import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { accountName, actorName } from '../../alerts.ts';
import { Time } from '../../parts/Time.tsx';
import { zoneName } from '../../times.ts';
import { duration, groupOf, many, nameOf, some, subscriptionOf } from '../../words.ts';

/** Who, from where, on what, when and how much. */
export function Facts({ alert }: { readonly alert: AlertItem }) {
  return (
    <dl className="facts">
      <Fact name="Who">
        <Who alert={alert} />
      </Fact>
      <Fact name="From">
        <From alert={alert} />
      </Fact>
      <Fact name="Where">
        <Where alert={alert} />
      </Fact>
      <Fact name="When">
        <When alert={alert} />
      </Fact>
      <Fact name="How much">
        {many(alert.count, 'event')}
        <small>{many(alert.targets.length, 'target')}</small>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const TYPES: Readonly<Record<string, string>> = {
  user: 'A person',
  service_principal: 'An application',
  managed_identity: 'A managed identity',
  key: 'A key: it names no person',
  unknown: 'Of a kind that is not known',
};

function Who({ alert }: { readonly alert: AlertItem }) {
  if (alert.actors.length === 0)
    return (
      <>
        {alert.caller === 'unknown' ? 'Not known yet' : 'Nobody'}
        <small>
          {alert.caller === 'unknown'
            ? 'The Activity Log comes 3 to 20 minutes late. A name is filled in by itself.'
            : 'The alert is not about what somebody did.'}
        </small>
      </>
    );
  return alert.actors.slice(0, 3).map((actor) => (
    <span className="fline" key={`${actor.id} ${actor.appId}`}>
      <Link className="ent" to="/alerts" search={{ actor: actor.name ?? actor.id ?? '', status: 'any' }}>
        {actorName(actor)}
      </Link>
      <small>
        {TYPES[actor.type] ?? actor.type}
        {actor.appName === null ? '' : `, with ${actor.appName}`}.{' '}
        {alert.caller === 'likely' ? 'Likely, not certain.' : ''}
      </small>
    </span>
  ));
}

function From({ alert }: { readonly alert: AlertItem }) {
  if (alert.sourceIps.length === 0) return <>Not told by the log</>;
  const isFirst = /for the first time/.test(alert.reason);
  return (
    <>
      {alert.sourceIps.slice(0, 4).map((ip) => (
        <span className="fline" key={ip}>
          <Link className="ent ent-ip" to="/alerts" search={{ ip, status: 'any' }}>
            {ip}
          </Link>
        </span>
      ))}
      {alert.sourceIps.length > 4 ? <small>and {alert.sourceIps.length - 4} more</small> : null}
      {isFirst ? (
        <small>
          <span className="new">New</span> not seen doing this before
        </small>
      ) : null}
    </>
  );
}

function Where({ alert }: { readonly alert: AlertItem }) {
  const account = accountName(alert);
  if (account === null || alert.account === null) return <>No single account</>;
  const inside = alert.targets.filter((target) => target !== alert.account).map(nameOf);
  return (
    <>
      <Link className="ent" to="/alerts" search={{ account, status: 'any' }}>
        {account}
      </Link>
      <small>
        {[groupOf(alert.account), inside.length === 0 ? null : some(inside, 3)].filter(Boolean).join('. ')}
        <span className="hide-phone"> {subscriptionOf(alert.account)}</span>
      </small>
    </>
  );
}

function When({ alert }: { readonly alert: AlertItem }) {
  const [first, last] = [Date.parse(alert.firstSeen), Date.parse(alert.lastSeen)];
  return (
    <>
      <Time at={first} form="second" />
      {last > first ? (
        <>
          {' to '}
          <Time at={last} form="second" />
        </>
      ) : null}
      <small>
        <Time at={first} form="day" />, {zoneName(first)}
        {last > first ? `. ${duration((last - first) / 1000)}` : ''}
      </small>
    </>
  );
}
