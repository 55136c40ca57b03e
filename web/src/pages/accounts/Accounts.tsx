import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { AccountItem } from '../../../../src/api/contract.ts';
import { ButtonLink } from '../../parts/Button.tsx';
import { Level, rankOf } from '../../parts/Level.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { useAccounts } from '../../queries.ts';
import { groupOf, many } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { HeatLegend, HeatStrips } from './HeatStrips.tsx';
import './accounts.css';

const ORDERS = [
  ['worst', 'Worst first'],
  ['name', 'Name'],
] as const;
type Order = (typeof ORDERS)[number][0];

export function Accounts() {
  const answer = useAccounts();
  const [search, change] = useSearchTexts();
  const order: Order = search['sort'] === 'name' ? 'name' : 'worst';
  const pick = (value: Order) => change({ sort: value === 'name' ? 'name' : undefined });
  return (
    <Of answer={answer} what="The accounts" rows={6}>
      {({ items }) => (
        <>
          <PageHeader title="Accounts" end={<Segments label="Order" options={ORDERS} value={order} onChange={pick} />}>
            {sentenceOf(items)}
          </PageHeader>
          {items.length === 0 ? (
            <Empty
              kind="search"
              title="No account is known yet"
              action={<ButtonLink to="/sources">See the sources</ButtonLink>}
            >
              An account is known from its first log record on, or when the configuration names it under
              accounts.expect.
            </Empty>
          ) : (
            <Cards items={items} order={order} />
          )}
        </>
      )}
    </Of>
  );
}

function sentenceOf(items: readonly AccountItem[]): string {
  const subscriptions = new Set(items.map(({ subscription }) => subscription)).size;
  const blind = items.filter(({ rules }) => rules.cannot > 0).length;
  const open = items.filter(({ worst }) => worst !== null).length;
  const seen =
    blind === 0
      ? 'Every rule can fire on every account.'
      : `On ${blind === 1 ? 'one' : blind} of them some rules cannot fire, because a log is missing.`;
  return `${many(items.length, 'account')} in ${many(subscriptions, 'subscription')}, ${open} with an open alert. ${seen}`;
}

function Cards({ items, order }: { readonly items: readonly AccountItem[]; readonly order: Order }) {
  const sorted = useMemo(() => [...items].sort(order === 'name' ? byName : byWorst), [items, order]);
  return (
    <>
      <div className="accounts">
        {sorted.map((item) => (
          <Card key={item.id} item={item} />
        ))}
      </div>
      <HeatLegend step={3} />
    </>
  );
}

function byName(a: AccountItem, b: AccountItem): number {
  return a.name < b.name ? -1 : 1;
}

/** An open alert first, by its level; then who has most that cannot be seen. */
function byWorst(a: AccountItem, b: AccountItem): number {
  const rank = ({ worst }: AccountItem): number => (worst === null ? 9 : rankOf(worst.level));
  return rank(a) - rank(b) || b.rules.cannot - a.rules.cannot || byName(a, b);
}

function Card({ item }: { readonly item: AccountItem }) {
  const { id, name, worst, rules, logs, blindSpots, openAlerts } = item;
  const all = rules.can + rules.partly + rules.cannot;
  return (
    <section className="panel account-card" aria-label={name}>
      <div className="account-who">
        <h2>
          <Link to={`/accounts/${name}`}>{name}</Link>
        </h2>
        <span className="small muted">{groupOf(id) ?? 'no resource group'}</span>
        {worst === null ? (
          <State mark="ok">No open alert</State>
        ) : (
          <>
            <Level level={worst.level} />
            <Link to={`/alerts/${worst.id}`} className="small">
              {worst.title}
              {openAlerts > 1 ? `, and ${openAlerts - 1} more` : ''}
            </Link>
          </>
        )}
      </div>
      <div>
        {logs.length === 0 ? (
          <p className="small muted">No record of it has come yet.</p>
        ) : (
          <HeatStrips strips={logs} step={3} />
        )}
      </div>
      <div className="account-can">
        <span>Rules that can fire</span>
        <b>
          {rules.can + rules.partly} of {all}
        </b>
        {rules.off > 0 ? <span>{rules.off} more switched off</span> : null}
        <ul>
          {blindSpots.map((why) => (
            <li key={why}>
              <State mark="warn">{why}</State>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
