import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type AccountDetail, accountDetail, type RuleOnAccount } from '../../../../src/api/contract.ts';
import { part } from '../../api.ts';
import { Button, ButtonLink } from '../../parts/Button.tsx';
import { CopyCommand } from '../../parts/CopyCommand.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { KeyValue } from '../../parts/KeyValue.tsx';
import { Level } from '../../parts/Level.tsx';
import { Note } from '../../parts/Note.tsx';
import { useTitle } from '../../parts/PageHeader.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State, type StateMark } from '../../parts/State.tsx';
import { Empty, Failed, Loading } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { Where } from '../../parts/Where.tsx';
import { useApi } from '../../queries.ts';
import { bytes, count, groupOf, many, some } from '../../words.ts';
import { Figures } from './Figures.tsx';
import { HeatStrips } from './HeatStrips.tsx';
import './accounts.css';

/** Everything about one account. */
export function Account() {
  const { name = '' } = useParams({ strict: false }) as { readonly name?: string };
  const answer = useApi(`/api/v1/accounts/${part(name)}`, accountDetail, { every: 60 });
  const { data, error } = answer;
  if (data !== undefined) return <Whole account={data} />;
  if (error === null) return <Loading rows={6} what="Reading the account" />;
  if (!error.isMissing) return <Failed error={error} what="The account" retry={() => void answer.refetch()} />;
  return (
    <Empty
      kind="search"
      title={`No account is called ${name}`}
      action={<ButtonLink to="/accounts">All accounts</ButtonLink>}
    >
      It is not known, or it is not among what you may see.
    </Empty>
  );
}

function Whole({ account }: { readonly account: AccountDetail }) {
  const { name, id, worst, blindSpots } = account;
  useTitle(name);
  return (
    <div className="account-sections">
      <header>
        <Where to="/accounts" list="Accounts" name={name} />
        <div className="page-head">
          <div>
            <div className="account-head">
              <h1>{name}</h1>
              {worst === null ? null : <Level level={worst.level} />}
              <span className="tag">{groupOf(id) ?? 'no resource group'}</span>
              {account.isExpected ? <span className="tag">its silence is an alert</span> : null}
            </div>
            <p>{sentenceOf(account)}</p>
          </div>
          {worst === null ? null : (
            <div className="row-wrap">
              <ButtonLink to={`/alerts/${worst.id}`} look="main">
                Open the worst alert
              </ButtonLink>
            </div>
          )}
        </div>
        {blindSpots.map((why) => (
          <Note key={why} tone="warn">
            <b>Not everything can be seen here:</b> {why}.
          </Note>
        ))}
      </header>
      <Figures account={id} />
      <Panel title="Logs by category" about="last 7 days" end={<Link to="/sources">Sources</Link>}>
        {account.hours.length === 0 ? (
          <Empty kind="search" title="No record has come yet">
            A new diagnostic setting may take 90 minutes to deliver its first record.
          </Empty>
        ) : (
          <HeatStrips strips={account.hours} step={1} />
        )}
      </Panel>
      <Coverage coverage={account.coverage} />
      <Actors account={account} />
      <div className="grid-2">
        <KeyReads reads={account.keyReads} />
        <Settings settings={account.settings} />
      </div>
    </div>
  );
}

function sentenceOf({ openAlerts, hours, rules }: AccountDetail): string {
  const alerts =
    openAlerts === 0 ? 'No alert is open' : `${many(openAlerts, 'alert')} ${openAlerts === 1 ? 'is' : 'are'} open`;
  const all = rules.can + rules.partly + rules.cannot;
  const blind = rules.cannot === 0 ? 'Every rule can fire here' : `${rules.cannot} of ${all} rules cannot fire here`;
  return `${alerts}. ${many(hours.length, 'log')} ${hours.length === 1 ? 'arrives' : 'arrive'}. ${blind}.`;
}

const MARKS: Readonly<Record<RuleOnAccount['state'], readonly [StateMark, string]>> = {
  cannot: ['off', 'Cannot'],
  partly: ['warn', 'Partly'],
  can: ['ok', 'Can'],
  off: ['off', 'Off'],
};
const ORDER: readonly RuleOnAccount['state'][] = ['cannot', 'partly', 'off', 'can'];

const RULE_COLUMNS: readonly TableColumn<RuleOnAccount>[] = [
  {
    key: 'state',
    head: 'Here',
    cell: ({ state }) => <State mark={MARKS[state][0]}>{MARKS[state][1]}</State>,
  },
  {
    key: 'rule',
    head: 'Rule',
    cell: ({ rule, title }) => (
      <>
        <Link to={`/rules/${rule}`}>
          <b>{title}</b>
        </Link>
        <small className="mono">{rule}</small>
      </>
    ),
  },
  { key: 'why', head: 'Why', cell: ({ why }) => why },
  { key: 'cure', head: 'Cure', cell: (rule) => <Cure rule={rule} /> },
];

function Cure({ rule: { cure, command } }: { readonly rule: RuleOnAccount }) {
  const [isOpen, open] = useState(false);
  if (cure === null) return null;
  if (command === null) return <span>{cure}</span>;
  return (
    <>
      <span>{cure}</span>{' '}
      <Button isSmall look="quiet" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
        {isOpen ? 'Hide the command' : 'Show the az command'}
      </Button>
      {isOpen ? <CopyCommand command={command} /> : null}
    </>
  );
}

