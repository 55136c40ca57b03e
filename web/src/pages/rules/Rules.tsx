import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { RuleItem } from '../../../../src/api/contract.ts';
import { Bars } from '../../parts/Bars.tsx';
import { Chips } from '../../parts/Chips.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Level, rankOf } from '../../parts/Level.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { useAccounts, useRules } from '../../queries.ts';
import { count, many } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { Matrix } from './Matrix.tsx';
import { sumOf } from './words.ts';
import './rules.css';

export function Rules() {
  const answer = useRules();
  return (
    <Of answer={answer} what="The rules" rows={8}>
      {({ items }) => (
        <>
          <PageHeader title="Rules">{sentenceOf(items)}</PageHeader>
          <Catalogue items={items} />
        </>
      )}
    </Of>
  );
}

function sentenceOf(items: readonly RuleItem[]): string {
  const on = items.filter(({ isActive }) => isActive).length;
  const own = items.filter(({ file }) => !file.startsWith('rules/cosmosdb/')).length;
  const yours =
    own === 0 ? 'Yours stand in the folders of rules.folders.' : `${many(own, 'of them is', 'of them are')} yours.`;
  return `${many(items.length, 'rule')}, ${on} on. They are plain Sigma files. ${yours}`;
}

function Catalogue({ items }: { readonly items: readonly RuleItem[] }) {
  const [search, change] = useSearchTexts();
  const { technique = '', state = '' } = search;
  const accounts = useAccounts().data?.items.length ?? null;
  const columns = useMemo(() => columnsFor(accounts), [accounts]);
  const shown = items.filter(
    (rule) =>
      (technique === '' || rule.attack.some((one) => one.technique === technique)) &&
      (state === '' || rule.isActive === (state === 'on')),
  );
  const chips = [
    ...(technique === ''
      ? []
      : [{ name: 'Technique', value: technique, remove: () => change({ technique: undefined }) }]),
    ...(state === '' ? [] : [{ name: 'State', value: state, remove: () => change({ state: undefined }) }]),
  ];
  return (
    <>
      <Matrix rules={items} picked={technique} onPick={(picked) => change({ technique: picked || undefined })} />
      <Chips items={chips}>
        {state === '' && items.some(({ isActive }) => !isActive) ? (
          <button type="button" className="chip chip-add" onClick={() => change({ state: 'off' })}>
            Only those that are off
          </button>
        ) : null}
      </Chips>
      <section className="panel" aria-label="Rules">
        {shown.length === 0 ? (
          <Empty kind="filter" title="No rule for this filter" />
        ) : (
          <DataTable
            label="Rules"
            columns={columns}
            rows={shown}
            idOf={({ id }) => id}
            first={{ key: 'level', isDown: false }}
          />
        )}
      </section>
    </>
  );
}

function columnsFor(accounts: number | null): readonly TableColumn<RuleItem>[] {
  return [
    {
      key: 'rule',
      head: 'Rule',
      sort: ({ title }) => title,
      cell: ({ name, title }) => (
        <>
          <Link to={`/rules/${name}`}>
            <b>{title}</b>
          </Link>
          <small className="mono whole">{name}</small>
        </>
      ),
    },
    {
      key: 'level',
      head: 'Level',
      sort: ({ level, hits }) => rankOf(level) * 1e6 - sumOf(hits),
      cell: ({ level }) => <Level level={level} isPlain />,
    },
    {
      key: 'technique',
      head: 'Technique',
      cell: ({ attack }) => (
        <span className="mono">{[...new Set(attack.map(({ technique }) => technique))].join(', ')}</span>
      ),
    },
    {
      key: 'can',
      head: 'Can fire on',
      sort: ({ canFireOn }) => canFireOn,
      cell: ({ canFireOn }) => (accounts === null ? count(canFireOn) : `${canFireOn} of ${accounts}`),
    },
    {
      key: 'hits',
      head: 'Hits, 30 days',
      sort: ({ hits }) => sumOf(hits),
      cell: ({ hits }) => (
        <span className="bars-row">
          <span>{count(sumOf(hits))}</span>
          <Bars values={hits} label="Hits a day in 30 days" />
        </span>
      ),
    },
    {
      key: 'tests',
      head: 'Tests',
      cell: ({ cases }) =>
        cases === null ? <State mark="off">none</State> : <span className="nowrap">{many(cases, 'case')}</span>,
    },
    {
      key: 'state',
      head: 'State',
      sort: ({ isActive }) => (isActive ? 1 : 0),
      cell: ({ isActive, whyNot }) =>
        isActive ? (
          <State mark="ok">On</State>
        ) : (
          <>
            <State mark="off">Off</State>
            <small>{whyNot}</small>
          </>
        ),
    },
  ];
}
