import { Link } from '@tanstack/react-router';
import { about, ROLES, tokensList } from '../../../../src/api/contract.ts';
import { KeyValue } from '../../parts/KeyValue.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { useUser, useWhyNot } from '../../session.ts';
import { bytes, count, duration } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { Audit } from './Audit.tsx';
import { TokensPanel } from './Tokens.tsx';
import { Users } from './Users.tsx';
import './settings.css';

const PARTS = [
  ['users', 'Users', Users],
  ['roles', 'Roles', Roles],
  ['tokens', 'API tokens', Tokens],
  ['retention', 'Retention', Retention],
  ['audit', 'Audit log', Audit],
  ['about', 'About', About],
] as const;

export function Settings() {
  const [search] = useSearchTexts();
  const user = useUser();
  const first = user?.role === 'admin' ? 'users' : 'retention';
  const [name, , Part] = PARTS.find(([value]) => value === (search['part'] ?? first)) ?? PARTS[0];
  return (
    <>
      <PageHeader title="Settings">What stands in the configuration file is shown here, not changed.</PageHeader>
      <div className="settings">
        <nav className="settings-nav" aria-label="Parts of the settings">
          {PARTS.map(([value, word]) => (
            <Link
              key={value}
              to="/settings"
              search={{ part: value }}
              aria-current={value === name ? 'page' : undefined}
            >
              {word}
            </Link>
          ))}
        </nav>
        <div className="col">
          <Part />
        </div>
      </div>
    </>
  );
}

const MAY: readonly (readonly [what: string, viewer: boolean, analyst: boolean])[] = [
  ['See alerts, accounts, rules and evidence', true, true],
  ['Acknowledge, resolve, comment, give a verdict', false, true],
  ['Make silences and exceptions', false, true],
  ['Test rules, and try them on stored events', false, true],
  ['Send test messages, try deliveries again', false, false],
  ['Users, tokens and the audit log', false, false],
];

function Roles() {
  return (
    <Panel title="Roles" about="a role is a set of what tokens may be used for" isFlush>
      <table className="tbl" aria-label="Roles">
        <thead>
          <tr>
            <th>May</th>
            {ROLES.map((role) => (
              <th key={role}>{role}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {MAY.map(([what, viewer, analyst]) => (
            <tr key={what}>
              <td>{what}</td>
              {[viewer, analyst, true].map((can, at) => (
                <td key={ROLES[at]}>
                  <State mark={can ? 'ok' : 'off'}>{can ? 'Yes' : 'No'}</State>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Something that only an admin sees. */
export function Denied({ title }: { readonly title: string }) {
  const whyNot = useWhyNot('admin');
  return (
    <Panel title={title}>
      <Empty kind="lock" title="You may not see this">
        {whyNot}.
      </Empty>
    </Panel>
  );
}

function Tokens() {
  const denied = useWhyNot('admin');
  const answer = useApi('/api/v1/tokens', tokensList, { isOn: denied === null });
  if (denied !== null) return <Denied title="API tokens" />;
  return (
    <Of answer={answer} what="The tokens">
      {({ items }) => <TokensPanel title="API tokens" about="programs ask with them" items={items} scopes={['read']} />}
    </Of>
  );
}

function useAbout() {
  return useApi('/api/v1/about', about, { every: 60 });
}

function Retention() {
  return (
    <Of answer={useAbout()} what="What is kept">
      {({ retention, mostBytes, store }) => (
        <Panel title="Retention" about="how long things are kept">
          <KeyValue
            rows={retention.map(({ what, seconds, key }) => [
              what,
              <span key={what}>
                {days(seconds)} {key === null ? <span className="muted">cannot be set</span> : <code>{key}</code>}
              </span>,
            ])}
          />
          <p className="small muted settings-note">
            {bytes(store.bytes)} now
            {mostBytes === null ? '' : `, at most ${bytes(mostBytes)}: past it the oldest go first`}. Set in the
            configuration under <code>retention</code>.
          </p>
        </Panel>
      )}
    </Of>
  );
}

function days(seconds: number): string {
  const whole = seconds / 86_400;
  return whole >= 365 && whole % 365 === 0 ? `${whole / 365} ${whole === 365 ? 'year' : 'years'}` : duration(seconds);
}

function About() {
  return (
    <Of answer={useAbout()} what="The version">
      {({ version, node, licence, startedAt, externalUrl, rules, store }) => (
        <Panel title="About">
          <KeyValue
            rows={[
              ['cosmowatch', version],
              ['Runs since', <Time key="since" at={startedAt} form="full" />],
              ['Node', node],
              ['Rules', `${count(rules)} on`],
              ['Database', `SQLite, ${bytes(store.bytes)}, schema ${store.schema}`],
              externalUrl === null ? null : ['Reached at', externalUrl],
              ['Licence', licence],
              ['Calls outside', 'What sources and receivers of the configuration name. No telemetry.'],
            ]}
          />
        </Panel>
      )}
    </Of>
  );
}
