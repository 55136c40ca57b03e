import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { alertsPage, type FigurePoint, figuresAnswer } from '../../../../src/api/contract.ts';
import { useNow } from '../../clock.ts';
import { Level, type LevelName } from '../../parts/Level.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { type Mark, Plot } from '../../parts/Plot.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { bytes, count } from '../../words.ts';
import { useSearchTexts } from '../search.ts';

const RANGES = [
  ['24h', '24 h'],
  ['7d', '7 d'],
  ['30d', '30 d'],
] as const;
type Range = (typeof RANGES)[number][0];
const STEPS: Readonly<Record<Range, { readonly text: string; readonly seconds: number; readonly whole: number }>> = {
  '24h': { text: '10m', seconds: 600, whole: 86_400 },
  '7d': { text: '1h', seconds: 3600, whole: 7 * 86_400 },
  '30d': { text: '6h', seconds: 21_600, whole: 30 * 86_400 },
};

interface Figure {
  readonly name: string;
  readonly unit: string;
  /** @param seconds of the step */
  readonly of: (point: FigurePoint, seconds: number) => number | null;
  /** Nothing was asked in that step: so much it is then. */
  readonly none: 0 | null;
  readonly say: (value: number) => string;
}

const FIGURES: readonly Figure[] = [
  { name: 'Requests', unit: 'a second', of: (point, seconds) => point.requests / seconds, none: 0, say: short },
  {
    name: 'Refused and failed',
    unit: 'a minute',
    of: (point, seconds) => (60 * point.errors) / seconds,
    none: 0,
    say: short,
  },
  {
    name: 'Throttled, 429',
    unit: 'a minute',
    of: (point, seconds) => (60 * point.throttled) / seconds,
    none: 0,
    say: short,
  },
  { name: 'Request units', unit: 'a second', of: (point, seconds) => point.units / seconds, none: 0, say: short },
  { name: 'Latency, 99th percentile', unit: 'ms', of: (point) => point.durations?.p99 ?? null, none: null, say: short },
  { name: 'Bytes', unit: 'a minute', of: (point, seconds) => (60 * point.bytes) / seconds, none: 0, say: bytes },
];

function short(value: number): string {
  if (value >= 10_000) return `${count(Math.round(value / 1000))} k`;
  return value >= 100 ? count(Math.round(value)) : String(Number(value.toFixed(value >= 10 ? 1 : 2)));
}

/** What an account did, with its alerts marked; one range of time for all figures. */
export function Figures({ account }: { readonly account: string }) {
  const [search, change] = useSearchTexts();
  const range = RANGES.find(([value]) => value === search['last'])?.[0] ?? '24h';
  const answer = useApi('/api/v1/figures', figuresAnswer, {
    query: { account, since: range, step: STEPS[range].text },
    every: 60,
    keeps: true,
  });
  const alerts = useApi('/api/v1/alerts', alertsPage, { query: { account, since: range, limit: 50 }, keeps: true });
  const marks = useMemo(
    () => (alerts.data?.items ?? []).map(({ firstSeen, level }): Mark => ({ at: Date.parse(firstSeen) / 1000, level })),
    [alerts.data],
  );
  return (
    <Panel
      title="Key figures"
      about={`last ${range.replace('h', ' hours').replace('d', ' days')}, alerts marked`}
      end={<Segments label="Time" options={RANGES} value={range} onChange={(value) => change({ last: value })} />}
    >
      <Of answer={answer} what="The key figures" rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty kind="search" title="No requests in this time">
              Either nobody asked, or no data-plane log of this account arrives: see its logs below.
            </Empty>
          ) : (
            <Plots items={items} range={range} marks={marks} />
          )
        }
      </Of>
      <Marked items={alerts.data?.items ?? []} />
    </Panel>
  );
}

interface PlotsProps {
  readonly items: readonly FigurePoint[];
  readonly range: Range;
  readonly marks: readonly Mark[];
}

function Plots({ items, range, marks }: PlotsProps) {
  const { seconds, whole } = STEPS[range];
  const end = Math.floor(useNow() / 1000 / seconds) * seconds;
  const times = useMemo(
    () => Array.from({ length: whole / seconds }, (_, at) => end - whole + (at + 1) * seconds),
    [end, seconds, whole],
  );
  const points = useMemo(() => new Map(items.map((point) => [Date.parse(point.at) / 1000, point])), [items]);
  return (
    <div className="figures">
      {FIGURES.map((figure) => (
        <OneFigure key={figure.name} figure={figure} times={times} points={points} seconds={seconds} marks={marks} />
      ))}
    </div>
  );
}

interface OneProps {
  readonly figure: Figure;
  readonly times: readonly number[];
  readonly points: ReadonlyMap<number, FigurePoint>;
  readonly seconds: number;
  readonly marks: readonly Mark[];
}

function OneFigure({ figure, times, points, seconds, marks }: OneProps) {
  const values = useMemo(
    () =>
      times.map((at) => {
        const point = points.get(at);
        return point === undefined ? figure.none : figure.of(point, seconds);
      }),
    [figure, times, points, seconds],
  );
  const known = values.filter((value) => value !== null);
  const last = known.at(-2) ?? known.at(-1);
  const most = known.length === 0 ? 0 : Math.max(...known);
  const said =
    known.length === 0 ? 'not logged' : `${figure.say(last ?? 0)} now, at most ${figure.say(most)} ${figure.unit}`;
  return (
    <figure>
      <figcaption className="figure-name">
        <b>{figure.name}</b>
        <span>{figure.unit}</span>
        <output>{known.length === 0 ? 'not logged' : figure.say(last ?? 0)}</output>
      </figcaption>
      <Plot
        times={times}
        values={values}
        marks={marks}
        format={figure.say}
        sync="account"
        label={`${figure.name}: ${said}`}
      />
    </figure>
  );
}

interface MarkedProps {
  readonly items: readonly {
    readonly id: string;
    readonly level: LevelName;
    readonly title: string;
    readonly firstSeen: string;
  }[];
}

/** The marks in words. */
function Marked({ items }: MarkedProps) {
  if (items.length === 0) return null;
  return (
    <ul className="figure-marks" aria-label="Alerts in this time">
      {items.slice(0, 6).map(({ id, level, title, firstSeen }) => (
        <li key={id}>
          <Link to={`/alerts/${id}`}>
            <Level level={level} isPlain />
            <span>
              <Time at={firstSeen} /> {title}
            </span>
          </Link>
        </li>
      ))}
      {items.length > 6 ? <li className="muted">and {items.length - 6} more</li> : null}
    </ul>
  );
}
