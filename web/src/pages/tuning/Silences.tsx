import { useState } from 'react';
import {
  type SilenceBody,
  type SilenceItem,
  silenceItem,
  silencesList,
  type TuningPreview,
  tuningPreview,
} from '../../../../src/api/contract.ts';
import { part, send } from '../../api.ts';
import { useNow } from '../../clock.ts';
import { Button } from '../../parts/Button.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Field } from '../../parts/Field.tsx';
import { LEVEL_WORD, LEVELS } from '../../parts/Level.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { queries, useAccounts, useApi, useRules } from '../../queries.ts';
import { useUser, useWhyNot } from '../../session.ts';
import { inZone } from '../../times.ts';
import { failed, told } from '../../told.ts';
import { count, duration, many } from '../../words.ts';
import { Preview } from './Preview.tsx';
import { hoursWords, matchWords, slug } from './words.ts';
import './tuning.css';

const PATH = '/api/v1/silences';
const HOUR = 3_600_000;

/** What is silent now, and what will be. */
export function Silences() {
  const answer = useApi(PATH, silencesList, { every: 30 });
  const now = useNow();
  return (
    <Of answer={answer} what="The silences" rows={4}>
      {({ items }) => {
        const shown = items.filter((item) => !isOver(item, now));
        const inForce = items.filter((item) => item.isInForce).length;
        return (
          <>
            <PageHeader title="Silences">
              A silence keeps messages back for a time. Alerts still open and are shown, and what is open when it ends
              is told then.{inForce === 0 ? '' : ` ${many(inForce, 'silence')} now.`}
            </PageHeader>
            <div className="grid-main">
              <div className="col">
                <List items={shown} now={now} />
                <Week items={shown} now={now} />
              </div>
              <NewSilence now={now} />
            </div>
          </>
        );
      }}
    </Of>
  );
}

function isOver({ spec, isInForce, endedAt }: SilenceItem, now: number): boolean {
  if (endedAt !== null) return true;
  return !isInForce && spec.until !== undefined && Date.parse(spec.until) <= now;
}

function List({ items, now }: { readonly items: readonly SilenceItem[]; readonly now: number }) {
  const whyNot = useWhyNot('act');
  return (
    <Panel title="Now and soon" isFlush>
      {items.length === 0 ? (
        <Empty kind="good" title="Nothing is silent">
          Everybody is told as the routes say.
        </Empty>
      ) : (
        <DataTable label="Silences" columns={columnsFor(now, whyNot)} rows={items} idOf={({ name }) => name} />
      )}
    </Panel>
  );
}

function columnsFor(now: number, whyNot: string | null): readonly TableColumn<SilenceItem>[] {
  return [
    {
      key: 'name',
      head: 'Silence',
      cell: ({ name, kind, spec, createdBy }) => (
        <>
          <b>{name}</b> {kind === 'calendar' ? <span className="tag">calendar of missing logs</span> : null}
          <small>{matchWords(spec.match)}</small>
          <small>
            “{spec.reason}”, {createdBy ?? spec.owner}
          </small>
        </>
      ),
    },
    { key: 'time', head: 'Time', cell: ({ spec }) => <When spec={spec} /> },
    { key: 'kept', head: 'Kept quiet', isNumber: true, cell: ({ kept }) => count(kept) },
    {
      key: 'state',
      head: 'State',
      cell: ({ isInForce, spec }) =>
        isInForce ? (
          <State mark="ok">
            {spec.until === undefined ? 'now' : `${duration((Date.parse(spec.until) - now) / 1000)} left`}
          </State>
        ) : (
          <State mark="off">later</State>
        ),
    },
    {
      key: 'do',
      head: '',
      cell: ({ name, origin }) =>
        origin === 'api' ? <End name={name} whyNot={whyNot} /> : <small>in the configuration</small>,
    },
  ];
}

function When({ spec: { from, until, weekly } }: { readonly spec: SilenceBody }) {
  return (
    <>
      {from === undefined ? null : <Time at={from} />}
      {until === undefined ? null : (
        <>
          {' to '}
          <Time at={until} />
        </>
      )}
      {weekly?.map((hours) => (
        <small key={hoursWords(hours)}>{hoursWords(hours)}</small>
      ))}
    </>
  );
}

function End({ name, whyNot }: { readonly name: string; readonly whyNot: string | null }) {
  const end = (): void => {
    send('DELETE', `${PATH}/${part(name)}`, undefined, silenceItem).then(
      () => {
        told(`${name} has ended. What it kept back and is still open is told.`);
        renew();
      },
      (error: unknown) => failed('It could not be ended', error),
    );
  };
  return (
    <Button isSmall whyNot={whyNot} onClick={end} aria-label={`End ${name} now`}>
      End now
    </Button>
  );
}

function renew(): void {
  void queries.invalidateQueries({ queryKey: [PATH] });
}

const DAYS = 7;

