import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useIsDark } from '../shell/ThemeButton.tsx';
import { inZone } from '../times.ts';
import { colour } from './colour.ts';
import type { LevelName } from './Level.tsx';

interface BandChartProps {
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  readonly now: readonly number[];
  /** Of the days before; null: not known. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** When the alert was first seen, in seconds. */
  readonly mark: number;
  readonly level: LevelName;
  readonly format: (value: number) => string;
  readonly label: string;
}

/** A line over the band of what was usual, with the alert marked on it; the same values as a table for who cannot see it. */
export function BandChart({ times, now, low, high, mark, level, format, label }: BandChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew when the theme changes
  useEffect(() => {
    const parent = box.current;
    if (parent === null) return;
    const plot = new uPlot(
      optionsOf(parent.clientWidth, format, (self) => drawMark(self, mark, level)),
      [[...times], [...high], [...low], [...now]],
      parent,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: HEIGHT }));
    watch.observe(parent);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, now, low, high, mark, level, isDark]);
  return (
    <figure className="band-chart">
      <div ref={box} aria-hidden="true" />
      <figcaption className="legend">
        <span>
          <i className="key-line" /> now
        </span>
        <span>
          <i className="key-band" /> lowest to highest of the same minutes, last 7 days
        </span>
      </figcaption>
      <table className="sr" aria-label={label}>
        <tbody>
          {times.map((at, index) => (
            <tr key={at}>
              <th scope="row">{inZone(at * 1000, 'clock')}</th>
              <td>{format(now[index] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

const HEIGHT = 190;

function optionsOf(width: number, format: (value: number) => string, draw: (self: uPlot) => void): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colour('--axis'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
    font: '11px Inter, system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, max <= 0 ? 1 : max * 1.12] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_, ticks) => ticks.map((at) => inZone(at * 1000, 'clock')) },
      { ...axis, size: 62, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: colour('--data-1'), width: 2, points: { show: false } },
    ],
    bands: [{ series: [1, 2], fill: colour('--data-2-soft') }],
    hooks: { draw: [draw] },
  };
}

function drawMark(self: uPlot, at: number, level: LevelName): void {
  const x = Math.round(self.valToPos(at, 'x', true));
  const { ctx, bbox } = self;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour(`--${level}`);
  ctx.fillStyle = ctx.strokeStyle;
  ctx.lineWidth = 1.5 * ratio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `${11 * ratio}px Inter, system-ui, sans-serif`;
  const isLeft = x > bbox.left + bbox.width / 2;
  ctx.textAlign = isLeft ? 'right' : 'left';
  ctx.fillText(`first seen ${inZone(at * 1000, 'clock')}`, x + (isLeft ? -6 : 6) * ratio, bbox.top + 10 * ratio);
  ctx.restore();
}
