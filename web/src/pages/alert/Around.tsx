import { useMemo } from 'react';
import { type AlertItem, type AroundItem, aroundAnswer } from '../../../../src/api/contract.ts';
import { actorNames } from '../../alerts.ts';
import { part } from '../../api.ts';
import { Note } from '../../parts/Note.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { count, many, nameOf } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { Lanes } from './Lanes.tsx';

type Which = 'both' | 'actor' | 'account';
const WHICH: readonly (readonly [Which, string])[] = [
  ['both', 'Actor and account'],
  ['actor', 'Actor'],
  ['account', 'Account'],
];

/** What the actors and addresses of the alert did, and what else happened on its account: lanes first, then the same as a list. */
export function Around({ alert }: { readonly alert: AlertItem }) {
  const [search, change] = useSearchTexts();
  const which = (search['lane'] ?? 'both') as Which;
  const answer = useApi(`/api/v1/alerts/${part(alert.id)}/around`, aroundAnswer, { query: { minutes: 30 } });
  const isGone = answer.error?.isMissing === true;
  return (
    <Panel
      title="Around it"
      about="who did what on which plane, half an hour before and after"
      folds
      isFlush
      end={
        <Segments
          label="Whose events"
          options={WHICH}
          value={which}
          onChange={(value) => change({ lane: value === 'both' ? undefined : value })}
        />
      }
    >
      {isGone ? (
        <Empty kind="search" title="Nothing is kept of that time">
          What lies around an alert is kept as long as its records are.
        </Empty>
      ) : (
        <Of answer={answer} what="What lies around it" rows={4}>
          {({ items, from, until, requests, leftOut }) => (
            <>
              <Lanes items={ofLane(items, which)} from={from} until={until} alert={alert} />
              <List items={ofLane(items, which)} alert={alert} />
              <div className="around-foot">
                {requests === 'kept' ? null : (
                  <Note>
                    {requests === 'off'
                      ? 'Requests are not counted: key figures are switched off.'
                      : 'Requests are not shown: you see some alerts of this account only.'}
                  </Note>
                )}
                {leftOut.actor + leftOut.address + leftOut.other > 0 ? (
                  <p className="small muted">
                    {many(leftOut.actor + leftOut.address + leftOut.other, 'smaller entry', 'smaller entries')} left
                    out.
                  </p>
                ) : null}
              </div>
            </>
          )}
        </Of>
      )}
    </Panel>
  );
}

function ofLane(items: readonly AroundItem[], which: Which): readonly AroundItem[] {
  if (which === 'both') return items;
  return items.filter(({ lane }) => (lane === 'other') === (which === 'account'));
}

/** Minutes of the same requests are one line: the lanes show how they were spread. */
function List({ items, alert }: { readonly items: readonly AroundItem[]; readonly alert: AlertItem }) {
  const lines = useMemo(() => linesOf(items), [items]);
  const shown = lines.slice(0, 60);
  return (
    <ol>
      {shown.map((line, at) => (
        // Lines of one answer never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <li className={`ev${line.isEvidence ? ' is-hit' : ''}`} key={at}>
          <Time at={line.at} form="second" />
          <Glyph item={line} />
          <span className="what">
            <b>{whoOf(line, alert)}</b> {actionWords(line)}
            <small> {aboutOf(line)}</small>
          </span>
          <span className="pl">{line.log}</span>
        </li>
      ))}
      {lines.length > shown.length ? (
        <li className="ev-more small muted">and {count(lines.length - shown.length)} more</li>
      ) : null}
    </ol>
  );
}

type Line = AroundItem & { readonly until: string };

function linesOf(items: readonly AroundItem[]): readonly Line[] {
  const groups = Map.groupBy(items, (item, at) =>
    item.kind === 'event'
      ? `event ${at}`
      : [item.lane, item.log, item.action, item.actor, item.address, item.target].join('\u001f'),
  );
  return [...groups.values()]
    .map((members): Line => {
      const first = members[0]!;
      const total = (of: (item: AroundItem) => number): number => members.reduce((sum, one) => sum + of(one), 0);
      return {
        ...first,
        count: total((one) => one.count),
        errors: total((one) => one.errors),
        isEvidence: members.some((one) => one.isEvidence),
        until: members.at(-1)!.at,
      };
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

export function Glyph({ item }: { readonly item: Pick<AroundItem, 'isEvidence' | 'outcome'> }) {
  if (item.isEvidence)
    return (
      <svg className="glyph glyph-hit" viewBox="0 0 16 16" role="img" aria-label="The rule matched it">
        <path d="M8 1.6 14.4 8 8 14.4 1.6 8Z" />
      </svg>
    );
  if (item.outcome === 'failure')
    return (
      <svg className="glyph glyph-no" viewBox="0 0 16 16" role="img" aria-label="It failed">
        <path d="m3.6 3.6 8.8 8.8m0-8.8-8.8 8.8" />
      </svg>
    );
  return (
    <svg className="glyph" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="4.6" />
    </svg>
  );
}

function whoOf({ actor, address, lane }: Line, alert: AlertItem): string {
  if (actor !== null) return actor;
  if (address !== null) return address;
  return lane === 'other' ? 'Others' : (actorNames(alert)[0] ?? 'Somebody');
}

/** `cosmosdb.keys.list` as words. */
export function actionWords({ action, kind, count: requests, outcome }: AroundItem): string {
  if (kind === 'requests') return `made ${many(requests, `${action} request`)}`;
  const words = action.split('.').slice(1).join(' ').replaceAll('_', ' ') || action;
  const end =
    outcome === 'failure'
      ? ', refused'
      : outcome === 'started'
        ? ', begun'
        : outcome === 'accepted'
          ? ', accepted'
          : '';
  return `${words}${end}`;
}

function aboutOf({ target, address, actor, errors, at, until, kind }: Line): string {
  return [
    target === null ? '' : `on ${target.startsWith('/') ? nameOf(target) : target}`,
    address === null || actor === null ? '' : `from ${address}`,
    errors > 0 ? `${many(errors, 'failure')}` : '',
    kind === 'requests' && until !== at ? `until ${new Date(until).toISOString().slice(11, 16)} UTC` : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}
