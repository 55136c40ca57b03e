import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { type AlertHistogram, histogramAnswer } from '../../../../src/api/contract.ts';
import type { LaneCounts } from '../../parts/LevelLanes.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { Of } from '../../parts/States.tsx';
import { useApi } from '../../queries.ts';
import { inZone } from '../../times.ts';
import { useSearchTexts } from '../search.ts';

const LevelLanes = lazy(() => import('../../parts/LevelLanes.tsx').then((m) => ({ default: m.LevelLanes })));

type Last = '24h' | '7d' | '30d';
const STEPS: Readonly<Record<Last, string>> = { '24h': '30m', '7d': '3h', '30d': '12h' };
const LAST: readonly (readonly [Last, string])[] = [
  ['24h', '24 h'],
  ['7d', '7 d'],
  ['30d', '30 d'],
];

/** When alerts opened, level by level. Dragging over it zooms; what is seen stands in the address. */
export function ByLevel() {
  const [search, change] = useSearchTexts();
  const navigate = useNavigate();
  const last = (search['last'] ?? '7d') as Last;
  const { from, to } = search;
  const isZoomed = from !== undefined && to !== undefined;
  const answer = useApi('/api/v1/alerts/histogram', histogramAnswer, {
    query: isZoomed ? { since: from, until: to, step: stepFor(from, to) } : { since: last, step: STEPS[last] },
    every: 60,
    keeps: true,
  });
  return (
    <Panel
      title="Alerts by level"
      about={isZoomed ? `${shortly(from)} to ${shortly(to)}` : undefined}
      end={
        isZoomed ? (
          <>
            <button
              type="button"
              className="btn btn-s"
              onClick={() => void navigate({ to: '/alerts', search: { from, status: 'any' } })}
            >
              List from there
            </button>
            <button type="button" className="btn btn-s" onClick={() => change({ from: undefined, to: undefined }, true)}>
              Zoom out
            </button>
          </>
        ) : (
          <Segments label="Time" options={LAST} value={last} onChange={(value) => change({ last: value === '7d' ? undefined : value })} />
        )
      }
    >
      <Of answer={answer} what="The counts" rows={5}>
        {(data) => <Lanes data={data} onZoom={(a, b) => change({ from: iso(a), to: iso(b) }, true)} />}
      </Of>
    </Panel>
  );
}

function Lanes({ data, onZoom }: { readonly data: AlertHistogram; readonly onZoom: (from: number, until: number) => void }) {
  const { times, counts } = useMemo(() => spread(data), [data]);
  return (
    <Suspense fallback={<div className="lanes-wait" />}>
      <LevelLanes times={times} counts={counts} step={data.step} onSelect={onZoom} />
      <p className="small muted hide-phone">Drag over it to zoom.</p>
    </Suspense>
  );
}

const NONE: LaneCounts = { critical: 0, high: 0, medium: 0, low: 0, informational: 0, routine: 0 };

/** With the steps that had no alert. */
function spread({ from, until, step, items }: AlertHistogram) {
  const byTime = new Map(items.map(({ at, ...counts }) => [Date.parse(at) / 1000, counts]));
  const times: number[] = [];
  for (let at = Date.parse(from) / 1000; at < Date.parse(until) / 1000; at += step) times.push(at);
  return { times, counts: times.map((at): LaneCounts => byTime.get(at) ?? NONE) };
}

/** So that there are about sixty. */
function stepFor(from: string, to: string): string {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  return `${Math.max(1, Math.ceil(minutes / 60))}m`;
}

function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function shortly(text: string): string {
  const at = Date.parse(text);
  return `${inZone(at, 'day')} ${inZone(at, 'clock')}`;
}
