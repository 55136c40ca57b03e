import { compareText } from '../lib/compare.ts';
import { escapeHtml } from '../lib/escapeHtml.ts';
import type { ScanContext, ToldAlert } from './context.ts';
import { nameOf } from './phrases.ts';
import { storyOf } from './story.ts';
import { cutMiddle } from './text.ts';

const WIDTH = 1000;
const LEFT = 150;
const ROW = 34;
const TOP = 26;

/** One row an account, one mark an alert: a bar from its first to its last second. */
export function timelineSvg(told: readonly ToldAlert[], period: ScanContext['period']): string {
  const times = told.flatMap(({ alert }) => [Date.parse(alert.firstSeen), Date.parse(alert.lastSeen)]);
  const from = Math.min(period === null ? Number.POSITIVE_INFINITY : period.from / 1000, ...times);
  const to = Math.max(period === null ? Number.NEGATIVE_INFINITY : period.to / 1000, ...times, from + 1000);
  const x = (ms: number) => LEFT + ((ms - from) / (to - from)) * (WIDTH - LEFT - 24);
  const accounts = [...new Set(told.map(({ alert }) => alert.account))].sort((a, b) => compareText(a ?? '', b ?? ''));
  const height = TOP + accounts.length * ROW + 8;
  const rows = accounts.map((account, at) => {
    const y = TOP + at * ROW + ROW / 2;
    const own = told.filter(({ alert }) => alert.account === account);
    const name = `<text class="name" x="0" y="${y + 4}">${escapeHtml(cutMiddle(nameOf(own[0]!.raised), 20))}</text>`;
    const line = `<line class="grid" x1="${LEFT}" x2="${WIDTH - 24}" y1="${y}" y2="${y}"/>`;
    return name + line + own.map((one) => mark(one, x, y)).join('');
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Alerts by account and time">${ticks(from, to, x, height)}${rows.join('')}</svg>`;
}

function mark({ alert, raised }: ToldAlert, x: (ms: number) => number, y: number): string {
  const [start, end] = [x(Date.parse(alert.firstSeen)), x(Date.parse(alert.lastSeen))];
  const title = `<title>${escapeHtml(`${alert.level}: ${storyOf(raised).what}, ${alert.firstSeen.slice(11, 19)} UTC`)}</title>`;
  const bar =
    end - start < 2
      ? ''
      : `<rect class="${alert.level}" x="${start.toFixed(1)}" y="${y - 3}" width="${(end - start).toFixed(1)}" height="6" rx="3" opacity=".45"/>`;
  return `<a href="#a-${escapeHtml(alert.id.slice(0, 8))}">${bar}<circle class="dot ${alert.level}" cx="${start.toFixed(1)}" cy="${y}" r="8">${title}</circle></a>`;
}

const STEPS = [300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000];

function ticks(from: number, to: number, x: (ms: number) => number, height: number): string {
  const step = (STEPS.find((seconds) => (to - from) / 1000 / seconds <= 9) ?? 31_536_000) * 1000;
  const found: string[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const iso = new Date(at).toISOString();
    const label = step >= 86_400_000 ? iso.slice(5, 10) : iso.slice(11, 16);
    found.push(
      `<line class="grid" x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="18" y2="${height}"/><text x="${x(at).toFixed(1)}" y="11" text-anchor="middle">${label}</text>`,
    );
  }
  return found.join('');
}