const SHOWN = 6;

function Coverage({ coverage }: { readonly coverage: readonly RuleOnAccount[] }) {
  const [isWhole, showAll] = useState(false);
  const sorted = useMemo(
    () => [...coverage].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)),
    [coverage],
  );
  const bad = sorted.filter(({ state }) => state !== 'can').length;
  const rows = isWhole ? sorted : sorted.slice(0, Math.max(SHOWN, bad));
  const of = (state: RuleOnAccount['state']) => coverage.filter((one) => one.state === state).length;
  return (
    <Panel
      title="Rules that can fire"
      about={`${of('cannot')} cannot, ${of('partly')} partly, ${of('can')} can`}
      isFlush
      folds
    >
      <DataTable label="Rules that can fire" columns={RULE_COLUMNS} rows={rows} idOf={({ rule }) => rule} />
      {rows.length === sorted.length ? null : (
        <Button look="quiet" onClick={() => showAll(true)}>
          Show the other {sorted.length - rows.length} that can fire
        </Button>
      )}
    </Panel>
  );
}

interface ActorRow {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly addresses: readonly string[];
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly does: string;
}

const ACTOR_COLUMNS: readonly TableColumn<ActorRow>[] = [
  {
    key: 'name',
    head: 'Actor',
    sort: ({ name }) => name,
    cell: ({ name, kind }) => (
      <>
        <b>{name}</b>
        <small>{kind}</small>
      </>
    ),
  },
  { key: 'from', head: 'From', cell: ({ addresses }) => <span className="mono whole">{some(addresses, 2)}</span> },
  {
    key: 'first',
    head: 'First seen',
    sort: ({ firstSeen }) => firstSeen,
    cell: ({ firstSeen }) => <Time at={firstSeen} />,
  },
  { key: 'last', head: 'Last seen', sort: ({ lastSeen }) => lastSeen, cell: ({ lastSeen }) => <Time at={lastSeen} /> },
  { key: 'does', head: 'What it does here', cell: ({ does }) => does },
];

function Actors({ account }: { readonly account: AccountDetail }) {
  const rows = useMemo(() => actorRows(account), [account]);
  return (
    <Panel title="Actors and addresses" about={`${rows.length}, as far as records are kept`} isFlush folds>
      {rows.length === 0 ? (
        <Empty kind="search" title="Nobody was seen here yet" />
      ) : (
        <DataTable
          label="Actors and addresses"
          columns={ACTOR_COLUMNS}
          rows={rows}
          idOf={({ key }) => key}
          first={{ key: 'first', isDown: true }}
        />
      )}
      {account.isBounded ? <Note>Of the control plane only the newest records were looked at.</Note> : null}
    </Panel>
  );
}

function actorRows({ actors, clients }: AccountDetail): readonly ActorRow[] {
  return [
    ...actors.map(({ id, name, type, appName, addresses, firstSeen, lastSeen, actions }) => ({
      key: `actor ${id ?? name ?? type}`,
      name: name ?? id ?? 'a caller not known',
      kind: appName === null ? type.replaceAll('_', ' ') : `${type.replaceAll('_', ' ')}, ${appName}`,
      addresses,
      firstSeen,
      lastSeen,
      does: some(
        actions.map(
          ({ action, count: times }) =>
            `${action.replace('cosmosdb.', '')}${times > 1 ? ` ${count(times)} times` : ''}`,
        ),
        3,
      ),
    })),
    ...clients.map(({ client, firstSeen, lastSeen, requests, bytes: size }) => ({
      key: `client ${client}`,
      name: client.replace(/@.*/, '').replaceAll('_', ' '),
      kind: 'sends requests',
      addresses: client.includes('@') ? [client.replace(/^[^@]*@/, '')] : [],
      firstSeen,
      lastSeen,
      does: `${many(requests, 'request')}, ${bytes(size)}`,
    })),
  ];
}

function KeyReads({ reads }: { readonly reads: AccountDetail['keyReads'] }) {
  return (
    <Panel title="Keys: who read them" about="as far as records are kept" folds>
      {reads.length === 0 ? (
        <Empty kind="good" title="Nobody read the keys">
          Reading them with GET is never logged by Azure; only listing them is.
        </Empty>
      ) : (
        <KeyValue
          rows={reads.map(({ name, action, addresses, count: times, lastSeen }) => [
            `${name}, ${action.replace('cosmosdb.', '')}`,
            <span key={action}>
              {many(times, 'time')}, last <Time at={lastSeen} />
              {addresses.length === 0 ? null : (
                <>
                  {' '}
                  from <span className="mono">{some(addresses, 3)}</span>
                </>
              )}
            </span>,
          ])}
        />
      )}
    </Panel>
  );
}

function Settings({ settings }: { readonly settings: AccountDetail['settings'] }) {
  return (
    <Panel title="How it is set" about="as far as logs and inventories tell" folds>
      {settings.length === 0 ? (
        <Empty kind="search" title="Nothing is known of its settings">
          They are learnt from changes in the logs, or from files under accounts.inventory.
        </Empty>
      ) : (
        <KeyValue rows={settings.map(({ name, value }) => [name, <code key={name}>{textOf(value)}</code>])} />
      )}
    </Panel>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
