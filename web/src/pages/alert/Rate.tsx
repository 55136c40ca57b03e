import { lazy, Suspense, useMemo } from 'react';
import { type AlertItem, type FigurePoint, figuresAnswer, rateAnswer } from '../../../../src/api/contract.ts';
import { part } from '../../api.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { Of } from '../../parts/States.tsx';
import { useApi } from '../../queries.ts';
import { inZone } from '../../times.ts';
import { bytes, count } from '../../words.ts';
import { useSearchTexts } from '../search.ts';

const BandChart = lazy(() => import('../../parts/BandChart.tsx').then((m) => ({ default: m.BandChart })));

type Figure = 'requests' | 'bytes' | 'units';
const FIGURES: readonly (readonly [Figure, string])[] = [
  ['requests', 'Requests'],
  ['bytes', 'Bytes'],
  ['units', 'Request units'],
];
/** Seconds. Seven days of it are fewer steps than one may ask for. */
const STEP = 360;
const DAY = 86_400;
const AROUND = 3600;

/** How much was done around the alert, against the same hour of the seven days before: lowest to highest, never an average alone. */
export function Rate({ alert }: { readonly alert: AlertItem }) {
  const [search, change] = useSearchTexts();
  const figure = (search['figure'] ?? 'requests') as Figure;
  const [from, until] = rangeOf(alert);
  const answer = useApi('/api/v1/figures', figuresAnswer, {
    query: { account: alert.account, since: iso(from - 7 * DAY), until: iso(until), step: '6m' },
    isOn: alert.account !== null && until - from < DAY,
  });
  const { data: rate } = useApi(`/api/v1/alerts/${part(alert.id)}/rate`, rateAnswer, { isOn: alert.account !== null });
  if (alert.account === null || answer.error?.isMissing || until - from >= DAY) return null;
  return (
    <Panel
      title="How much, against the days before"
      about={`${FIGURES.find(([one]) => one === figure)![1].toLowerCase()} in 6 minutes, ${inZone(from * 1000, 'clock')} to ${inZone(until * 1000, 'clock')}`}
      folds
      end={
        <Segments
          label="Figure"
          options={FIGURES}
          value={figure}
          onChange={(value) => change({ figure: value === 'requests' ? undefined : value })}
        />
      }
    >
      <Of answer={answer} what="The figures">
        {({ items }) => (
          <Suspense fallback={<div className="chart-wait" />}>
            <Chart items={items} figure={figure} from={from} until={until} alert={alert} />
          </Suspense>
        )}
      </Of>
      {rate === undefined ? null : <p className="small muted">{rateWords(rate)}</p>}
    </Panel>
  );
}

function rateWords({
  around,
  usual,
  days,
  factor,
}: {
  around: number;
  usual: number | null;
  days: number;
  factor: number | null;
}): string {
  const now = `${count(Math.round(around * 10) / 10)} requests a minute in the quarter of an hour around it`;
  if (usual === null || days === 0) return `${now}. What is usual at that hour is not known: there are no days before.`;
  const times = factor === null ? '' : `, ${Math.round(factor * 10) / 10} times the usual`;
  return `${now}${times}; usual is ${Math.round(usual * 10) / 10}, from ${days} days.`;
}

interface ChartProps {
  readonly items: readonly FigurePoint[];
  readonly figure: Figure;
  readonly from: number;
  readonly until: number;
  readonly alert: AlertItem;
}

function Chart({ items, figure, from, until, alert }: ChartProps) {
  const series = useMemo(() => seriesOf(items, figure, from, until), [items, figure, from, until]);
  if (series.now.every((value) => value === 0) && series.high.every((value) => value === null))
    return <p className="muted">No requests in this time.</p>;
  return (
    <BandChart
      {...series}
      mark={Math.floor(Date.parse(alert.firstSeen) / 1000)}
      level={alert.level}
      format={figure === 'bytes' ? bytes : (value) => count(Math.round(value))}
      label={`${figure} on the account around the alert`}
    />
  );
}

function seriesOf(items: readonly FigurePoint[], figure: Figure, from: number, until: number) {
  const byTime = new Map(items.map((item) => [Math.floor(Date.parse(item.at) / 1000 / STEP) * STEP, item[figure]]));
  const firstKnown = Math.min(...byTime.keys());
  const times: number[] = [];
  for (let at = Math.ceil(from / STEP) * STEP; at < until; at += STEP) times.push(at);
  const before = times.map((at) =>
    Array.from({ length: 7 }, (_, day) => at - (day + 1) * DAY)
      .filter((one) => one >= firstKnown)
      .map((one) => byTime.get(one) ?? 0),
  );
  return {
    times,
    now: times.map((at) => byTime.get(at) ?? 0),
    low: before.map((values) => (values.length === 0 ? null : Math.min(...values))),
    high: before.map((values) => (values.length === 0 ? null : Math.max(...values))),
  };
}

/** An hour before and after; whole steps, so that days lie upon each other. */
function rangeOf({ firstSeen, lastSeen }: AlertItem): readonly [number, number] {
  const first = Math.floor(Date.parse(firstSeen) / 1000 / STEP) * STEP;
  const last = Math.ceil(Date.parse(lastSeen) / 1000 / STEP) * STEP;
  return [first - AROUND, last + AROUND];
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
