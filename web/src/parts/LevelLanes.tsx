import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useIsDark } from '../shell/ThemeButton.tsx';
import { inZone } from '../times.ts';
import { count } from '../words.ts';
import { colour } from './colour.ts';
import { LEVEL_WORD, LevelMark, type LevelName } from './Level.tsx';

export type LaneName = LevelName | 'routine';
export type LaneCounts = { readonly [Name in LaneName]: number };

interface LevelLanesProps {
  /** Seconds since 1970, rising, one a step. */
  readonly times: readonly number[];
  readonly counts: readonly LaneCounts[];
  /** Seconds of a step. */
  readonly step: number;
  readonly onSelect: (from: number, until: number) => void;
}

/** One small plot for each level, each with a scale of its own, so that one critical alert does not vanish under forty others. */
export function LevelLanes({ times, counts, step, onSelect }: LevelLanesProps) {
  const lanes = useMemo(() => lanesOf(counts), [counts]);
  return (
    <div className="level-lanes">
      {lanes.map((lane, at) => (
        <div className="level-lane" key={lane}>
          <span className="level-name">
            {lane === 'routine' ? <i className="mark-routine" /> : <span className={`lvl-${lane}`}><LevelMark level={lane} /></span>}
            {lane === 'routine' ? 'Routine' : LEVEL_WORD[lane]}
            <b>{count(counts.reduce((sum, one) => sum + one[lane], 0))}</b>
          </span>
          <Lane lane={lane} times={times} counts={counts} step={step} hasAxis={at === lanes.length - 1} onSelect={onSelect} />
        </div>
      ))}
      <table className="sr" aria-label="Alerts by level and time">
        <tbody>
          {times.map((at, index) => {
            const here = counts[index]!;
            const said = lanes.filter((lane) => here[lane] > 0).map((lane) => `${here[lane]} ${lane}`);
            return said.length === 0 ? null : (
              <tr key={at}>
                <th scope="row">{inZone(at * 1000, 'full')}</th>
                <td>{said.join(', ')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Those that everybody wants to see at zero, and the others if there are some. */
function lanesOf(counts: readonly LaneCounts[]): readonly LaneName[] {
  const all: readonly LaneName[] = ['critical', 'high', 'medium', 'low', 'informational', 'routine'];
  return all.filter((lane) => ['critical', 'high', 'medium', 'low'].includes(lane) || counts.some((one) => one[lane] > 0));
}

interface LaneProps extends LevelLanesProps {
  readonly lane: LaneName;
  readonly hasAxis: boolean;
}

const HEIGHT = 40;
const AXIS = 24;
const sync = uPlot.sync('level-lanes');

function Lane({ lane, times, counts, step, hasAxis, onSelect }: LaneProps) {
  const box = useRef<HTMLDivElement>(null);
  const select = useRef(onSelect);
  const isDark = useIsDark();
  useEffect(() => {
    select.current = onSelect;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew when the theme changes
  useEffect(() => {
    const parent = box.current;
    if (parent === null) return;
    const height = HEIGHT + (hasAxis ? AXIS : 0);
    const plot = new uPlot(
      optionsOf({ lane, step, hasAxis, width: parent.clientWidth, height, times, onSelect: (a, b) => select.current(a, b) }),
      [[...times], counts.map((one) => one[lane] || null)],
      parent,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height }));
    watch.observe(parent);
    return () => {
      watch.disconnect();
      sync.unsub(plot);
      plot.destroy();
    };
  }, [lane, times, counts, step, hasAxis, isDark]);
  return <div className="level-plot" ref={box} aria-hidden="true" />;
}

interface LaneOptions {
  readonly lane: LaneName;
  readonly step: number;
  readonly hasAxis: boolean;
  readonly width: number;
  readonly height: number;
  readonly times: readonly number[];
  readonly onSelect: (from: number, until: number) => void;
}

function optionsOf({ lane, step, hasAxis, width, height, times, onSelect }: LaneOptions): uPlot.Options {
  const paint = colour(lane === 'routine' ? '--data-2' : `--${lane}`);
  const font = '11px Inter, system-ui, sans-serif';
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  return {
    width,
    height,
    padding: [4, 8, hasAxis ? 0 : 2, 8],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      sync: { key: sync.key, scales: ['x', null], setSeries: false },
    },
    scales: { x: { time: true, range: () => [first, last + step] }, y: { range: (_, __, max) => [0, Math.max(2, max)] } },
    axes: [
      {
        show: hasAxis,
        size: AXIS,
        stroke: colour('--axis'),
        font,
        grid: { show: false },
        ticks: { show: false },
        space: 70,
        values: (_, ticks) => ticks.map((at) => inZone(at * 1000, last - first > 2 * 86_400 ? 'day' : 'clock')),
      },
      {
        side: 1,
        size: 22,
        gap: 2,
        stroke: colour('--axis'),
        font,
        grid: { stroke: colour('--grid'), width: 1 },
        ticks: { show: false },
        splits: (_, __, ___, max) => [0, max],
      },
    ],
    series: [{}, { stroke: paint, fill: lane === 'routine' ? 'transparent' : paint, width: 1, paths: uPlot.paths.bars!({ size: [0.8, 14], align: 1 }), points: { show: false } }],
    hooks: {
      setSelect: [
        (self) => {
          if (self.select.width < 6) return;
          const from = self.posToVal(self.select.left, 'x');
          onSelect(Math.floor(from), Math.ceil(self.posToVal(self.select.left + self.select.width, 'x')));
          self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}
