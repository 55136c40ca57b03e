import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortFn,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';

export interface TableColumn<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** What it is ordered by; without it the column cannot be ordered. */
  readonly sort?: (row: Row) => string | number | null;
  readonly isNumber?: boolean;
}

interface DataTableProps<Row> {
  /** For people who hear it. */
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly isSelected?: (row: Row) => boolean;
  readonly first?: { readonly key: string; readonly isDown: boolean };
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

/** Null last, whichever way. */
// biome-ignore lint/suspicious/noExplicitAny: the library's own type of "any row"
const byValue: SortFn<Features, any> = (a, b, column) => {
  const [x, y] = [a.getValue<string | number | null>(column), b.getValue<string | number | null>(column)];
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  return x < y ? -1 : x > y ? 1 : 0;
};

/** A table that can be ordered; on a phone each row becomes names and values. */
export function DataTable<Row extends object>({ label, columns, rows, idOf, isSelected, first }: DataTableProps<Row>) {
  const [sorting, setSorting] = useState<SortingState>(
    first === undefined ? [] : [{ id: first.key, desc: first.isDown }],
  );
  const defs = useMemo(() => columns.map(definitionOf<Row>), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: defs,
    data,
    getRowId: idOf,
    state: { sorting },
    onSortingChange: setSorting,
  });
  const byKey = new Map(columns.map((column) => [column.key, column]));
  return (
    <table className="tbl tbl-stack" aria-label={label}>
      <thead>
        <tr>
          {table.getHeaderGroups()[0]!.headers.map(({ column }) => {
            const { head, isNumber } = byKey.get(column.id)!;
            const order = column.getIsSorted();
            return (
              <th
                key={column.id}
                className={isNumber ? 'num' : undefined}
                aria-sort={order === false ? undefined : order === 'asc' ? 'ascending' : 'descending'}
              >
                {column.getCanSort() ? (
                  <button type="button" className="sorter" onClick={() => column.toggleSorting()}>
                    {head}
                    <span aria-hidden="true">{order === 'asc' ? '↑' : order === 'desc' ? '↓' : ''}</span>
                  </button>
                ) : (
                  head
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} className={isSelected?.(row.original) ? 'is-sel' : undefined}>
            {columns.map(({ key, head, cell, isNumber }) => (
              <td key={key} className={isNumber ? 'num' : undefined} data-l={head === '' ? undefined : head}>
                <div className="cell-in">{cell(row.original)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function definitionOf<Row extends object>({ key, head, sort }: TableColumn<Row>): ColumnDef<Features, Row> {
  return {
    id: key,
    header: head,
    accessorFn: (row) => sort?.(row) ?? null,
    enableSorting: sort !== undefined,
    sortFn: byValue,
  } as ColumnDef<Features, Row>;
}
