import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  type DeliveriesPage,
  deliveriesPage,
  type ReceiverItem,
  type ReceiversAnswer,
  type ReceiverTestAnswer,
  receiversAnswer,
  receiverTestAnswer,
  replayAnswer,
} from '../../../../src/api/contract.ts';
import { part, send } from '../../api.ts';
import { Button } from '../../parts/Button.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Note } from '../../parts/Note.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State, type StateMark } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Ago, Time } from '../../parts/Time.tsx';
import { queries, useApi } from '../../queries.ts';
import { useWhyNot } from '../../session.ts';
import { failed, told } from '../../told.ts';
import { capital, count, many } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { Routes } from './Routes.tsx';
import './receivers.css';

/** Who is told of what. */
export function Receivers() {
  const answer = useApi('/api/v1/receivers', receiversAnswer, { every: 30 });
  return (
    <Of answer={answer} what="The receivers" rows={6}>
      {(data) => (
        <>
          <PageHeader title="Receivers">{sentenceOf(data)}</PageHeader>
          <div className="col">
            <Failing items={data.items} />
            <Routes routes={data.routes} failing={failingIn(data.items)} />
            <List items={data.items} />
            <DeliveryLog receivers={data.items} />
          </div>
        </>
      )}
    </Of>
  );
}

function failingIn(items: readonly ReceiverItem[]): ReadonlySet<string> {
  return new Set(items.filter(({ entries }) => entries.some(({ state }) => state === 'fails')).map(({ name }) => name));
}

function sentenceOf({ items, routes }: ReceiversAnswer): string {
  if (items.length === 0) return 'Nobody is told of alerts yet: receivers stand in the configuration.';
  const failing = failingIn(items).size;
  const state =
    failing === 0
      ? `${many(items.length, 'receiver')}, none failing.`
      : `${failing} of ${many(items.length, 'receiver')} fail.`;
  return `Who is told what. ${state}${routes === null ? ' No routes are set, so nobody is told.' : ''}`;
}

function Failing({ items }: { readonly items: readonly ReceiverItem[] }) {
  return items
    .flatMap(({ entries }) => entries)
    .filter(({ state }) => state === 'fails')
    .map(({ receiver, type, lastFailure, waiting, dead }) => (
      <Note key={receiver} tone="bad">
        <b>
          {receiver} ({type}): {reasonWords(lastFailure?.reason ?? '')}.
        </b>{' '}
        {lastFailure === null ? null : <Ago at={lastFailure.at} />}
        {`. ${waiting === 0 ? '' : `${many(waiting, 'message')} ${waiting === 1 ? 'waits' : 'wait'}. `}${dead === 0 ? '' : `${many(dead, 'message was', 'messages were')} given up. `}`}
        Correct it in the configuration, send a test, then try again below those that were given up.
      </Note>
    ));
}

/** What the commonest answers mean, for who has not seen them before. */
function reasonWords(reason: string): string {
  if (/\b410\b/.test(reason)) return `${reason}, this address no longer exists`;
  if (/\b40[13]\b/.test(reason)) return `${reason}, the secret is not accepted any more`;
  if (/\b404\b/.test(reason)) return `${reason}, nothing is at this address`;
  return reason === '' ? 'messages do not arrive' : reason;
}

type Entry = ReceiverItem['entries'][number] & { readonly name: string };

const STATES: Readonly<Record<Entry['state'], readonly [StateMark, string]>> = {
  works: ['ok', 'Works'],
  fails: ['bad', 'Fails'],
  unused: ['off', 'Nothing sent yet'],
};

function List({ items }: { readonly items: readonly ReceiverItem[] }) {
  const rows = items.flatMap(({ name, entries }) => entries.map((entry) => ({ ...entry, name })));
  const [tried, become] = useState<ReceiverTestAnswer['items']>([]);
  const columns: readonly TableColumn<Entry>[] = [
    {
      key: 'receiver',
      head: 'Receiver',
      cell: ({ receiver, type }) => (
        <>
          <b>{receiver}</b>
          <small>{type}</small>
        </>
      ),
    },
    { key: 'state', head: 'State', cell: ({ state }) => <State mark={STATES[state][0]}>{STATES[state][1]}</State> },
    {
      key: 'last',
      head: 'Last delivered',
      cell: ({ lastDelivered }) => (lastDelivered === null ? 'never' : <Ago at={lastDelivered} />),
    },
    { key: 'waiting', head: 'Waiting', isNumber: true, cell: ({ waiting }) => count(waiting) },
    { key: 'dead', head: 'Given up', isNumber: true, cell: ({ dead }) => count(dead) },
    { key: 'test', head: '', cell: ({ name }) => <TestButton name={name} onTried={become} /> },
  ];
  return (
    <Panel title="Receivers" about={many(rows.length, 'address', 'addresses')} isFlush>
      {tried.map(({ receiver, result, reason }) => (
        <Note key={receiver} tone={result === 'delivered' ? 'ok' : 'bad'}>
          <b>Test to {receiver}:</b>{' '}
          {result === 'delivered' ? 'delivered.' : `${result === 'retry' ? 'not delivered' : 'refused'}: ${reason}.`}
        </Note>
      ))}
      {rows.length === 0 ? (
        <Empty kind="search" title="No receiver is set up">
          Slack, PagerDuty, Teams, e-mail, webhooks and others are set up under receivers in the configuration.
        </Empty>
      ) : (
        <DataTable label="Receivers" columns={columns} rows={rows} idOf={({ receiver }) => receiver} />
      )}
    </Panel>
  );
}

