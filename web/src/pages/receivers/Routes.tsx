import {
  alertsPage,
  type ReceiversAnswer,
  type RouteNode,
  type RoutingAnswer,
  routingAnswer,
} from '../../../../src/api/contract.ts';
import { Field } from '../../parts/Field.tsx';
import { LEVEL_WORD, LEVELS } from '../../parts/Level.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { useApi } from '../../queries.ts';
import { duration, nameOf, some } from '../../words.ts';
import { useSearchTexts } from '../search.ts';

interface RoutesProps {
  readonly routes: ReceiversAnswer['routes'];
  readonly failing: ReadonlySet<string>;
}

/** The routes as a tree, and the way of one alert through it. */
export function Routes({ routes, failing }: RoutesProps) {
  const [search] = useSearchTexts();
  const alert = search['try'];
  const answer = useApi('/api/v1/routing', routingAnswer, {
    query: { alert, level: search['level'] },
    isOn: alert !== undefined,
    keeps: true,
  });
  const way = alert === undefined ? null : (answer.data ?? null);
  return (
    <div className="grid-main">
      <Panel title="Routes" about="from top to bottom; the first that matches stops">
        {routes === null ? (
          <Empty kind="search" title="No routes are set">
            Without routes nobody is told. They stand under routes in the configuration.
          </Empty>
        ) : (
          <ul className="route-tree">
            <Node node={routes} failing={failing} way={way} />
          </ul>
        )}
      </Panel>
      <Where answer={answer} way={way} failing={failing} />
    </div>
  );
}

interface NodeProps {
  readonly node: RouteNode;
  readonly failing: ReadonlySet<string>;
  readonly way: RoutingAnswer | null;
}

function Node({ node, failing, way }: NodeProps) {
  const { path, receiver, match, routes, goesOn, groupWaitSeconds, repeatSeconds } = node;
  const isOnWay = way?.looked.some((one) => one.path === path && one.matched) ?? false;
  const isTold = way?.decisions.some((one) => one.path === path) ?? false;
  const extra = [
    groupWaitSeconds > 0 ? `waits ${duration(groupWaitSeconds)} for more` : null,
    repeatSeconds === null ? null : `again every ${duration(repeatSeconds)}`,
    goesOn ? 'goes on to the next' : null,
  ].filter((one) => one !== null);
  return (
    <li>
      <div className={`route${isOnWay ? ' is-on-way' : ''}`}>
        <b>{wordsOf(match)}</b>
        {receiver === null ? (
          <span className="muted">nobody; kept in the list</span>
        ) : (
          <span className="tag">{failing.has(receiver) ? <State mark="bad">{receiver} fails</State> : receiver}</span>
        )}
        {isTold ? <State mark="ok">told</State> : null}
        {extra.length === 0 ? null : <span className="muted small">{extra.join(', ')}</span>}
      </div>
      {routes.length === 0 ? null : (
        <ul>
          {routes.map((one) => (
            <Node key={one.path} node={one} failing={failing} way={way} />
          ))}
        </ul>
      )}
    </li>
  );
}

function wordsOf(match: RouteNode['match']): string {
  if (match.length === 0) return 'every alert';
  return match.map(({ name, patterns }) => `${name} is ${some(patterns, 3).replaceAll(', ', ' or ')}`).join(', ');
}

interface WhereProps {
  readonly answer: Parameters<typeof Of<RoutingAnswer>>[0]['answer'];
  readonly way: RoutingAnswer | null;
  readonly failing: ReadonlySet<string>;
}

function Where({ answer, way, failing }: WhereProps) {
  const [search, change] = useSearchTexts();
  const alerts = useApi('/api/v1/alerts', alertsPage, { query: { limit: 30 } });
  return (
    <Panel title="Where would this alert go?">
      <div className="col route-try">
        <Field label="Alert">
          {(props) => (
            <select
              {...props}
              value={search['try'] ?? ''}
              onChange={({ target }) => change({ try: target.value || undefined })}
            >
              <option value="">choose one</option>
              {(alerts.data?.items ?? []).map(({ id, title, account, level }) => (
                <option key={id} value={id}>
                  {`${LEVEL_WORD[level]}: ${title}, ${account === null ? 'no account' : nameOf(account)}`}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="As if its level were">
          {(props) => (
            <select
              {...props}
              value={search['level'] ?? ''}
              onChange={({ target }) => change({ level: target.value || undefined })}
            >
              <option value="">its own</option>
              {LEVELS.map((level) => (
                <option key={level} value={level}>
                  {LEVEL_WORD[level]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {search['try'] === undefined ? (
          <p className="small muted">Choose an alert to see who is told of one like it, and why.</p>
        ) : (
          <Of answer={answer} what="Its way">
            {(found) => <Way way={way ?? found} failing={failing} />}
          </Of>
        )}
      </div>
    </Panel>
  );
}

function Way({ way, failing }: { readonly way: RoutingAnswer; readonly failing: ReadonlySet<string> }) {
  return (
    <ol className="route-way" aria-label="Its way" aria-live="polite">
      {way.looked.map(({ path, matched, why }) => (
        <li key={path}>
          <State mark={matched ? 'ok' : 'off'}>{why}</State>
          <small className="mono muted">{path}</small>
        </li>
      ))}
      {way.decisions.length === 0 ? (
        <li>
          <b>Nobody is told.</b> It is kept in the list.
        </li>
      ) : (
        way.decisions.map(({ receiver, groupWaitSeconds, repeatSeconds }) => (
          <li key={receiver}>
            <b className={failing.has(receiver) ? 'txt-bad' : undefined}>{receiver}</b>{' '}
            {failing.has(receiver) ? 'would be told, but it fails now' : 'is told'}
            {groupWaitSeconds > 0 ? ` after ${duration(groupWaitSeconds)}` : ' at once'}
            {repeatSeconds === null ? '' : `, again every ${duration(repeatSeconds)} until somebody acknowledges it`}
          </li>
        ))
      )}
    </ol>
  );
}
