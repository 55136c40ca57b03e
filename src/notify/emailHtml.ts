import { escapeCode, escapeHtml } from '../lib/escapeHtml.ts';
import {
  type AlertMessage,
  type Link,
  type Listed,
  leadsOf,
  linesOf,
  moreSteps,
  moreText,
  type Notice,
} from '../report/message.ts';
import type { FilledStep } from '../report/steps.ts';
import type { Level } from './levels.ts';

/**
 * The HTML part of a mail: no image, nothing from elsewhere, no script. It begins with the sentence, which is what a phone previews. A level is
 * a word; the bar beside it is decoration. What the style sheet says is repeated in the elements where clients drop style sheets.
 */
export function alertHtml(message: AlertMessage): string {
  const { changes, steps, evidence } = message;
  const bar = message.status === 'resolved' ? 'resolved' : message.level;
  return page(message.title, bar, [
    `<p class="level ${bar}">${escapeHtml(stateOf(message))}</p>`,
    ...leadsOf(message).map((text, at) => `<p class="${at === 0 ? 'lead' : 'again'}">${escapeHtml(text)}</p>`),
    buttons(message.links),
    `<table role="presentation" class="facts">${message.fields.map(({ name, value }) => row(name, value)).join('')}</table>`,
    ...changeTable(changes),
    ...section('Why it matters', message.why === '' ? '' : `<p>${escapeHtml(message.why)}</p>`),
    ...section(message.stepsTitle, stepList(steps)),
    ...section('Evidence', evidenceList(evidence)),
    `<p class="foot">${escapeHtml(message.footer)}</p>`,
  ]);
}

export function noticeHtml({ kind, title, text, lines, links, footer, level }: Notice): string {
  return page(title, level ?? 'test', [
    `<p class="level ${level ?? 'test'}">${escapeHtml(level ?? kind)}</p>`,
    `<p class="lead">${escapeHtml(title.replace(/^\[[^\]]*\] /, ''))}</p>`,
    `<p>${escapeHtml(text)}</p>`,
    lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
    buttons(links),
    `<p class="foot">${escapeHtml(footer)}</p>`,
  ]);
}

function stateOf({ headline }: AlertMessage): string {
  return /^\[([^\]]*)\]/.exec(headline)?.[1] ?? '';
}

function row(name: string, value: string): string {
  return `<tr><th scope="row" align="left" valign="top">${escapeHtml(name)}</th><td><bdi>${escapeHtml(value)}</bdi></td></tr>`;
}

function changeTable({ items, more }: AlertMessage['changes']): string[] {
  if (items.length === 0) return more === 0 ? [] : [`<p>${moreText({ items, more })} changes</p>`];
  const rows = items.map(
    ({ property, before, after }) =>
      `<div class="change"><b><bdi>${escapeHtml(property)}</bdi></b><br><span class="soft">before</span> <bdi>${escapeHtml(before)}</bdi><br><span class="soft">after</span> <bdi>${escapeHtml(after)}</bdi></div>`,
  );
  return section('What changed', `${rows.join('')}${more === 0 ? '' : `<p>${moreText({ items, more })}</p>`}`);
}

function stepList(steps: Listed<FilledStep>): string {
  if (steps.items.length === 0) return '';
  const items = steps.items.map(({ text, command, note }) => {
    const code = command === null ? '' : `<pre>${escapeCode(command)}</pre>`;
    return `<li>${escapeHtml(text)}${note === null ? '' : ` <span class="soft">(${escapeHtml(note)})</span>`}${code}</li>`;
  });
  return `<ol>${items.join('')}</ol>${steps.more === 0 ? '' : `<p>${moreSteps(steps)}</p>`}`;
}

function evidenceList(evidence: Listed<string>): string {
  const lines = linesOf(evidence);
  if (lines.length === 0) return '';
  return `<ul class="evidence">${lines.map((line) => `<li><bdi>${escapeHtml(line)}</bdi></li>`).join('')}</ul>`;
}