/** Those with a beginning and an end, in the next days. */
function Week({ items, now }: { readonly items: readonly SilenceItem[]; readonly now: number }) {
  const start = Math.floor(now / (24 * HOUR)) * 24 * HOUR;
  const spans = items.flatMap(({ name, isInForce, spec }) => {
    if (spec.until === undefined || spec.weekly !== undefined) return [];
    const from = Math.max(0, (Date.parse(spec.from ?? '') || now) - start);
    const to = Math.min(DAYS * 24 * HOUR, Date.parse(spec.until) - start);
    return to <= from ? [] : [{ name, isInForce, from: from / HOUR, to: to / HOUR }];
  });
  if (spans.length === 0) return null;
  return (
    <Panel title="The next 7 days" className="hide-phone">
      <div className="week">
        {spans.map(({ name, isInForce, from, to }) => (
          <div className="week-row" key={name}>
            <span>{name}</span>
            <svg
              viewBox={`0 0 ${DAYS * 24} 22`}
              preserveAspectRatio="none"
              role="img"
              aria-label={`${name}: for ${duration((to - from) * 3600)}`}
            >
              {Array.from({ length: DAYS + 1 }, (_, day) => (
                <path
                  // biome-ignore lint/suspicious/noArrayIndexKey: days never change places
                  key={day}
                  className="day"
                  d={`M${day * 24} 0V22`}
                  vectorEffect="non-scaling-stroke"
                />
              ))}
              <rect
                className={isInForce ? 'span-now' : 'span'}
                x={from}
                y={4}
                width={Math.max(1, to - from)}
                height={14}
              />
            </svg>
          </div>
        ))}
        <div className="week-row" aria-hidden="true">
          <span />
          <span className="week-days">
            {Array.from({ length: DAYS }, (_, day) => inZone(start + day * 24 * HOUR, 'day')).map((word) => (
              <span key={word}>{word}</span>
            ))}
          </span>
        </div>
      </div>
    </Panel>
  );
}

const LENGTHS = [
  ['1', '1 h'],
  ['4', '4 h'],
  ['12', '12 h'],
  ['24', '24 h'],
] as const;

function NewSilence({ now }: { readonly now: number }) {
  const owner = useUser()?.name ?? '';
  const rules = useRules().data?.items ?? [];
  const accounts = useAccounts().data?.items ?? [];
  const denied = useWhyNot('act');
  const empty = { reason: '', account: '', rule: '', level: '' };
  const [form, fill] = useState(empty);
  const [hours, last] = useState<(typeof LENGTHS)[number][0]>('4');
  const [preview, show] = useState<TuningPreview | null>(null);
  const set = (some: Partial<typeof form>): void => {
    fill({ ...form, ...some });
    show(null);
  };
  const { reason, level, ...named } = form;
  const match = {
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== '')),
    ...(level === '' ? {} : { level: LEVELS.slice((LEVELS as readonly string[]).indexOf(level)) }),
  };
  const body: SilenceBody = { match, owner, reason, until: new Date(now + Number(hours) * HOUR).toISOString() };
  const whyNot =
    denied ??
    (form.account === '' && form.rule === ''
      ? 'Choose an account or a rule'
      : reason.trim() === ''
        ? 'It needs a reason'
        : null);
  const ask = (): void => {
    send('POST', `${PATH}/preview`, body, tuningPreview).then(show, (error: unknown) =>
      failed('It could not be tried', error),
    );
  };
  const make = (): void => {
    send('POST', PATH, { name: slug(reason), ...body }, silenceItem).then(
      () => {
        told(`It is silent for ${hours} h.`);
        fill(empty);
        show(null);
        renew();
      },
      (error: unknown) => failed('It could not be made', error),
    );
  };
  return (
    <Panel title="Silence something">
      <div className="tuning-form">
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
        <Field label="Rule">
          {(props) => (
            <select {...props} value={form.rule} onChange={({ target }) => set({ rule: target.value })}>
              <option value="">all rules</option>
              {rules.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Level">
          {(props) => (
            <select {...props} value={level} onChange={({ target }) => set({ level: target.value })}>
              <option value="">any</option>
              {LEVELS.map((one) => (
                <option key={one} value={one}>
                  {LEVEL_WORD[one]} and below
                </option>
              ))}
            </select>
          )}
        </Field>
        <Segments label="How long" options={LENGTHS} value={hours} onChange={last} />
        <Field label="Why" hint="What is being done, and by whom">
          {(props) => <input {...props} value={reason} onChange={({ target }) => set({ reason: target.value })} />}
        </Field>
        {preview === null ? null : <Preview preview={preview} does="keep back" />}
        <Button whyNot={whyNot} onClick={ask}>
          See what it keeps back
        </Button>
        <Button look="main" whyNot={whyNot} onClick={make}>
          Silence for {hours} hours
        </Button>
      </div>
    </Panel>
  );
}
