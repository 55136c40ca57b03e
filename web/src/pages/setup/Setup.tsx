import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { LEAST_PASSWORD, sourcesList, status } from '../../../../src/api/contract.ts';
import { type ApiError, errorOf } from '../../api.ts';
import { Button, ButtonLink } from '../../parts/Button.tsx';
import { CopyCommand } from '../../parts/CopyCommand.tsx';
import { Field } from '../../parts/Field.tsx';
import { Note } from '../../parts/Note.tsx';
import { useTitle } from '../../parts/PageHeader.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { State } from '../../parts/State.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { session, setUp } from '../../session.ts';
import { useStore } from '../../store.ts';
import { count } from '../../words.ts';
import { Gate } from '../signIn/Gate.tsx';
import { Secret } from '../signIn/Secret.tsx';
import { GUIDES, type Guide } from './guides.ts';
import './setup.css';

const STEPS = ['Your account', 'Let logs in', 'A test alert'] as const;

/** From nothing to a first true alert. Every step can be left, and gone on with later. */
export function Setup() {
  useTitle('First setup');
  const isIn = useStore(session).state === 'in';
  const [step, go] = useState(0);
  const at = isIn ? Math.max(step, 1) : 0;
  return (
    <Gate foot="cosmowatch asks Azure for nothing but logs and, as Reader, how accounts are set up. It cannot read keys or data.">
      <div className="setup">
        <div className="setup-side">
          <h1>First setup</h1>
          <p className="lead">About 5 minutes. You can stop after any step and go on later.</p>
          <ol className="stepper">
            {STEPS.map((title, index) => (
              <li
                key={title}
                className={index < at ? 'done' : index === at ? 'at' : undefined}
                aria-current={index === at ? 'step' : undefined}
              >
                <span className="nr" aria-hidden="true">
                  {index < at ? '✓' : index + 1}
                </span>
                <b>{title}</b>
              </li>
            ))}
          </ol>
        </div>
        <div className="col">
          {at === 0 ? <First /> : null}
          {at === 1 ? <Logs onDone={() => go(2)} /> : null}
          {at === 2 ? <Test /> : null}
        </div>
      </div>
    </Gate>
  );
}

/** The code stands behind `#`, which browsers send to nobody; it leaves the address as soon as it was read. */
function useCode(): readonly [string, (code: string) => void] {
  const [code, setCode] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  }, []);
  return [code, setCode];
}

function First() {
  const [code, setCode] = useCode();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [error, fail] = useState<ApiError | null>(null);
  const [isBusy, work] = useState(false);
  const isShort = password !== '' && password.length < LEAST_PASSWORD;
  const make = (): void => {
    work(true);
    setUp(code.trim(), name.trim(), password).catch((thrown: unknown) => {
      fail(errorOf(thrown));
      work(false);
    });
  };
  return (
    <Panel title="The first admin" about="makes the others">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy && !isShort) make();
        }}
      >
        <Field
          label="One-time code"
          hint="What stands behind # in the link that is in the file setup-link of the data folder"
        >
          {(props) => (
            <input {...props} value={code} required autoComplete="off" onChange={(event) => setCode(event.target.value)} />
          )}
        </Field>
        <Field label="Name" hint="Stands in histories and in the audit log">
          {(props) => (
            <input
              {...props}
              value={name}
              required
              maxLength={100}
              autoComplete="username"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Secret
          label="Password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          hint={`At least ${LEAST_PASSWORD} characters`}
          error={isShort ? `${LEAST_PASSWORD - password.length} more characters` : null}
        />
        {error === null ? null : (
          <Note tone="bad">
            <b>{error.message}.</b> {error.cure}
          </Note>
        )}
        <div className="row">
          <Button type="submit" look="main" isBusy={isBusy}>
            Make the account
          </Button>
          <Link to="/sign-in">Sign in instead</Link>
        </div>
      </form>
    </Panel>
  );
}

function Logs({ onDone }: { readonly onDone: () => void }) {
  const [guide, choose] = useState<Guide>('push');
  const { title, about, command } = GUIDES[guide];
  return (
    <>
      <Panel title="How do the logs get here?" about="copy, fill in and run">
        <div className="stack">
          <Segments
            label="Way"
            options={(Object.keys(GUIDES) as Guide[]).map((one) => [one, GUIDES[one].word])}
            value={guide}
            onChange={choose}
          />
          <p>
            <b>{title}</b> <span className="muted">{about}</span>
          </p>
          <CopyCommand command={command} isBlock />
        </div>
      </Panel>
      <Arrives />
      <div className="row">
        <Button look="main" onClick={onDone}>
          Go on to a test alert
        </Button>
        <ButtonLink to="/" look="quiet">
          Later
        </ButtonLink>
      </div>
    </>
  );
}

/** Looks by itself until the first record is there. */
function Arrives() {
  const { data } = useApi('/api/v1/sources', sourcesList, { every: 3 });
  const { data: service } = useApi('/api/v1/status', status, { every: 3 });
  return (
    <Panel title="What arrives" about="looks by itself">
      <ul className="arrive">
        {(data?.items ?? []).map(({ name, state, why, accepted, lastRecordAt }) => (
          <li key={name}>
            {accepted > 0 ? (
              <State mark="ok">
                <b>{name}:</b> {count(accepted)} records
              </State>
            ) : (
              <State mark={state === 'failed' || state === 'retrying' ? 'bad' : 'open'}>
                <b>{name}:</b> {why ?? 'nothing yet. A new diagnostic setting can take up to 90 minutes.'}
              </State>
            )}
            {lastRecordAt === null ? <span className="muted small">waiting</span> : <Time at={lastRecordAt} form="second" />}
          </li>
        ))}
      </ul>
      {service === undefined || service.accounts === 0 ? null : (
        <p className="small muted">{count(service.accounts)} accounts were named in the records.</p>
      )}
    </Panel>
  );
}

function Test() {
  const navigate = useNavigate();
  return (
    <>
      <Panel title="A test alert" about="made up, on an account that does not exist">
        <div className="stack">
          <p>Where cosmowatch runs, this makes records that fire a rule, and says what became of them.</p>
          <CopyCommand command="cosmowatch drill --rule cosmosdb_access_keys_viewed" />
          <p className="small muted">The alert is then in the list, and is told like any other: the routes say to whom.</p>
        </div>
      </Panel>
      <div className="row">
        <Button look="main" onClick={() => void navigate({ to: '/' })}>
          To the overview
        </Button>
      </div>
    </>
  );
}
