import { useState } from 'react';
import {
  type ExceptionBody,
  type ExceptionItem,
  exceptionItem,
  exceptionsList,
  type TuningPreview,
  tuningPreview,
} from '../../../../src/api/contract.ts';
import { part, send } from '../../api.ts';
import { useNow } from '../../clock.ts';
import { Button } from '../../parts/Button.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Drawer } from '../../parts/Drawer.tsx';
import { Field } from '../../parts/Field.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Ago, Time } from '../../parts/Time.tsx';
import { queries, useAccounts, useApi, useRules } from '../../queries.ts';
import { useUser, useWhyNot } from '../../session.ts';
import { failed, told } from '../../told.ts';
import { count, many } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { Preview } from './Preview.tsx';
import { matchWords, slug } from './words.ts';
import './tuning.css';

const PATH = '/api/v1/exceptions';
const TABS = [
  ['active', 'In force'],
  ['ended', 'Ended'],
  ['unused', 'Never hid anything'],
] as const;
type Tab = (typeof TABS)[number][0];

/** What is hidden, by whom, until when. */
export function Exceptions() {
  const answer = useApi(PATH, exceptionsList, { every: 60 });
  const [search, change] = useSearchTexts();
  const tab: Tab = TABS.find(([value]) => value === search['tab'])?.[0] ?? 'active';
  const whyNot = useWhyNot('act');
  return (
    <Of answer={answer} what="The exceptions" rows={4}>
      {({ items }) => (
        <>
          <PageHeader
            title="Exceptions"
            end={
              <Button look="main" whyNot={whyNot} onClick={() => change({ drawer: 'new' })}>
                Make an exception
              </Button>
            }
          >
            {sentenceOf(items)}
          </PageHeader>
          <Segments
            label="Which"
            options={TABS}
            value={tab}
            onChange={(value) => change({ tab: value === 'active' ? undefined : value })}
          />
          <List items={items.filter((item) => isIn(item, tab))} tab={tab} whyNot={whyNot} />
          <NewException isOpen={search['drawer'] === 'new'} onClose={() => change({ drawer: undefined })} />
        </>
      )}
    </Of>
  );
}

function isIn({ isInForce, kept }: ExceptionItem, tab: Tab): boolean {
  if (tab === 'unused') return isInForce && kept === 0;
  return tab === 'active' ? isInForce : !isInForce;
}

function sentenceOf(items: readonly ExceptionItem[]): string {
  const kept = items.reduce((sum, item) => sum + item.kept, 0);
  const active = items.filter(({ isInForce }) => isInForce).length;
  return `${many(active, 'exception is', 'exceptions are')} in force; ${many(kept, 'alert was', 'alerts were')} hidden so far. Hidden alerts are kept and can be searched; nobody is told. Every exception has an owner, a reason and an end.`;
}

function List({
  items,
  tab,
  whyNot,
}: {
  readonly items: readonly ExceptionItem[];
  readonly tab: Tab;
  readonly whyNot: string | null;
}) {
  return (
    <section className="panel tuning-panel" aria-label="Exceptions">
      {items.length === 0 ? (
        <Empty kind={tab === 'active' ? 'good' : 'filter'} title={tab === 'active' ? 'Nothing is hidden' : 'None'}>
          {tab === 'active'
            ? 'An exception is best made from an alert that turned out to be harmless: it then names exactly that.'
            : undefined}
        </Empty>
      ) : (
        <DataTable
          label="Exceptions"
          columns={columnsFor(whyNot)}
          rows={items}
          idOf={({ name }) => name}
          first={{ key: 'ends', isDown: false }}
        />
      )}
    </section>
  );
}

function columnsFor(whyNot: string | null): readonly TableColumn<ExceptionItem>[] {
  return [
    {
      key: 'name',
      head: 'Exception',
      sort: ({ name }) => name,
      cell: ({ name, spec }) => (
        <>
          <b>{name}</b>
          <small>{matchWords(spec.match)}</small>
          <small>“{spec.reason}”</small>
        </>
      ),
    },
    {
      key: 'owner',
      head: 'Owner',
      sort: ({ spec }) => spec.owner,
      cell: ({ spec, origin }) => (
        <>
          {spec.owner}
          {origin === 'config' ? <small>in the configuration</small> : null}
        </>
      ),
    },
    {
      key: 'ends',
      head: 'Ends',
      sort: ({ spec }) => spec.expires,
      cell: ({ spec }) => <Time at={spec.expires} form="date" />,
    },
    {
      key: 'kept',
      head: 'Has hidden',
      isNumber: true,
      sort: ({ kept }) => kept,
      cell: ({ kept, lastKeptAt }) => (
        <>
          {count(kept)}
          {lastKeptAt === null ? null : (
            <small>
              last <Ago at={lastKeptAt} />
            </small>
          )}
        </>
      ),
    },
    {
      key: 'state',
      head: 'State',
      cell: ({ isInForce, kept }) =>
        isInForce ? (
          <State mark={kept === 0 ? 'off' : 'ok'}>{kept === 0 ? 'Never used' : 'In force'}</State>
        ) : (
          <State mark="off">Ended</State>
        ),
    },
    {
      key: 'do',
      head: '',
      cell: (item) => (item.origin === 'api' && item.isInForce ? <Acts item={item} whyNot={whyNot} /> : null),
    },
  ];
}

