import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { useKeys } from '../../keys/keys.ts';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { Empty, Failed, Loading } from '../../parts/States.tsx';
import { useStatus } from '../../queries.ts';
import { useWhyNot } from '../../session.ts';
import { count, many } from '../../words.ts';
import { rememberOrder } from '../alert/order.ts';
import { useSearchTexts } from '../search.ts';
import { useActions } from './actions.ts';
import { BulkBar } from './BulkBar.tsx';
import { FilterBar } from './FilterBar.tsx';
import { chipsOf } from './filter.ts';
import { GROUPINGS, type Grouping, type ListRow, rowsOf } from './groups.ts';
import { KeyHints } from './KeyHints.tsx';
import { useAlertList } from './list.ts';
import { Rows } from './Rows.tsx';
import { Views } from './Views.tsx';
import './alerts.css';

/** Every alert, those that need a person first. */
export function Alerts() {
  const [search, change] = useSearchTexts();
  const list = useAlertList(search);
  const grouping = (search['group'] ?? 'story') as Grouping;
  const [folded, fold] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(list.listed, grouping, folded), [list.listed, grouping, folded]);
  const cursor = useCursor(rows);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const tick = useCallback((id: string) => setTicked((before) => toggled(before, id)), []);
  const [isFiltering, openFilter] = useState(false);
  const whyNot = useWhyNot('act');
  const actions = useActions(list.put);
  const navigate = useNavigate();

  const at = cursor.row === null || cursor.row.kind === 'head' ? null : list.current(cursor.row.alert);
  const chosen = useMemo(() => {
    const some = list.listed.filter(({ id }) => ticked.has(id)).map(list.current);
    return some.length > 0 ? some : at === null ? [] : [at];
  }, [list.listed, list.current, ticked, at]);
  const doing = (run: (alerts: readonly AlertItem[]) => void) => (): void => {
    if (whyNot === null && chosen.length > 0) run(chosen);
    setTicked(new Set());
  };
  const open = (): void => {
    if (at !== null) void navigate({ to: `/alerts/${at.id}` });
  };
  rememberOrder(rows);

  useKeys('Alerts', [
    { keys: 'j', does: 'Next', run: cursor.next },
    { keys: 'k', does: 'The one before', run: cursor.before },
    { keys: 'Enter', does: 'Open', run: open },
    { keys: 'x', does: 'Select', run: () => at !== null && tick(at.id) },
    { keys: 'e', does: 'Fold or unfold the story', run: () => at !== null && fold((one) => toggled(one, at.id)) },
    { keys: 'a', does: 'Acknowledge', run: doing(actions.acknowledge) },
    { keys: 'r', does: 'Resolve', run: doing(actions.resolve) },
    { keys: 'u', does: 'Assign to me', run: doing(actions.assignToMe) },
    { keys: 'n', does: 'Show the alerts that wait', run: list.showWaiting },
    { keys: '/', does: 'Filter', run: () => openFilter(true) },
  ]);

  return (
    <>
      <PageHeader title="Alerts">
        <Heading />
      </PageHeader>
      <Views search={search} />
      <FilterBar search={search} change={change} isOpen={isFiltering} onOpen={openFilter}>
        <span className="group-by">
          <span className="small muted">Group by</span>
          <Segments
            label="Group by"
            options={GROUPINGS}
            value={grouping}
            onChange={(value) => change({ group: value === 'story' ? undefined : value })}
          />
        </span>
      </FilterBar>
      {list.error === null ? null : <Failed error={list.error} what="The list" retry={list.showWaiting} />}
      <div className="list">
        {list.waiting > 0 ? (
          <button type="button" className="pending" onClick={list.showWaiting}>
            {many(list.waiting, 'alert')} came in while you read. Show {list.waiting === 1 ? 'it' : 'them'} <kbd>N</kbd>
          </button>
        ) : null}
        {list.isLoading ? <Loading rows={6} what="Reading the alerts" /> : null}
        {!list.isLoading && rows.length === 0 && list.error === null ? (
          <Nothing filters={chipsOf(search).length} clear={() => void navigate({ to: '/alerts', search: {} })} />
        ) : null}
        <Rows rows={rows} list={list} at={cursor.index} moves={cursor.moves} ticked={ticked} onTick={tick} />
      </div>
      {ticked.size > 0 ? (
        <BulkBar
          count={ticked.size}
          whyNot={whyNot}
          onAcknowledge={doing(actions.acknowledge)}
          onResolve={doing(actions.resolve)}
          onAssign={doing(actions.assignToMe)}
          onClear={() => setTicked(new Set())}
        />
      ) : null}
      <KeyHints />
    </>
  );
}

function Heading() {
  const { data } = useStatus();
  if (data === undefined) return <>&nbsp;</>;
  const { open, acknowledged, resolved } = data.alerts;
  const needs = open === 0 ? 'Nothing needs a person' : `${count(open)} ${open === 1 ? 'needs' : 'need'} a person`;
  return (
    <>
      {needs}, {count(acknowledged)} {acknowledged === 1 ? 'is' : 'are'} acknowledged, {count(resolved)}{' '}
      {resolved === 1 ? 'is' : 'are'} resolved.
    </>
  );
}

function Nothing({ filters, clear }: { readonly filters: number; readonly clear: () => void }) {
  const { data } = useStatus();
  if (filters > 0)
    return (
      <Empty
        kind="filter"
        title={`No alert matches ${many(filters, 'filter')}`}
        action={
          <button type="button" className="btn btn-s" onClick={clear}>
            Remove {filters === 1 ? 'it' : 'them'}
          </button>
        }
      >
        Without {filters === 1 ? 'it' : 'them'} there may be some.
      </Empty>
    );
  return (
    <Empty kind="good" title="Nothing needs a person">
      {data === undefined ? null : `${many(data.rules.active, 'rule')} watch ${many(data.accounts, 'account')}.`}
    </Empty>
  );
}

interface Cursor {
  readonly row: ListRow | null;
  readonly index: number;
  /** Grows when it was moved by a key: only then the page scrolls to it. */
  readonly moves: number;
  readonly next: () => void;
  readonly before: () => void;
}

/** Where `j` and `k` are: it stays on its alert when the list changes. */
function useCursor(rows: readonly ListRow[]): Cursor {
  const [{ id, moves }, move] = useState<{ readonly id: string | null; readonly moves: number }>({
    id: null,
    moves: 0,
  });
  const index = rows.findIndex((row) => row.id === id);
  const step = (by: 1 | -1): void => {
    let to = index < 0 ? (by > 0 ? 0 : -1) : index + by;
    while (rows[to]?.kind === 'head') to += by;
    const row = rows[to];
    if (row !== undefined) move({ id: row.id, moves: moves + 1 });
  };
  return { row: rows[index] ?? null, index, moves, next: () => step(1), before: () => step(-1) };
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const changed = new Set(set);
  if (!changed.delete(id)) changed.add(id);
  return changed;
}
