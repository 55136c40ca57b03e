import { useMemo, useState } from 'react';
import { type IntakeItem, intakeList, setupAnswer, tokensList } from '../../../../src/api/contract.ts';
import { Bars } from '../../parts/Bars.tsx';
import { CopyCommand } from '../../parts/CopyCommand.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Field } from '../../parts/Field.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { State, type StateMark } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Ago, Time } from '../../parts/Time.tsx';
import { useAccounts, useApi } from '../../queries.ts';
import { useWhyNot } from '../../session.ts';
import { count, duration, many, nameOf } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { TokensPanel } from '../settings/Tokens.tsx';
import './sources.css';

/** Is everything read, and what was left out. */
export function Sources() {
  const answer = useApi('/api/v1/intake', intakeList, { every: 15 });
  return (
    <Of answer={answer} what="The sources" rows={5}>
      {({ items }) => (
        <>
          <PageHeader title="Sources">{sentenceOf(items)}</PageHeader>
          <div className="col">
            <Panel title="Where records come from" isFlush>
              {items.length === 0 ? (
                <Empty kind="search" title="No source is set up">
                  Sources stand in the configuration; below is what an account needs to send its logs.
                </Empty>
              ) : (
                <DataTable label="Sources" columns={COLUMNS} rows={items} idOf={({ name }) => name} />
              )}
            </Panel>
            <div className="grid-2">
              <LeftOut items={items} />
              <Troubles items={items} />
            </div>
            <PushTokens />
            <Guide />
          </div>
        </>
      )}
    </Of>
  );
}

function sentenceOf(items: readonly IntakeItem[]): string {
  const running = items.filter(({ state }) => state === 'running').length;
  const state = running === items.length ? 'all reading' : `${running} reading`;
  const rate = items.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const lags = items.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  const lag = lags.length === 0 ? '' : `, ${duration(Math.max(...lags))} behind at most`;
  const dead = items.reduce((sum, { rejected }) => sum + rejected, 0);
  const left = dead === 0 ? 'Nothing was left out.' : `${many(dead, 'record was', 'records were')} left out.`;
  return `${many(items.length, 'source')}, ${state}: ${perSecond(rate)} a second${lag}. ${left}`;
}

function perSecond(rate: number): string {
  return rate >= 10 ? count(Math.round(rate)) : String(Number(rate.toFixed(rate >= 1 ? 1 : 2)));
}

const STATES: Readonly<Record<IntakeItem['state'], readonly [StateMark, string]>> = {
  running: ['ok', 'Reading'],
  starting: ['half', 'Starting'],
  retrying: ['warn', 'Tries again'],
  failed: ['bad', 'Stopped'],
};

const COLUMNS: readonly TableColumn<IntakeItem>[] = [
  {
    key: 'name',
    head: 'Source',
    sort: ({ name }) => name,
    cell: ({ name, type, labels }) => (
      <>
        <b>{name}</b>
        <small>
          {type.replaceAll('_', ' ')}
          {Object.entries(labels).map(([key, value]) => `, ${key} ${value}`)}
        </small>
      </>
    ),
  },
  {
    key: 'state',
    head: 'State',
    cell: ({ state, why }) => (
      <>
        <State mark={STATES[state][0]}>{STATES[state][1]}</State>
        {why === null ? null : <small>{why}</small>}
      </>
    ),
  },
  {
    key: 'lag',
    head: 'Behind Azure',
    isNumber: true,
    sort: ({ lagSeconds }) => lagSeconds,
    cell: ({ lagSeconds }) => (lagSeconds === null ? <span className="muted">not known</span> : duration(lagSeconds)),
  },
  {
    key: 'rate',
    head: 'Records a second',
    isNumber: true,
    sort: ({ perSecond: rate }) => rate,
    cell: ({ perSecond: rate, rates }) => (
      <span className="bars-row">
        <span>{perSecond(rate)}</span>
        <Bars values={rates} label="Records of each quarter of an hour in a day" />
      </span>
    ),
  },
  {
    key: 'taken',
    head: 'Taken, left out',
    isNumber: true,
    cell: ({ accepted, rejected }) => (
      <>
        {count(accepted)}, <span className={rejected > 0 ? 'txt-high' : undefined}>{count(rejected)}</span>
      </>
    ),
  },
  {
    key: 'last',
    head: 'Where it is',
    cell: ({ lastRecordAt, progress }) => (
      <>
        {lastRecordAt === null ? 'nothing came since the start' : <Ago at={lastRecordAt} />}
        {progress === null ? null : (
          <small>
            all read up to <Time at={progress} />
          </small>
        )}
      </>
    ),
  },
];

interface LeftRow {
  readonly key: string;
  readonly source: string;
  readonly left: IntakeItem['leftOut'][number];
}

