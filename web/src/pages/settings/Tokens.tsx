import { useState } from 'react';
import { done, newToken, type TokenItem, type TokenScope } from '../../../../src/api/contract.ts';
import { part, send } from '../../api.ts';
import { Button } from '../../parts/Button.tsx';
import { CopyCommand } from '../../parts/CopyCommand.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Drawer } from '../../parts/Drawer.tsx';
import { Field } from '../../parts/Field.tsx';
import { Note } from '../../parts/Note.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Empty } from '../../parts/States.tsx';
import { Ago, Time } from '../../parts/Time.tsx';
import { queries } from '../../queries.ts';
import { useWhyNot } from '../../session.ts';
import { failed, told } from '../../told.ts';

interface TokensProps {
  readonly title: string;
  readonly about: string;
  readonly items: readonly TokenItem[];
  /** What a new one is for. */
  readonly scopes: readonly TokenScope[];
}

/** A token's value is shown once, when it is made or replaced. */
interface Shown {
  readonly name: string;
  readonly value: string;
}

export function TokensPanel({ title, about, items, scopes }: TokensProps) {
  const [isMaking, make] = useState(false);
  const [shown, show] = useState<Shown | null>(null);
  const whyNot = useWhyNot('admin');
  const columns = columnsFor(whyNot, show);
  return (
    <Panel
      title={title}
      about={about}
      end={
        <Button isSmall whyNot={whyNot} onClick={() => make(true)}>
          New token
        </Button>
      }
      isFlush
    >
      {shown === null ? null : (
        <Note
          tone="ok"
          end={
            <Button isSmall look="quiet" onClick={() => show(null)}>
              I kept it
            </Button>
          }
        >
          <b>The value of {shown.name}, shown this once:</b>
          <CopyCommand command={shown.value} />
        </Note>
      )}
      {items.length === 0 ? (
        <Empty kind="search" title="No token yet" />
      ) : (
        <DataTable label={title} columns={columns} rows={items} idOf={({ id }) => id} />
      )}
      <NewToken isOpen={isMaking} scopes={scopes} onClose={() => make(false)} onMade={show} />
    </Panel>
  );
}

function columnsFor(whyNot: string | null, show: (shown: Shown) => void): readonly TableColumn<TokenItem>[] {
  return [
    {
      key: 'name',
      head: 'Token',
      sort: ({ name }) => name,
      cell: ({ name, source, createdAt }) => (
        <>
          <b>{name}</b>
          <small>
            {createdAt === null ? 'stands in the configuration' : source === null ? '' : `for the source ${source}`}
          </small>
        </>
      ),
    },
    { key: 'scopes', head: 'May', cell: ({ scopes }) => scopes.join(', ') },
    {
      key: 'sees',
      head: 'May speak for',
      cell: ({ subscriptions }) =>
        subscriptions === null ? 'everything' : <span className="mono small">{subscriptions.join(', ')}</span>,
    },
    {
      key: 'used',
      head: 'Last used',
      sort: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Ago at={lastUsedAt} />),
    },
    {
      key: 'ends',
      head: 'Ends',
      sort: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Time at={expiresAt} form="date" />),
    },
    {
      key: 'do',
      head: '',
      cell: (token) => (token.createdAt === null ? null : <Acts token={token} whyNot={whyNot} show={show} />),
    },
  ];
}

interface ActsProps {
  readonly token: TokenItem;
  readonly whyNot: string | null;
  readonly show: (shown: Shown) => void;
}

function Acts({ token: { id, name }, whyNot, show }: ActsProps) {
  const replace = (): void => {
    send('POST', `/api/v1/tokens/${part(id)}/rotate`, { graceSeconds: 3600 }, newToken).then(
      ({ token }) => {
        show({ name, value: token });
        renew();
      },
      (error: unknown) => failed('The token could not be replaced', error),
    );
  };
  const withdraw = (): void => {
    send('DELETE', `/api/v1/tokens/${part(id)}`, undefined, done).then(
      () => {
        told(`${name} has ended.`);
        renew();
      },
      (error: unknown) => failed('The token could not be withdrawn', error),
    );
  };
  return (
    <span className="row-wrap">
      <Button isSmall whyNot={whyNot} onClick={replace} aria-label={`Replace ${name}`}>
        Replace
      </Button>
      <Button isSmall whyNot={whyNot} onClick={withdraw} aria-label={`Withdraw ${name}`}>
        Withdraw
      </Button>
    </span>
  );
}

function renew(): void {
  void queries.invalidateQueries({ queryKey: ['/api/v1/tokens'] });
}

interface NewProps {
  readonly isOpen: boolean;
  readonly scopes: readonly TokenScope[];
  readonly onClose: () => void;
  readonly onMade: (shown: Shown) => void;
}

const WORDS: Readonly<Record<TokenScope, string>> = {
  logs: 'Send records',
  read: 'See alerts, accounts and rules',
  act: 'Change alerts, make exceptions, try rules',
  admin: 'Users, tokens and the audit log',
};

function NewToken({ isOpen, scopes, onClose, onMade }: NewProps) {
  const [name, rename] = useState('');
  const [picked, pick] = useState<readonly TokenScope[]>(scopes);
  const [problem, tell] = useState<string | null>(null);
  const make = (): void => {
    send('POST', '/api/v1/tokens', { name, scopes: picked }, newToken).then(
      ({ token }) => {
        onMade({ name, value: token });
        rename('');
        onClose();
        renew();
      },
      (error: unknown) => tell(error instanceof Error ? error.message : String(error)),
    );
  };
  const whyNot =
    name.trim() === '' ? 'It needs a name' : picked.length === 0 ? 'It needs something that it may do' : null;
  return (
    <Drawer
      isOpen={isOpen}
      onClose={onClose}
      title="New token"
      about="Its value is shown once. It ends when you withdraw it."
      foot={
        <>
          <Button look="main" whyNot={whyNot} onClick={make}>
            Make the token
          </Button>
          <Button onClick={onClose}>Leave it</Button>
        </>
      }
    >
      <Field label="Who uses it" hint="Stands in histories and in the audit log" error={problem}>
        {(props) => <input {...props} value={name} maxLength={100} onChange={(event) => rename(event.target.value)} />}
      </Field>
      <fieldset className="field">
        <legend>It may</legend>
        {(Object.keys(WORDS) as TokenScope[]).map((scope) => (
          <label key={scope} className="row">
            <input
              type="checkbox"
              className="check"
              checked={picked.includes(scope)}
              onChange={({ target }) =>
                pick(target.checked ? [...picked, scope] : picked.filter((one) => one !== scope))
              }
            />
            {WORDS[scope]}
          </label>
        ))}
      </fieldset>
    </Drawer>
  );
}
