import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { AccountItem, AlertItem } from '../../../../src/api/contract.ts';
import { accountName, byUrgency } from '../../alerts.ts';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Level, rankOf } from '../../parts/Level.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Ago } from '../../parts/Time.tsx';
import { useAccounts } from '../../queries.ts';
import { count, groupOf } from '../../words.ts';

interface Row extends AccountItem {
  readonly worst: AlertItem | null;
}

const COLUMNS: readonly TableColumn<Row>[] = [
  {
    key: 'name',
    head: 'Account',
    sort: ({ name }) => name,
    cell: ({ id, name }) => (
      <>
        <Link className="strong-link" to="/alerts" search={{ account: name, status: 'any' }}>
          {name}
        </Link>
        <small>{groupOf(id)}</small>
      </>
    ),
  },
  {
    key: 'worst',
    head: 'Worst open alert',
    sort: ({ worst }) => (worst === null ? 9 : rankOf(worst.level)),
    cell: ({ worst }) =>
      worst === null ? (
        <State mark="ok">None</State>
      ) : (
        <>
          <Level level={worst.level} isPlain />
          <small>{worst.title}</small>
        </>
      ),
  },
  {
    key: 'open',
    head: 'Open',
    isNumber: true,
    sort: ({ openAlerts }) => openAlerts,
    cell: (row) => count(row.openAlerts),
  },
  {
    key: 'last',
    head: 'Last record of it',
    isNumber: true,
    sort: ({ lastSeen }) => lastSeen,
    cell: ({ lastSeen }) => (lastSeen === null ? 'none yet' : <Ago at={lastSeen} />),
  },
];

/** Every account with its worst open alert, worst first. */
export function Accounts({ alerts }: { readonly alerts: readonly AlertItem[] }) {
  const answer = useAccounts();
  const worst = useMemo(() => {
    const open = alerts.filter(({ status }) => status === 'open');
    return Map.groupBy(open, (alert) => accountName(alert) ?? '');
  }, [alerts]);
  return (
    <Panel title="Accounts" about="worst first" isFlush>
      <Of answer={answer} what="The accounts">
        {({ items }) =>
          items.length === 0 ? (
            <Empty kind="search" title="No account is known yet">
              An account is known from the first record that names it.
            </Empty>
          ) : (
            <DataTable
              label="Accounts, worst first"
              columns={COLUMNS}
              rows={items.map((item) => ({
                ...item,
                worst: [...(worst.get(item.name) ?? [])].sort(byUrgency)[0] ?? null,
              }))}
              idOf={({ id }) => id}
              first={{ key: 'worst', isDown: false }}
            />
          )
        }
      </Of>
    </Panel>
  );
}