function TestButton({
  name,
  onTried,
}: {
  readonly name: string;
  readonly onTried: (items: ReceiverTestAnswer['items']) => void;
}) {
  const [isBusy, run] = useState(false);
  const whyNot = useWhyNot('admin');
  const test = (): void => {
    run(true);
    send('POST', `/api/v1/receivers/${part(name)}/test`, {}, receiverTestAnswer)
      .then(
        ({ items }) => onTried(items),
        (error: unknown) => failed('The test could not be sent', error),
      )
      .finally(() => run(false));
  };
  return (
    <Button isSmall whyNot={whyNot} isBusy={isBusy} onClick={test} aria-label={`Send a test to ${name}`}>
      {isBusy ? 'Sending' : 'Send a test'}
    </Button>
  );
}

type Delivery = DeliveriesPage['items'][number];

const RESULTS: Readonly<Record<Delivery['state'], readonly [StateMark, string]>> = {
  delivered: ['ok', 'Delivered'],
  waiting: ['half', 'Waits'],
  dead: ['bad', 'Given up'],
  summarised: ['off', 'In a summary'],
  grouped: ['off', 'In one with others'],
  superseded: ['off', 'Said by a later one'],
};

function DeliveryLog({ receivers }: { readonly receivers: readonly ReceiverItem[] }) {
  const [search, change] = useSearchTexts();
  const whyNot = useWhyNot('admin');
  const answer = useApi('/api/v1/deliveries', deliveriesPage, {
    query: { limit: 25, state: search['state'], receiver: search['receiver'], before: search['before'] },
    every: 30,
    keeps: true,
  });
  const columns = columnsFor(whyNot);
  return (
    <Panel
      title="Delivery log"
      about="newest first"
      end={
        <>
          <select
            className="in log-pick"
            aria-label="Receiver"
            value={search['receiver'] ?? ''}
            onChange={({ target }) => change({ receiver: target.value || undefined, before: undefined })}
          >
            <option value="">every receiver</option>
            {receivers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <Button
            isSmall
            aria-pressed={search['state'] === 'dead'}
            onClick={() => change({ state: search['state'] === 'dead' ? undefined : 'dead', before: undefined })}
          >
            {search['state'] === 'dead' ? 'All messages' : 'Only given up'}
          </Button>
        </>
      }
      isFlush
    >
      <Of answer={answer} what="The delivery log" rows={5}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty kind="good" title="No such message" />
          ) : (
            <>
              <DataTable label="Delivery log" columns={columns} rows={items} idOf={({ id }) => String(id)} />
              <div className="row-wrap">
                {search['before'] === undefined ? null : (
                  <Button look="quiet" onClick={() => change({ before: undefined })}>
                    Newest
                  </Button>
                )}
                {next === null ? null : (
                  <Button look="quiet" onClick={() => change({ before: String(next) }, true)}>
                    Older
                  </Button>
                )}
              </div>
            </>
          )
        }
      </Of>
    </Panel>
  );
}

function columnsFor(whyNot: string | null): readonly TableColumn<Delivery>[] {
  return [
    { key: 'at', head: 'Time', cell: ({ queuedAt }) => <Time at={queuedAt} form="second" /> },
    { key: 'to', head: 'To', cell: ({ receiver }) => receiver },
    {
      key: 'alert',
      head: 'Alert',
      cell: ({ alert, title, kind }) => (
        <>
          {title === null ? 'A flood of alerts' : <Link to={`/alerts/${alert}`}>{title}</Link>}
          <small>{capital(kind)}</small>
        </>
      ),
    },
    {
      key: 'result',
      head: 'Result',
      cell: ({ state, attempts, dueAt }) => (
        <>
          <State mark={RESULTS[state][0]}>{RESULTS[state][1]}</State>
          <small>
            {attempts.at(-1)?.reason}
            {state === 'waiting' ? (
              <>
                {' '}
                next try <Time at={dueAt} />
              </>
            ) : null}
          </small>
        </>
      ),
    },
    { key: 'tries', head: 'Tries', isNumber: true, cell: ({ attempts }) => attempts.length },
    {
      key: 'again',
      head: '',
      cell: ({ id, state }) => (state === 'dead' ? <Again id={id} whyNot={whyNot} /> : null),
    },
  ];
}

function Again({ id, whyNot }: { readonly id: number; readonly whyNot: string | null }) {
  const again = (): void => {
    send('POST', '/api/v1/deliveries/replay', { ids: [id] }, replayAnswer).then(
      ({ waiting }) => {
        told(waiting === 1 ? 'It is tried again now.' : 'Something newer of this alert was delivered since.');
        void queries.invalidateQueries({ queryKey: ['/api/v1/deliveries'] });
      },
      (error: unknown) => failed('It could not be tried again', error),
    );
  };
  return (
    <Button isSmall whyNot={whyNot} onClick={again}>
      Try now
    </Button>
  );
}
