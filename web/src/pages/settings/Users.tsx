import { useState } from 'react';
import { ROLES, type Role, type UserItem, userItem, userLink, usersList } from '../../../../src/api/contract.ts';
import { part, send } from '../../api.ts';
import { Button } from '../../parts/Button.tsx';
import { CopyCommand } from '../../parts/CopyCommand.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Drawer } from '../../parts/Drawer.tsx';
import { Field } from '../../parts/Field.tsx';
import { Note } from '../../parts/Note.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Ago } from '../../parts/Time.tsx';
import { queries, useApi } from '../../queries.ts';
import { useUser, useWhyNot } from '../../session.ts';
import { failed, told } from '../../told.ts';
import { Denied } from './Settings.tsx';

const METHOD: Readonly<Record<UserItem['method'], string>> = {
  password: 'name and password',
  config: 'in the configuration',
  oidc: 'OpenID Connect',
  demo: 'the demo',
};

/** A link is shown once. */
interface Shown {
  readonly name: string;
  readonly link: string;
}

export function Users() {
  const denied = useWhyNot('admin');
  return denied === null ? <List /> : <Denied title="Users" />;
}

function List() {
  const answer = useApi('/api/v1/users', usersList);
  const me = useUser()?.name ?? null;
  const [isInviting, invite] = useState(false);
  const [shown, show] = useState<Shown | null>(null);
  return (
    <Panel
      title="Users"
      end={
        <Button isSmall onClick={() => invite(true)}>
          Invite
        </Button>
      }
      isFlush
    >
      {shown === null ? null : (
        <Note
          tone="ok"
          end={
            <Button isSmall look="quiet" onClick={() => show(null)}>
              I sent it
            </Button>
          }
        >
          <b>Send {shown.name} this link; it works once:</b>
          <CopyCommand command={shown.link} />
        </Note>
      )}
      <Of answer={answer} what="The users">
        {({ items }) =>
          items.length === 0 ? (
            <Empty kind="search" title="No users yet">
              Those who sign in with OpenID Connect stand here once they came.
            </Empty>
          ) : (
            <DataTable
              label="Users"
              columns={columnsFor(me)}
              rows={items}
              idOf={({ id }) => id}
              first={{ key: 'name', isDown: false }}
            />
          )
        }
      </Of>
      <Invite isOpen={isInviting} onClose={() => invite(false)} onMade={show} />
    </Panel>
  );
}

function columnsFor(me: string | null): readonly TableColumn<UserItem>[] {
  return [
    {
      key: 'name',
      head: 'User',
      sort: ({ name }) => name,
      cell: ({ name, email, method }) => (
        <>
          <b>{name}</b> {name === me ? <span className="tag">you</span> : null}
          <small>{[email, METHOD[method]].filter((one) => one !== null).join(', ')}</small>
        </>
      ),
    },
    {
      key: 'role',
      head: 'Role',
      sort: ({ role }) => role,
      cell: (user) => <RolePick user={user} isMe={user.name === me} />,
    },
    {
      key: 'sees',
      head: 'Sees',
      cell: ({ subscriptions }) =>
        subscriptions === null ? 'everything' : <span className="mono small">{subscriptions.join(', ')}</span>,
    },
    {
      key: 'last',
      head: 'Last here',
      sort: ({ lastSignInAt }) => lastSignInAt,
      cell: ({ lastSignInAt, isInvited, isDisabled }) =>
        isDisabled ? (
          <State mark="off">switched off</State>
        ) : isInvited ? (
          <State mark="half">invited</State>
        ) : lastSignInAt === null ? (
          'never'
        ) : (
          <Ago at={lastSignInAt} />
        ),
    },
  ];
}

/** Of who is managed elsewhere, and of oneself, the role is only said. */
function RolePick({ user, isMe }: { readonly user: UserItem; readonly isMe: boolean }) {
  const { id, name, role, method, subscriptions, labels } = user;
  if (isMe || method !== 'password') return <span>{role}</span>;
  const change = (next: string): void => {
    send('POST', `/api/v1/users/${part(id)}/role`, { role: next, subscriptions, labels }, userItem).then(
      () => {
        told(`${name} is ${next} now.`);
        renew();
      },
      (error: unknown) => failed('The role could not be changed', error),
    );
  };
  return (
    <select className="in" aria-label={`Role of ${name}`} value={role} onChange={({ target }) => change(target.value)}>
      {ROLES.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}

function renew(): void {
  void queries.invalidateQueries({ queryKey: ['/api/v1/users'] });
}

interface InviteProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onMade: (shown: Shown) => void;
}

function Invite({ isOpen, onClose, onMade }: InviteProps) {
  const [name, rename] = useState('');
  const [role, pick] = useState<Role>('analyst');
  const [problem, tell] = useState<string | null>(null);
  const make = (): void => {
    send('POST', '/api/v1/users', { name, role }, userLink).then(
      ({ link }) => {
        onMade({ name, link });
        rename('');
        onClose();
        renew();
      },
      (error: unknown) => tell(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <Drawer
      isOpen={isOpen}
      onClose={onClose}
      title="Invite somebody"
      about="They choose a password by a link that works once. Whoever signs in with OpenID Connect needs no invitation."
      foot={
        <>
          <Button look="main" whyNot={name.trim() === '' ? 'It needs a name' : null} onClick={make}>
            Make the link
          </Button>
          <Button onClick={onClose}>Leave it</Button>
        </>
      }
    >
      <Field label="Name" hint="Stands in histories and in the audit log" error={problem}>
        {(props) => <input {...props} value={name} maxLength={100} onChange={(event) => rename(event.target.value)} />}
      </Field>
      <Field label="Role" hint="What each may stands under Roles">
        {(props) => (
          <select {...props} value={role} onChange={({ target }) => pick(target.value as Role)}>
            {ROLES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </Field>
    </Drawer>
  );
}
