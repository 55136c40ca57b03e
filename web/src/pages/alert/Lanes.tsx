import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { AlertItem, AroundItem } from '../../../../src/api/contract.ts';
import { inZone } from '../../times.ts';
import { count } from '../../words.ts';
import { actionWords } from './Around.tsx';

interface LanesProps {
  readonly items: readonly AroundItem[];
  readonly from: string;
  readonly until: string;
  readonly alert: AlertItem;
}

const TITLES: Readonly<Record<AroundItem['lane'], string>> = {
  actor: 'The actor',
  address: 'The address',
  other: 'Everything else',
};
const HEIGHT = 62;
const TOP = 22;

/** Three lanes over one line of time: events are marks, requests are bars. The list below has the same in words. */
export function Lanes({ items, from, until, alert }: LanesProps) {
  const [box, width] = useWidth();
  const [start, end] = [Date.parse(from), Date.parse(until)];
  const lanes = useMemo(
    () => (['actor', 'address', 'other'] as const).filter((lane) => items.some((one) => one.lane === lane)),
    [items],
  );
  const left = width < 500 ? 0 : 132;
  const x = (at: string | number): number =>
    left + ((Number(typeof at === 'number' ? at : Date.parse(at)) - start) / (end - start)) * (width - left - 8);
  if (lanes.length === 0) return <p className="around-none muted">Nothing was logged in that time.</p>;
  const bottom = TOP + lanes.length * HEIGHT;
  const [first, last] = [x(alert.firstSeen), Math.max(x(alert.lastSeen), x(alert.firstSeen) + 3)];
  return (
    <div className="lanes" ref={box}>
      <svg
        width={width}
        height={bottom + 24}
        role="img"
        aria-label="What happened around the alert, by lane; the list below has the same"
      >
        <rect className="lane-hit" x={first} y={TOP - 4} width={Math.max(3, last - first)} height={bottom - TOP + 4} />
        <text className="lane-t" x={Math.min(first, width - 120)} y={12}>
          what the rule matched
        </text>
        {lanes.map((lane, at) => (
          <Lane
            key={lane}
            title={TITLES[lane]}
            about={lane === 'other' ? 'on the account' : lane === 'actor' ? 'named in the logs' : 'whoever used it'}
            items={items.filter((one) => one.lane === lane)}
            y={TOP + at * HEIGHT}
            x={x}
            left={left}
            width={width}
          />
        ))}
        {ticksOf(start, end, width).map((at) => (
          <g key={at}>
            <path className="lane-g" d={`M${Math.round(x(at)) + 0.5} ${TOP}V${bottom}`} />
            <text className="lane-x" x={x(at)} y={bottom + 16}>
              {inZone(at, 'clock')}
            </text>
          </g>
        ))}
      </svg>
      <div className="legend">
        <span className="is-hit">◆ matched</span>
        <span className="is-no">× refused</span>
        <span>○ other</span>
        <span>▮ requests a minute</span>
      </div>
    </div>
  );
}

interface LaneProps {
  readonly title: string;
  readonly about: string;
  readonly items: readonly AroundItem[];
  readonly y: number;
  readonly x: (at: string) => number;
  readonly left: number;
  readonly width: number;
}

function Lane({ title, about, items, y, x, left, width }: LaneProps) {
  const minutes = [
    ...Map.groupBy(
      items.filter(({ kind }) => kind === 'requests'),
      ({ at }) => at,
    ),
  ].map(([at, members]) => ({
    at,
    total: members.reduce((sum, one) => sum + one.count, 0),
    isHit: members.some((one) => one.isEvidence),
  }));
  const most = Math.max(1, ...minutes.map(({ total }) => total));
  const base = y + HEIGHT - 8;
  return (
    <g>
      <text className="lane-n" x={left === 0 ? 4 : 0} y={y + (left === 0 ? 10 : 22)}>
        {title}
      </text>
      {left === 0 ? null : (
        <text className="lane-a" x={0} y={y + 38}>
          {about}
        </text>
      )}
      <path className="lane-l" d={`M${left} ${base + 0.5}H${width}`} />
      {minutes.map(({ at, total, isHit }) => {
        const height = Math.max(2, (total / most) * (HEIGHT - 30));
        return (
          <rect
            key={at}
            className={isHit ? 'bar bar-hit' : 'bar'}
            x={x(at)}
            y={base - height}
            width={5}
            height={height}
            rx={1}
          >
            <title>{`${at.slice(11, 16)} UTC: ${count(total)} requests`}</title>
          </rect>
        );
      })}
      {items
        .filter(({ kind }) => kind === 'event')
        .map((item, at) => (
          // Events of one answer never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <g key={at} className={item.isEvidence ? 'ev-hit' : item.outcome === 'failure' ? 'ev-no' : 'ev-o'}>
            <title>{`${item.at.slice(11, 19)} UTC: ${actionWords(item)}`}</title>
            <path transform={`translate(${x(item.at)} ${y + 24})`} d={shapeOf(item)} />
          </g>
        ))}
    </g>
  );
}

function shapeOf({ isEvidence, outcome }: AroundItem): string {
  if (isEvidence) return 'M0-7 7 0 0 7-7 0Z';
  return outcome === 'failure' ? 'M-4-4 4 4M4-4-4 4' : 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0';
}

const STEPS = [60, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map((seconds) => seconds * 1000);

function ticksOf(start: number, end: number, width: number): number[] {
  const most = Math.max(2, Math.floor(width / 130));
  const step = STEPS.find((one) => (end - start) / one <= most) ?? 86_400_000;
  const first = Math.ceil(start / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((end - first) / step) + 1) }, (_, at) => first + at * step);
}

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(260, entry!.contentRect.width)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return [box, width] as const;
}
