import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { LevelName } from './Level.tsx';

/** Something that happened, marked on a plot. */
export interface Mark {
  /** Seconds since 1970. */
  readonly at: number;
  readonly level: LevelName;
}

interface PlotProps {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  /** Null: not known, which is not zero. */
  readonly values: readonly (number | null)[];
  readonly marks: readonly Mark[];
  readonly format: (value: number) => string;
  /** Plots with the same name move their cursors together. */
  readonly sync: string;
  /** What it shows, for people who hear it. */
  readonly label: string;
}

/** One line over time. The canvas takes its colours from the theme, and is drawn anew when that or the width changes. */
export function Plot({ times, values, marks, format, sync, label }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current;
    if (host === null) return;
    let plot: uPlot | null = null;
    const draw = (): void => {
      plot?.destroy();
      plot = new uPlot(optionsOf(host, marks, format, sync), [[...times], [...values]], host);
    };
    draw();
    const sized = new ResizeObserver(() => plot?.setSize({ width: host.clientWidth, height: host.clientHeight }));
    sized.observe(host);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme', 'data-mantine-color-scheme'],
    });
    return () => {
      sized.disconnect();
      themed.disconnect();
      plot?.destroy();
    };
  }, [times, values, marks, format, sync]);
  return <div className="figure-plot" ref={place} role="img" aria-label={label} />;
}

function optionsOf(
  host: HTMLElement,
  marks: readonly Mark[],
  format: (value: number) => string,
  sync: string,
): uPlot.Options {
  const colour = (name: string): string => resolved(host, name);
  const axis = {
    stroke: colour('--axis'),
    font: `11px ${getComputedStyle(host).fontFamily}`,
    grid: { stroke: colour('--grid'), width: 1 },
  };
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    legend: { show: false },
    cursor: { sync: { key: sync }, drag: { x: false, y: false }, y: false },
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.15 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        ticks: { show: false },
        size: 22,
        values: (_plot, ticks) => ticks.map(clockOf),
      },
      { ...axis, ticks: { show: false }, size: 48, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [{}, { stroke: colour('--data-1'), fill: colour('--data-1-soft'), width: 1.4, points: { show: false } }],
    hooks: { draw: [(plot) => drawMarks(plot, marks, colour)] },
  };
}

/** A variable as the colour that it is now: a canvas knows no variables, and no light-dark(). */
function resolved(host: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

function clockOf(seconds: number): string {
  const text = CLOCK.format(seconds * 1000);
  return text === '00:00' ? DAY.format(seconds * 1000) : text;
}

function drawMarks(plot: uPlot, marks: readonly Mark[], colour: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const size = 4 * devicePixelRatio;
  for (const { at, level } of marks) {
    const x = plot.valToPos(at, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.save();
    ctx.strokeStyle = colour(`--${level}`);
    ctx.fillStyle = colour(`--${level}`);
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([2 * devicePixelRatio, 2 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.rect(x - size, bbox.top - size, 2 * size, 2 * size);
    ctx.fill();
    ctx.restore();
  }
}