function renew(): void {
  void queries.invalidateQueries({ queryKey: [PATH] });
}

const MONTH = 30 * 86_400_000;

function Acts({ item: { name, spec }, whyNot }: { readonly item: ExceptionItem; readonly whyNot: string | null }) {
  const extend = (): void => {
    const expires = new Date(Date.parse(spec.expires) + MONTH).toISOString();
    send('POST', `${PATH}/${part(name)}`, { ...spec, expires }, exceptionItem).then(
      () => {
        told(`${name} ends 30 days later.`);
        renew();
      },
      (error: unknown) => failed('It could not be extended', error),
    );
  };
  const end = (): void => {
    send('DELETE', `${PATH}/${part(name)}`, undefined, exceptionItem).then(
      () => {
        told(`${name} has ended. What it hid and is still open is told.`);
        renew();
      },
      (error: unknown) => failed('It could not be ended', error),
    );
  };
  return (
    <span className="row-wrap">
      <Button isSmall whyNot={whyNot} onClick={extend} aria-label={`Extend ${name} by 30 days`}>
        Extend 30 days
      </Button>
      <Button isSmall whyNot={whyNot} onClick={end} aria-label={`End ${name} now`}>
        End now
      </Button>
    </span>
  );
}

const ENDS = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
] as const;

function NewException({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const now = useNow();
  const owner = useUser()?.name ?? '';
  const rules = useRules().data?.items ?? [];
  const accounts = useAccounts().data?.items ?? [];
  const [form, fill] = useState({
    reason: '',
    rule: '',
    account: '',
    actor: '',
    address: '',
    days: '30' as (typeof ENDS)[number][0],
  });
  const [preview, show] = useState<TuningPreview | null>(null);
  const set = (some: Partial<typeof form>): void => {
    fill({ ...form, ...some });
    show(null);
  };
  const { reason, days, ...named } = form;
  const match = Object.fromEntries(Object.entries(named).filter(([, value]) => value.trim() !== ''));
  const body: ExceptionBody = {
    match,
    owner,
    reason,
    expires: new Date(now + Number(days) * 86_400_000).toISOString(),
  };
  const whyNot =
    reason.trim() === ''
      ? 'It needs a reason'
      : form.rule === ''
        ? 'Choose a rule'
        : form.actor === '' && form.address === ''
          ? 'Name the actor or the address'
          : null;
  const ask = (): void => {
    send('POST', `${PATH}/preview`, body, tuningPreview).then(show, (error: unknown) =>
      failed('It could not be tried', error),
    );
  };
  const make = (): void => {
    send('POST', PATH, { name: slug(reason), ...body }, exceptionItem).then(
      () => {
        told('The exception is in force.');
        renew();
        onClose();
      },
      (error: unknown) => failed('The exception could not be made', error),
    );
  };
  return (
    <Drawer
      isOpen={isOpen}
      onClose={onClose}
      title="Make an exception"
      about="It hides an alert only if everything in the alert is named here; an alert that grows beyond it is told."
      foot={
        <>
          {preview === null ? (
            <Button look="main" whyNot={whyNot} onClick={ask}>
              See what it hides
            </Button>
          ) : (
            <Button look="main" whyNot={whyNot} onClick={make}>
              Hide these for {days} days
            </Button>
          )}
          <Button onClick={onClose}>Leave it</Button>
        </>
      }
    >
      <Field label="Reason" hint="Why it is harmless">
        {(props) => <input {...props} value={reason} onChange={({ target }) => set({ reason: target.value })} />}
      </Field>
      <Field label="Rule">
        {(props) => (
          <select {...props} value={form.rule} onChange={({ target }) => set({ rule: target.value })}>
            <option value="">choose one</option>
            {rules.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Account">
        {(props) => (
          <select {...props} value={form.account} onChange={({ target }) => set({ account: target.value })}>
            <option value="">all accounts</option>
            {accounts.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Actor" hint="Name or id, as alerts show it; * is any letters">
        {(props) => <input {...props} value={form.actor} onChange={({ target }) => set({ actor: target.value })} />}
      </Field>
      <Field label="Address" hint="Naming it too keeps a stolen identity visible">
        {(props) => <input {...props} value={form.address} onChange={({ target }) => set({ address: target.value })} />}
      </Field>
      <Segments label="Ends after" options={ENDS} value={days} onChange={(value) => set({ days: value })} />
      {preview === null ? null : <Preview preview={preview} does="hide" />}
    </Drawer>
  );
}
