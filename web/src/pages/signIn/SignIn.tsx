import { IconBell } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { OIDC_REFUSALS, type OidcRefusal, ways as waysShape } from '../../../../src/api/contract.ts';
import { type ApiError, errorOf, queryText } from '../../api.ts';
import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/Field.tsx';
import { Note } from '../../parts/Note.tsx';
import { useTitle } from '../../parts/PageHeader.tsx';
import { Failed, Loading } from '../../parts/States.tsx';
import { useApi } from '../../queries.ts';
import { probe, type SignIn as Proof, session, signIn } from '../../session.ts';
import { useSearchTexts } from '../search.ts';
import { Gate } from './Gate.tsx';
import { Secret } from './Secret.tsx';
import { pathOf } from './wanted.ts';

/** The way in that is set up, and straight to the page that was wanted. */
export function SignIn() {
  useTitle('Sign in');
  const [{ to, refused }] = useSearchTexts();
  const wanted = pathOf(to);
  const ways = useApi('/api/v1/session/ways', waysShape);
  const { error, isBusy, enter } = useEntry(wanted);
  const refusal = refused !== undefined && refused in OIDC_REFUSALS ? OIDC_REFUSALS[refused as OidcRefusal] : null;
  return (
    <Gate foot="Runs on your own machine. Nothing leaves it but the messages you set up.">
      <div className="card">
        <div>
          <h1>Sign in</h1>
          <p className="lead">{location.host}</p>
        </div>
        {wanted.startsWith('/alerts/') ? (
          <div className="note">
            <IconBell size={18} stroke={1.6} aria-hidden="true" />
            <p>
              <b>You opened an alert.</b> After signing in you go straight to it.
            </p>
          </div>
        ) : null}
        {refusal === null ? null : (
          <Note tone="bad">
            <b>{refusal.message}</b> {refusal.cure}
          </Note>
        )}
        {error === null ? null : (
          <Note tone={error.isOffline ? 'warn' : 'bad'}>
            <b>{error.message}.</b> {error.cure}
          </Note>
        )}
        {ways.data === undefined ? (
          ways.error === null ? (
            <Loading rows={2} />
          ) : (
            <Failed error={ways.error} what="How to sign in" retry={() => void ways.refetch()} />
          )
        ) : (
          <Ways ways={ways.data} wanted={wanted} isBusy={isBusy} enter={enter} />
        )}
      </div>
    </Gate>
  );
}

interface WaysProps {
  readonly ways: { readonly oidc: { readonly name: string } | null; readonly demo: boolean; readonly setup: boolean };
  readonly wanted: string;
  readonly isBusy: boolean;
  readonly enter: (by: Proof) => void;
}

function Ways({ ways, wanted, isBusy, enter }: WaysProps) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const isFirst = ways.oidc === null && !ways.demo;
  return (
    <>
      {ways.setup && !ways.demo ? (
        <Note>
          <b>Nobody can sign in yet.</b> The link that makes the first admin is in the data folder, in the file{' '}
          <code>setup-link</code>; only who may read that folder can open it.
        </Note>
      ) : null}
      {ways.demo ? (
        <Button look="main" isBusy={isBusy} onClick={() => enter({ demo: true })}>
          Look around in the demo
        </Button>
      ) : null}
      {ways.oidc === null ? null : (
        <a className="btn btn-main" href={`/api/v1/session/oidc${queryText({ to: wanted === '/' ? undefined : wanted })}`}>
          Continue with {ways.oidc.name}
        </a>
      )}
      {isFirst ? null : <span className="or">or with a local account</span>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) enter({ name: name.trim(), password });
        }}
      >
        <Field label="Name">
          {(props) => (
            <input
              {...props}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={200}
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Secret label="Password" value={password} onChange={setPassword} autoComplete="current-password" />
        <Button type="submit" look={isFirst ? 'main' : 'plain'} isBusy={isBusy}>
          Sign in
        </Button>
      </form>
      <p className="small muted">Forgot the password? An admin can give you a one-time link to choose a new one.</p>
    </>
  );
}

function useEntry(wanted: string) {
  const [error, fail] = useState<ApiError | null>(null);
  const [isBusy, work] = useState(false);
  const navigate = useNavigate();
  // Somebody who is signed in already has nothing to do here.
  useEffect(() => {
    const go = (): void => {
      if (session.get().state === 'in') void navigate({ href: wanted, replace: true });
    };
    if (session.get().state === 'unknown') probe().then(go, () => undefined);
    else go();
    return session.subscribe(go);
  }, [navigate, wanted]);
  const enter = (by: Proof): void => {
    work(true);
    signIn(by).then(
      () => work(false),
      (thrown: unknown) => {
        fail(errorOf(thrown));
        work(false);
      },
    );
  };
  return { error, isBusy, enter };
}
