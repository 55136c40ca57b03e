import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type AlertItem, alertItem } from '../../../../src/api/contract.ts';
import { entitiesOf } from '../../alerts.ts';
import { part } from '../../api.ts';
import { useKeys } from '../../keys/keys.ts';
import { onNews } from '../../live.ts';
import { ButtonLink } from '../../parts/Button.tsx';
import { Note } from '../../parts/Note.tsx';
import { useTitle } from '../../parts/PageHeader.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { Empty, Failed, Loading } from '../../parts/States.tsx';
import { queries, useApi } from '../../queries.ts';
import { useSearchTexts } from '../search.ts';
import { ActBar, Acts, useActs } from './Acts.tsx';
import { Around } from './Around.tsx';
import { Attack } from './Attack.tsx';
import { Changes } from './Changes.tsx';
import { Comments } from './Comments.tsx';
import { Crumb } from './Crumb.tsx';
import { Evidence } from './Evidence.tsx';
import { Facts } from './Facts.tsx';
import { Meta } from './Meta.tsx';
import { Near } from './Near.tsx';
import { neighbours } from './order.ts';
import { PrintFoot, PrintHead } from './Print.tsx';
import { Rate } from './Rate.tsx';
import { ToDo, useAdvice } from './ToDo.tsx';
import { Trail } from './Trail.tsx';
import { Verdict } from './Verdict.tsx';
import './alert.css';

const ExceptionDrawer = lazy(() => import('./ExceptionDrawer.tsx').then((m) => ({ default: m.ExceptionDrawer })));

/** Understand one alert, and stop what it is about. */
export function Alert() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const answer = useApi(`/api/v1/alerts/${part(id)}`, alertItem);
  const { data, error } = answer;
  if (data !== undefined) return <AlertPage key={data.id} alert={data} isStale={error !== null} />;
  if (error === null) return <Loading rows={6} what="Reading the alert" />;
  if (error.isMissing)
    return (
      <Empty
        kind="search"
        title={`There is no alert ${id.slice(0, 8)}`}
        action={<ButtonLink to="/alerts">All alerts</ButtonLink>}
      >
        The link is cut off, or the alert is not in what you may see. Alerts are never deleted before their time.
      </Empty>
    );
  return <Failed error={error} what="The alert" retry={() => void answer.refetch()} />;
}

function AlertPage({ alert, isStale }: { readonly alert: AlertItem; readonly isStale: boolean }) {
  const [search, change] = useSearchTexts();
  const acts = useActs(alert);
  const advice = useAdvice(alert.id);
  useTitle(alert.title);
  useAlertKeys(alert, acts, () => change({ drawer: 'exception' }));
  return (
    <div className="has-actbar">
      <PrintHead alert={alert} />
      <Crumb id={alert.id} />
      <ChangedWhileRead id={alert.id} />
      {isStale ? <Note tone="warn">No connection. This is how it was; copying commands works.</Note> : null}
      <div className="story-head">
        <Meta alert={alert} />
        <h1>
          <Sentence text={alert.reason} entities={entitiesOf(alert)} links />
        </h1>
        <Acts alert={alert} acts={acts} onException={() => change({ drawer: 'exception' })} />
      </div>
      <Facts alert={alert} />
      <div className="grid-main">
        <div className="col">
          <ToDo advice={advice} />
          <Changes alert={alert} />
          <Around alert={alert} />
          <Rate alert={alert} />
          <Evidence alert={alert} />
        </div>
        <div className="col">
          <Verdict key={alert.verdict} alert={alert} acts={acts} />
          <Comments alert={alert} acts={acts} />
          <Trail alert={alert} />
          <Attack alert={alert} />
          <Near alert={alert} />
        </div>
      </div>
      <PrintFoot />
      <ActBar alert={alert} acts={acts} onException={() => change({ drawer: 'exception' })} />
      <Suspense fallback={null}>
        {search['drawer'] === 'exception' ? (
          <ExceptionDrawer alert={alert} onClose={() => change({ drawer: undefined })} />
        ) : null}
      </Suspense>
    </div>
  );
}

function useAlertKeys(alert: AlertItem, acts: ReturnType<typeof useActs>, makeException: () => void): void {
  const navigate = useNavigate();
  const { newer, older } = neighbours(alert.id);
  const to = (id: string | null) => (): void => {
    if (id !== null) void navigate({ to: `/alerts/${id}` });
  };
  useKeys('Alert', [
    { keys: 'a', does: 'Acknowledge', run: () => acts.can && acts.acknowledge() },
    { keys: 'r', does: 'Resolve', run: () => acts.can && acts.resolve(null) },
    { keys: 'u', does: 'Assign to me', run: () => acts.can && acts.assignToMe() },
    { keys: 'm', does: 'Comment', run: () => document.getElementById('comment')?.focus() },
    { keys: 'x', does: 'Make an exception', run: makeException },
    ...Array.from({ length: 9 }, (_, at) => ({
      keys: `c ${at + 1}`,
      does: `Copy the command of step ${at + 1}`,
      run: () => document.querySelectorAll<HTMLElement>('.todo .copy')[at]?.click(),
    })).slice(0, document.querySelectorAll('.todo .copy').length || 1),
    { keys: '[', does: 'The one before in the list', run: to(newer) },
    { keys: ']', does: 'The next in the list', run: to(older) },
    { keys: 'Escape', does: 'Back to the list', run: () => void navigate({ to: '/alerts' }) },
  ]);
}

/** Counts follow by themselves; anything else is said, and shown when it is wanted. */
function ChangedWhileRead({ id }: { readonly id: string }) {
  const [why, tell] = useState<string | null>(null);
  const path = `/api/v1/alerts/${id}`;
  useEffect(
    () =>
      onNews((news) => {
        if (news.kind === 'reset') return void queries.invalidateQueries({ queryKey: [path] });
        const { alert, kind } = news.event;
        if (alert.id !== id) return;
        const shown = queries.getQueryData<AlertItem>([path, {}]);
        // What this page did itself is there already.
        if (shown !== undefined && shown.history.length >= alert.history.length && shown.status === alert.status)
          return;
        if (kind === 'grown') queries.setQueryData([path, {}], alert);
        else tell(news.event.why);
      }),
    [id, path],
  );
  if (why === null) return null;
  const show = (): void => {
    tell(null);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(path) });
  };
  return (
    <div className="changed">
      <Note
        end={
          <button type="button" className="btn btn-s" onClick={show}>
            Show
          </button>
        }
      >
        <b>Changed while you read:</b> {why}
      </Note>
    </div>
  );
}
