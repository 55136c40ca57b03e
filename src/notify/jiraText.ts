import type { JsonObject } from '../lib/json.ts';
import {
  type AlertMessage,
  type Link,
  linesOf,
  moreSteps,
  moreText,
  type Notice,
  stepText,
} from '../report/message.ts';

/**
 * Texts as Atlassian Document Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/. What a log wrote stands in text
 * nodes, which are not parsed: it can neither mention nor link nor format.
 */
export function alertDocument(content: AlertMessage | Notice): JsonObject {
  return documentOf(content.kind === 'alert' ? alertNodes(content) : noticeNodes(content));
}

export function noteDocument(note: string, footer: string): JsonObject {
  return documentOf([paragraph(text(note)), paragraph(text(footer))]);
}

function documentOf(content: readonly JsonObject[]): JsonObject {
  return { type: 'doc', version: 1, content };
}

function alertNodes(message: AlertMessage): JsonObject[] {
  const { changes, steps, evidence } = message;
  return [
    paragraph(text(message.reason)),
    ...message.fields.map(({ name, value }) => field(name, value)),
    ...changes.items.map(({ property, before, after }) => field('Change', `${property}: ${before} -> ${after}`)),
    ...(changes.more > 0 ? [paragraph(text(`${moreText(changes)} changes`))] : []),
    ...section('Why it matters', message.why === '' ? [] : [paragraph(text(message.why))]),
    ...section(message.stepsTitle, [
      ...steps.items.flatMap((step, at) => [
        paragraph(text(stepText(step, at))),
        ...(step.command === null ? [] : [codeBlock(step.command)]),
      ]),
      ...(steps.more > 0 ? [paragraph(text(moreSteps(steps)))] : []),
    ]),
    ...section('Evidence', evidence.items.length === 0 ? [] : [codeBlock(linesOf(evidence).join('\n'))]),
    ...links(message.links),
    paragraph(text(message.footer)),
  ];
}

function noticeNodes(notice: Notice): JsonObject[] {
  return [
    paragraph(text(notice.text)),
    ...notice.lines.map((line) => paragraph(text(line))),
    ...links(notice.links),
    paragraph(text(notice.footer)),
  ];
}

function section(title: string, nodes: readonly JsonObject[]): JsonObject[] {
  if (nodes.length === 0) return [];
  return [{ type: 'heading', attrs: { level: 3 }, content: [text(title)] }, ...nodes];
}

function field(name: string, value: string): JsonObject {
  return paragraph(text(`${name}: `, { type: 'strong' }), text(value, { type: 'code' }));
}

function links(of: readonly Link[]): JsonObject[] {
  if (of.length === 0) return [];
  const nodes = of.flatMap(({ text: name, url }, at) => [
    ...(at === 0 ? [] : [text('  ')]),
    text(name, { type: 'link', attrs: { href: url } }),
  ]);
  return [paragraph(...nodes)];
}

function codeBlock(code: string): JsonObject {
  return { type: 'codeBlock', attrs: { language: 'bash' }, content: [text(code)] };
}

function paragraph(...content: readonly JsonObject[]): JsonObject {
  return { type: 'paragraph', content };
}

/** A text node may not be empty. */
function text(written: string, mark?: JsonObject): JsonObject {
  const known = { type: 'text', text: written === '' ? ' ' : written };
  return mark === undefined ? known : { ...known, marks: [mark] };
}
