import { Spotlight, spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import { IconBell, IconDatabase, IconListCheck, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { alertsPage } from '../../../src/api/contract.ts';
import { useAccounts, useApi, useRules } from '../queries.ts';
import { useNav } from './nav.ts';

interface Found {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon: ReactNode;
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

/** Find anything by a part of its name. Alerts are asked for; the others are known already. */
export function Find({ onClose }: { readonly onClose: () => void }) {
  const [text, type] = useState('');
  const navigate = useNavigate();
  useEffect(() => spotlight.open(), []);
  const groups = useFound(text.trim().toLowerCase());
  const go = ({ to, search }: Found): void => {
    spotlight.close();
    void navigate({ to, search: search ?? {} });
  };
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={type}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={460}
    >
      <Spotlight.Search
        placeholder="An account, actor, address, rule or a word of an alert"
        aria-label="Find"
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList aria-label="Found">
        {groups.map(({ title, found }) =>
          found.length === 0 ? null : (
            <Spotlight.ActionsGroup label={title} key={title}>
              {found.map((one) => (
                <Spotlight.Action
                  key={one.id}
                  label={one.label}
                  description={one.description ?? ''}
                  leftSection={one.icon}
                  onClick={() => go(one)}
                />
              ))}
            </Spotlight.ActionsGroup>
          ),
        )}
        {groups.every(({ found }) => found.length === 0) ? (
          <Spotlight.Empty>{text === '' ? 'Type a part of a name' : 'Nothing has that in its name'}</Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function useFound(text: string): readonly { readonly title: string; readonly found: readonly Found[] }[] {
  const { data: accounts } = useAccounts();
  const { data: rules } = useRules();
  const { data: alerts } = useApi('/api/v1/alerts', alertsPage, {
    query: { q: text, limit: 6 },
    isOn: text.length > 1,
    keeps: true,
  });
  const pages = useNav().flatMap(({ items }) => items);
  if (text === '') return [];
  const has = (name: string): boolean => name.toLowerCase().includes(text);
  return [
    {
      title: 'Accounts',
      found: (accounts?.items ?? [])
        .filter(({ name }) => has(name))
        .slice(0, 5)
        .map(({ id, name }) => ({
          id,
          label: name,
          icon: <IconDatabase size={18} stroke={1.6} />,
          ...(pages.some(({ path }) => path === '/accounts')
            ? { to: `/accounts/${name}` }
            : { to: '/alerts', search: { account: name } }),
        })),
    },
    {
      title: 'Alerts',
      found: (text.length > 1 ? (alerts?.items ?? []) : []).map(({ id, title, reason }) => ({
        id,
        label: title,
        description: reason,
        icon: <IconBell size={18} stroke={1.6} />,
        to: `/alerts/${id}`,
      })),
    },
    {
      title: 'Rules',
      found: (rules?.items ?? [])
        .filter(({ title, name }) => has(title) || has(name))
        .slice(0, 5)
        .map(({ id, title, name }) => ({
          id,
          label: title,
          icon: <IconListCheck size={18} stroke={1.6} />,
          ...(pages.some(({ path }) => path === '/rules')
            ? { to: `/rules/${name}` }
            : { to: '/alerts', search: { rule: name } }),
        })),
    },
    {
      title: 'Pages',
      found: pages
        .filter(({ word }) => has(word))
        .map(({ path, word, icon: Icon }) => ({
          id: path,
          label: word,
          icon: <Icon size={18} stroke={1.6} />,
          to: path,
        })),
    },
  ];
}
