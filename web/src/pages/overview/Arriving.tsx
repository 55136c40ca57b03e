import type { SourceStatus } from '../../../../src/api/contract.ts';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { State, type StateMark } from '../../parts/State.tsx';
import { Ago } from '../../parts/Time.tsx';
import { useSources } from '../../queries.ts';
import { age, count } from '../../words.ts';

const MARKS: Readonly<Record<SourceStatus['state'], StateMark>> = {
  starting: 'open',
  running: 'ok',
  retrying: 'warn',
  failed: 'bad',
};

const COLUMNS: readonly TableColumn<SourceStatus>[] = [
  {
    key: 'name',
    head: 'Source',
    sort: ({ name }) => name,
    cell: ({ name, type }) => (
      <>
        <b>{name}</b>
        <small>{type.replaceAll('_', ' ')}</small>
      </>
    ),
  },
  {
    key: 'state',
    head: 'State',
    sort: ({ state }) => ['failed', 'retrying', 'starting', 'running'].indexOf(state),
    cell: ({ state, why }) => (
      <>
        <State mark={MARKS[state]}>{state === 'running' ? 'Arrives' : state}</State>
        {why === null ? null : <small>{why}</small>}
      </>
    ),
  },
  {
    key: 'last',
    head: 'Last record',
    sort: ({ lastRecordAt }) => lastRecordAt,
    cell: ({ lastRecordAt, lagSeconds }) => (
      <>
        {lastRecordAt === null ? 'none since the start' : <Ago at={lastRecordAt} />}
        {lagSeconds === null ? null : <small>{age(lagSeconds)} behind</small>}
      </>
    ),
  },
  {
    key: 'records',
    head: 'Records',
    isNumber: true,
    sort: ({ accepted }) => accepted,
    cell: ({ accepted, rejected }) => (
      <>
        {count(accepted)}
        {rejected === 0 ? null : <small className="txt-high">{count(rejected)} could not be read</small>}
      </>
    ),
  },
];

/** Quiet is only good news if the logs arrive. */
export function Arriving() {
  const answer = useSources();
  return (
    <Panel title="Is every log arriving?" about="last record, by source" isFlush>
      <Of answer={answer} what="The sources">
        {({ items }) =>
          items.length === 0 ? (
            <Empty kind="search" title="No source is set up">
              Name one in the configuration: docs/sources.md.
            </Empty>
          ) : (
            <DataTable
              label="Sources"
              columns={COLUMNS}
              rows={items}
              idOf={({ name }) => name}
              first={{ key: 'state', isDown: false }}
            />
          )
        }
      </Of>
    </Panel>
  );
}
