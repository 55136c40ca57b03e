import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { count } from '../../words.ts';
import type { ListRow } from './groups.ts';
import type { AlertList } from './list.ts';
import { AlertRow, ChildRow } from './Row.tsx';

interface RowsProps {
  readonly rows: readonly ListRow[];
  readonly list: AlertList;
  readonly at: number;
  readonly moves: number;
  readonly ticked: ReadonlySet<string>;
  readonly onTick: (id: string) => void;
}

/** Guesses, until a row was measured. */
const HEIGHT = { head: 42, alert: 84, child: 48 } as const;

/** Only the rows that are seen exist, so that 10,000 scroll like ten. */
export function Rows({ rows, list, at, moves, ticked, onTick }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const top = (box.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    if (Math.abs(top - offset) > 1) setOffset(top);
  });
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => HEIGHT[rows[index]?.kind ?? 'alert'],
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    scrollMargin: offset,
    scrollPaddingStart: 120,
    scrollPaddingEnd: 120,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasMore, loadMore } = list;
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) loadMore();
  }, [hasMore, loadMore, last, rows.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a key moves the page
  useEffect(() => {
    if (moves > 0 && at >= 0) virtual.scrollToIndex(at);
  }, [moves]);
  return (
    <div
      ref={box}
      className="rows"
      role="feed"
      aria-label="Alerts, the most urgent first"
      aria-busy={list.isLoading}
      style={{ height: virtual.getTotalSize() }}
    >
      {items.map(({ index, key, start }) => (
        <div
          key={key}
          ref={virtual.measureElement}
          data-index={index}
          className="row-at"
          style={{ transform: `translateY(${start - offset}px)` }}
        >
          <OneRow row={rows[index]!} list={list} isAt={index === at} ticked={ticked} onTick={onTick} />
        </div>
      ))}
    </div>
  );
}

interface OneRowProps extends Pick<RowsProps, 'list' | 'ticked' | 'onTick'> {
  readonly row: ListRow;
  readonly isAt: boolean;
}

function OneRow({ row, list, isAt, ticked, onTick }: OneRowProps) {
  switch (row.kind) {
    case 'head':
      return (
        <div className="group">
          <b>{row.title}</b>
          <span>
            {count(row.count)} {row.about}
          </span>
        </div>
      );
    case 'alert':
      return (
        <AlertRow
          alert={list.current(row.alert)}
          inStory={row.inStory}
          isAt={isAt}
          isTicked={ticked.has(row.id)}
          onTick={onTick}
        />
      );
    case 'child':
      return <ChildRow alert={list.current(row.alert)} isAt={isAt} />;
  }
}