function section(title: string, html: string): string[] {
  return html === '' ? [] : [`<h2>${escapeHtml(title)}</h2>${html}`];
}

function buttons(links: readonly Link[]): string {
  if (links.length === 0) return '';
  const all = links.map(
    ({ text, url }, at) =>
      `<a class="${at === 0 ? 'button' : 'second'}" href="${url.replaceAll('&', '&amp;')}">${escapeHtml(text)}</a>`,
  );
  return `<p class="buttons">${all.join(' ')}</p>`;
}

function page(title: string, bar: Level | 'resolved' | 'test', parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<div class="card ${bar}">
${parts.filter((part) => part !== '').join('\n')}
</div>
</body>
</html>
`;
}

const STYLE = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:16px;background:#f4f5f7;color:#1b2330;font:15px/1.5 -apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
.card{max-width:680px;margin:0 auto;padding:20px 24px 16px;background:#ffffff;border:1px solid #dfe4ec;border-left:5px solid #5a6678;border-radius:8px}
.card.critical{border-left-color:#b3123f}.card.high{border-left-color:#c2410c}.card.medium{border-left-color:#9a6700}.card.low{border-left-color:#0b6e99}.card.resolved{border-left-color:#1b6e3c}
.level{margin:0 0 6px;font-size:13px;font-weight:600;color:#5a6678}
.level.critical{color:#b3123f}.level.high{color:#c2410c}.level.medium{color:#8a5c00}.level.low{color:#0b6e99}.level.resolved{color:#1b6e3c}
p{margin:8px 0;overflow-wrap:anywhere}
.lead{margin:0 0 12px;font-size:19px;line-height:1.4}
h2{margin:24px 0 4px;font-size:14px;font-weight:600;color:#5a6678}
.facts{margin:16px 0 0;border-collapse:collapse}
th{padding:3px 20px 3px 0;font-weight:400;color:#5a6678;white-space:nowrap;text-align:left;vertical-align:top}
td{padding:3px 0;overflow-wrap:anywhere}
.change{margin:6px 0 10px;overflow-wrap:anywhere}
.soft{color:#5a6678}
ol{margin:4px 0;padding-left:22px}
li{margin:6px 0;overflow-wrap:anywhere}
pre{margin:6px 0 12px;padding:8px 10px;background:#f0f3f8;border:1px solid #dfe4ec;border-radius:6px;font:12.5px/1.5 Consolas,Menlo,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.evidence{margin:4px 0;padding:0;list-style:none;font:12.5px/1.5 Consolas,Menlo,monospace}
.evidence li{margin:2px 0}
.buttons{margin:16px 0}
.button{display:inline-block;margin:0 12px 8px 0;padding:9px 16px;background:#1b2330;color:#ffffff;border-radius:6px;text-decoration:none;font-weight:600}
.second{display:inline-block;padding:9px 0;color:#2b59c3}
.foot{margin:28px 0 0;padding-top:12px;border-top:1px solid #dfe4ec;font-size:13px;color:#5a6678}
@media (max-width:480px){body{padding:0}.card{border-radius:0;border-width:0 0 0 5px;padding:16px}th{padding-right:12px}}
@media (prefers-color-scheme:dark){body{background:#0f141b;color:#e6ebf2}.card{background:#171e28;border-color:#2a3442}
.soft,h2,th,.foot,.level{color:#9aa7b8}.foot{border-color:#2a3442}pre{background:#111821;border-color:#2a3442}
.button{background:#e6ebf2;color:#171e28}.second{color:#8db0ff}
.level.critical{color:#ff7a9c}.level.high{color:#ff9d66}.level.medium{color:#f0c04f}.level.low{color:#64c8f0}.level.resolved{color:#6fd19b}
.card.critical{border-left-color:#ff7a9c}.card.high{border-left-color:#ff9d66}.card.medium{border-left-color:#f0c04f}.card.low{border-left-color:#64c8f0}.card.resolved{border-left-color:#6fd19b}}
`;
