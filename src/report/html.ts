import type { Alert } from '../alerts/alert.ts';
import { LEVELS, levelRank } from '../ir/ir.ts';
import { compareText } from '../lib/compare.ts';
import { escapeHtml } from '../lib/escapeHtml.ts';
import { TACTICS, TECHNIQUES } from './attack.ts';
import type { ScanContext, ToldAlert, ToldAlerts } from './context.ts';
import { STYLE } from './htmlStyle.ts';
import { timelineSvg } from './htmlTimeline.ts';
import { LEFT_OUT_WORDS } from './leftOut.ts';
import { accountName, nameOf, whoOf, whoText } from './phrases.ts';
import { stepsOf } from './steps.ts';
import { impactOf, storyOf } from './story.ts';
import { capital, numberText, periodText, plural, visible } from './text.ts';
import { firstsText, levelReasonText } from './tuned.ts';
import { valueText } from './values.ts';

/** A value from a log: made visible, escaped, and kept from turning the text around it. */
function value(text: string): string {
  return `<bdi>${escapeHtml(visible(text))}</bdi>`;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole report as one file: nothing is loaded from anywhere, nothing runs, it works without a network and on paper. */
export function htmlOf(all: ToldAlerts, context: ScanContext): string {
  const title = all.length === 0 ? 'No alerts' : plural(all.length, 'alert');
  const told = shownOf(all);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>cosmowatch: ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${header(all, context)}
${told.length === 0 ? empty(context) : `${timeline(told, context)}${alerts(told, all.length)}${matrix(told)}`}
${coverage(context)}
<footer>Made by cosmowatch ${escapeHtml(context.version)}. All times are UTC. This file holds names and addresses from your logs.</footer>
</main>
</body>
</html>
`;
}

/** A page holds the worst so many; the rest is in the other formats. */
const SHOWN = 500;

function shownOf(all: ToldAlerts): ToldAlert[] {
  let kept: ToldAlert[] = [];
  for (const one of all) {
    kept.push(one);
    if (kept.length >= SHOWN * 2) kept = worstFirst(kept).slice(0, SHOWN);
  }
  return worstFirst(kept)
    .slice(0, SHOWN)
    .sort((a, b) => compareText(a.alert.firstSeen, b.alert.firstSeen));
}

function worstFirst(told: readonly ToldAlert[]): ToldAlert[] {
  return [...told].sort((a, b) => levelRank(b.alert.level) - levelRank(a.alert.level));
}

function header(told: ToldAlerts, context: ScanContext): string {
  const period = context.period === null ? '' : `${periodText(context.period)}, `;
  const tiles = [...LEVELS].reverse().flatMap((level) => {
    const count = told.counts[level];
    return count === 0 ? [] : [`<li><b class="${level}">${numberText(count)}</b>${level}</li>`];
  });
  const read = `${period}${plural(context.records, 'record')} of ${plural(context.accounts.length, 'account')}`;
  return `<header>
<h1>What happened on your Cosmos DB accounts</h1>
<p class="soft">${escapeHtml(read)}, judged by ${plural(context.rules, 'rule')} in ${context.seconds.toFixed(1)} s.</p>
<ul class="tiles">${tiles.join('')}</ul>
</header>`;
}

function empty(context: ScanContext): string {
  return `<p>No rule found anything in these logs. ${context.blindSpots.length === 0 ? '' : 'See below what could not be seen.'}</p>`;
}

function timeline(told: readonly ToldAlert[], context: ScanContext): string {
  return `<h2>Timeline</h2>
<div class="chart">${timelineSvg(told, context.period)}</div>`;
}

function alerts(told: readonly ToldAlert[], total: number): string {
  const more =
    total > told.length
      ? `<p class="soft">The worst ${numberText(told.length)} of ${numberText(total)}; all are in --format ndjson.</p>`
      : '';
  return `<h2>Alerts, worst first</h2>${more}
${worstFirst(told)
  .map((one, at) => card(one, at < 3))
  .join('\n')}`;
}

function card({ alert, raised }: ToldAlert, isOpen: boolean): string {
  const story = storyOf(raised);
  const state = alert.status === 'resolved' ? ', ended' : '';
  const [tuned, firsts] = [levelReasonText(alert.levelReason), firstsText(raised.detail.firsts)];
  const facts: readonly (readonly [string, string])[] = [
    ['Who', escapeHtml(whoText(whoOf(raised), 'not named by the log'))],
    [
      'When',
      escapeHtml(
        alert.firstSeen === alert.lastSeen
          ? when(alert.firstSeen)
          : `${when(alert.firstSeen)} to ${when(alert.lastSeen)}`,
      ),
    ],
    ['How often', escapeHtml(story.amount)],
    ['Account', `<code>${value(alert.account ?? 'none')}</code>`],
    ...(tuned === null ? [] : [['Level', escapeHtml(tuned)] as const]),
    ...(firsts === null ? [] : [['New here', escapeHtml(firsts)] as const]),
    ['Rule', `<code>${value(alert.rule)}</code>`],
    ['Alert', `<code>${escapeHtml(alert.id)}</code>`],
  ];
  return `<details class="card ${alert.level}" id="a-${escapeHtml(alert.id.slice(0, 8))}"${isOpen ? ' open' : ''}>
<summary><span class="top"><span class="level ${alert.level}">${alert.level}</span><h3>${escapeHtml(capital(story.what))}</h3><span>${value(nameOf(raised))}${state}</span><span class="when">${when(alert.firstSeen)}</span></span></summary>
<div class="body">
<p>${escapeHtml(alert.reason)}</p>
<div class="scroll"><table><tbody>${facts.map(([name, text]) => `<tr><th scope="row">${name}</th><td>${text}</td></tr>`).join('')}</tbody></table></div>
${changes(alert)}
${alert.evidence.length === 0 ? '' : evidence({ alert, raised })}
<h4>Why it matters</h4><p>${escapeHtml(impactOf(raised))}</p>
${steps(raised)}
${harmless(raised)}
</div>
</details>`;
}

function when(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

function changes(alert: Alert): string {
  if (alert.changes.length === 0) return '';
  const rows = alert.changes.map(
    (change) =>
      `<tr><td><code>${value(change.property)}</code></td><td>${escapeHtml(change.effect === 'unknown_before' ? 'not known' : valueText(change.before))}</td><td>${escapeHtml(valueText(change.after))}</td><td>${escapeHtml(change.effect.replace('_', ' '))}</td><td>${change.exposure ?? ''}</td></tr>`,
  );
  return `<h4>What changed</h4>
<div class="scroll"><table><thead><tr><th>Setting</th><th>Before</th><th>After</th><th>Effect</th><th>Open to</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function evidence({ alert, raised }: ToldAlert): string {
  const rows = alert.evidence.map((one, at) => {
    const position = raised.detail.positions[at]!;
    return `<tr><td>${when(one.time)}</td><td>${escapeHtml(one.family)}</td><td>${value(one.action)}</td><td>${one.outcome}</td><td><code>${value(`${position.source}:${position.line}`)}</code></td></tr>`;
  });
  return `<h4>Evidence: the first and the last records</h4>
<div class="scroll"><table><thead><tr><th>Time</th><th>Log</th><th>Action</th><th>Outcome</th><th>Where</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function steps(raised: ToldAlert['raised']): string {
  const items = stepsOf(raised).map(({ text, command, note }) => {
    const code = command === null ? '' : `<pre>${value(command)}</pre>`;
    return `<li>${escapeHtml(text)}${code}${note === null ? '' : ` <span class="soft">(${escapeHtml(note)})</span>`}</li>`;
  });
  return items.length === 0 ? '' : `<h4>What to do now</h4><ol>${items.join('')}</ol>`;
}

function harmless({ detail }: ToldAlert['raised']): string {
  if (detail.rule.falsePositives.length === 0) return '';
  return `<h4>Usually harmless</h4><ul>${detail.rule.falsePositives.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

/** ATT&CK as it is now, with what was hit; beside each rule what the vendor of the nine published. */
function matrix(told: readonly ToldAlert[]): string {
  const hits = new Map<string, Map<string, Set<string>>>();
  for (const { alert } of told) {
    for (const { tactic, technique } of alert.attack) {
      const techniques = hits.get(tactic) ?? new Map<string, Set<string>>();
      techniques.set(technique, (techniques.get(technique) ?? new Set()).add(alert.rule));
      hits.set(tactic, techniques);
    }
  }
  const tactics = [...hits]
    .sort(([a], [b]) => compareText(a, b))
    .map(([tactic, techniques]) => {
      const items = [...techniques].map(
        ([technique, rules]) =>
          `<li><b>${escapeHtml(technique)}</b> ${escapeHtml(TECHNIQUES[technique] ?? '')}<br><span class="soft">${[...rules].map((rule) => escapeHtml(visible(rule))).join('<br>')}</span></li>`,
      );
      return `<section class="tactic"><h3>${escapeHtml(tactic)} ${escapeHtml(TACTICS[tactic] ?? '')}</h3><ul>${items.join('')}</ul></section>`;
    });
  return `<h2>ATT&amp;CK</h2>
<div class="matrix">${tactics.join('')}</div>
${published(told)}`;
}

function published(told: readonly ToldAlert[]): string {
  const rules = new Map(told.map(({ alert }) => [alert.rule, alert]));
  const pair = (list: Alert['attack']) =>
    list.map(({ tactic, technique }) => `${tactic} ${technique}`).join(', ') || 'none';
  const rows = [...rules.values()].map(
    (alert) =>
      `<tr><td><code>${value(alert.rule)}</code></td><td>${escapeHtml(pair(alert.attack))}</td><td>${escapeHtml(pair(alert.published))}</td></tr>`,
  );
  return `<h4>Current mapping beside the one that the vendor published</h4>
<div class="scroll"><table><thead><tr><th>Rule</th><th>Current (v19)</th><th>Published</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function coverage({ blindSpots, leftOut, skipped }: ScanContext): string {
  const spots = blindSpots.map(
    ({ account, why }) => `<tr><td>${value(accountName(account))}</td><td>${escapeHtml(why)}</td></tr>`,
  );
  const out = [
    ...leftOut.map(
      ({ what, count, first }) =>
        `<tr><td>${numberText(count)} records: ${escapeHtml(LEFT_OUT_WORDS[what] ?? what)}</td><td>first at ${value(`${first.source}:${first.line}`)}</td></tr>`,
    ),
    ...skipped
      .filter(({ code }) => code !== null)
      .map(({ path, why }) => `<tr><td>${value(path)}</td><td>${escapeHtml(visible(why))}</td></tr>`),
  ];
  const table = (rows: readonly string[]) => `<div class="scroll"><table><tbody>${rows.join('')}</tbody></table></div>`;
  return `${spots.length === 0 ? '' : `<h2>What could not be seen</h2>${table(spots)}`}${out.length === 0 ? '' : `<h2>What was left out</h2>${table(out)}`}`;
}