const LEFT_COLUMNS: readonly TableColumn<LeftRow>[] = [
  {
    key: 'what',
    head: 'Reason',
    cell: ({ source, left }) => (
      <>
        <b>{left.what}</b>
        <small>
          {source}, <code>{left.code}</code>
        </small>
      </>
    ),
  },
  {
    key: 'count',
    head: 'Records',
    isNumber: true,
    sort: ({ left }) => left.count,
    cell: ({ left }) => count(left.count),
  },
  {
    key: 'last',
    head: 'The last one',
    cell: ({ left }) => (
      <>
        <span className="mono small">{left.example.replace(`${left.what}: `, '')}</span>
        <small>
          <Ago at={left.lastAt} />
        </small>
      </>
    ),
  },
];

function LeftOut({ items }: { readonly items: readonly IntakeItem[] }) {
  const rows = useMemo(
    () =>
      items.flatMap(({ name, leftOut }) =>
        leftOut.map((left) => ({ key: `${name} ${left.code} ${left.what}`, source: name, left })),
      ),
    [items],
  );
  return (
    <Panel title="Left out" about="since the start" isFlush>
      {rows.length === 0 ? (
        <Empty kind="good" title="Every record could be read" />
      ) : (
        <DataTable
          label="Left out"
          columns={LEFT_COLUMNS}
          rows={rows}
          idOf={({ key }) => key}
          first={{ key: 'count', isDown: true }}
        />
      )}
    </Panel>
  );
}

function Troubles({ items }: { readonly items: readonly IntakeItem[] }) {
  const rows = items
    .flatMap(({ name, troubles }) => troubles.map((trouble) => ({ name, ...trouble })))
    .sort((a, b) => (a.at > b.at ? -1 : 1));
  return (
    <Panel title="Troubles" about="since the start, newest first" isFlush={rows.length === 0}>
      {rows.length === 0 ? (
        <Empty kind="good" title="No source had trouble" />
      ) : (
        <ul className="troubles">
          {rows.slice(0, 8).map(({ name, at, why }) => (
            <li key={`${name} ${at} ${why}`}>
              <Time at={at} /> <b>{name}</b> {why}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Tokens that send records; only an admin sees them. */
function PushTokens() {
  const denied = useWhyNot('admin');
  const answer = useApi('/api/v1/tokens', tokensList, { isOn: denied === null });
  if (denied !== null) return null;
  return (
    <Of answer={answer} what="The tokens">
      {({ items }) => (
        <TokensPanel
          title="Push tokens"
          about="what senders prove themselves with"
          items={items.filter(({ scopes }) => scopes.includes('logs'))}
          scopes={['logs']}
        />
      )}
    </Of>
  );
}

const TRANSPORTS = [
  ['event_hubs', 'Event Hubs'],
  ['blob', 'Blob Storage'],
  ['log_analytics', 'Log Analytics'],
] as const;
const TOOLS = [
  ['main.bicep', 'Bicep'],
  ['main.tf', 'Terraform'],
  ['setup.sh', 'az'],
  ['cosmowatch.yml', 'cosmowatch.yml'],
] as const;

/** What makes an account send its logs, to copy. */
function Guide() {
  const [search, change] = useSearchTexts();
  const accounts = useAccounts().data?.items ?? [];
  const usable = accounts.filter(({ id }) => id.includes('/databaseaccounts/'));
  const account = usable.find(({ name }) => name === search['account']) ?? usable[0];
  const transport = TRANSPORTS.find(([value]) => value === search['transport'])?.[0] ?? 'event_hubs';
  const [tool, pick] = useState<(typeof TOOLS)[number][0]>('main.bicep');
  const answer = useApi('/api/v1/intake/setup', setupAnswer, {
    query: { account: account?.id, transport },
    isOn: account !== undefined,
    keeps: true,
  });
  return (
    <Panel
      title="Send a log to cosmowatch"
      about="copy, run, then watch the first record arrive; nothing is done from here"
    >
      {account === undefined ? (
        <Empty kind="search" title="No account is known yet">
          On a terminal, cosmowatch init asks for one and writes the same files.
        </Empty>
      ) : (
        <div className="guide">
          <div className="guide-asks">
            <Field label="Account">
              {(props) => (
                <select {...props} value={account.name} onChange={(event) => change({ account: event.target.value })}>
                  {usable.map(({ name }) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              )}
            </Field>
            <Segments
              label="Transport"
              options={TRANSPORTS}
              value={transport}
              onChange={(value) => change({ transport: value })}
            />
            <Segments label="Tool" options={TOOLS} value={tool} onChange={pick} />
          </div>
          <Of answer={answer} what="The setup">
            {({ files }) => <SetupFiles files={files} tool={tool} />}
          </Of>
        </div>
      )}
    </Panel>
  );
}

interface FilesProps {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly tool: string;
}

function SetupFiles({ files, tool }: FilesProps) {
  const wanted = files.filter(({ name }) => (tool === 'main.bicep' ? name.endsWith('.bicep') : nameOf(name) === tool));
  return wanted.map(({ name, text }, at) => (
    <details key={name} className="guide-file" open={at === 0}>
      <summary className="small mono">{name}</summary>
      <CopyCommand command={text} isBlock />
    </details>
  ));
}
