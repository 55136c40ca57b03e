import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { LEAST_PASSWORD } from '../../../../src/api/contract.ts';
import { type ApiError, errorOf, send } from '../../api.ts';
import { Button, ButtonLink } from '../../parts/Button.tsx';
import { Note } from '../../parts/Note.tsx';
import { useTitle } from '../../parts/PageHeader.tsx';
import { Gate } from './Gate.tsx';
import { Secret } from './Secret.tsx';

/** Where a one-time link leads: to a password of one's own. */
export function NewPassword() {
  useTitle('Choose a password');
  const [code] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState('');
  const [error, fail] = useState<ApiError | null>(null);
  const [isDone, finish] = useState(false);
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  }, []);
  const isShort = password !== '' && password.length < LEAST_PASSWORD;
  const choose = (): void => {
    send('POST', '/api/v1/password', { code, password }, z.unknown()).then(
      () => finish(true),
      (thrown: unknown) => fail(errorOf(thrown)),
    );
  };
  return (
    <Gate foot="A link can be used once.">
      <div className="card">
        <h1>Choose a password</h1>
        {code === '' ? (
          <Note tone="bad">
            <b>The link is cut off.</b> Open it whole; an admin can give you a new one.
          </Note>
        ) : null}
        {error === null ? null : (
          <Note tone="bad">
            <b>{error.message}.</b> {error.cure}
          </Note>
        )}
        {isDone ? (
          <>
            <Note tone="ok">
              <b>It is yours now.</b>
            </Note>
            <ButtonLink to="/sign-in" look="main">
              Sign in
            </ButtonLink>
          </>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!isShort) choose();
            }}
          >
            <Secret
              label="Password"
              value={password}
              onChange={setPassword}
              autoComplete="new-password"
              hint={`At least ${LEAST_PASSWORD} characters`}
              error={isShort ? `${LEAST_PASSWORD - password.length} more characters` : null}
            />
            <Button type="submit" look="main" whyNot={code === '' ? 'The link is cut off' : null}>
              Keep it
            </Button>
            <Link className="small" to="/sign-in">
              Sign in instead
            </Link>
          </form>
        )}
      </div>
    </Gate>
  );
}
