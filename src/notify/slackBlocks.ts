import {
  type AlertMessage,
  type ChangeLine,
  type Link,
  type Listed,
  linesOf,
  moreSteps,
  moreText,
  type Notice,
  stepText,
} from '../report/message.ts';
import type { FilledStep } from '../report/steps.ts';
import { bounded } from '../report/text.ts';

/**
 * Messages as Slack's Block Kit. What a log wrote stands in `plain_text` and in `rich_text` text elements only, which are not parsed: it can
 * neither mention, link nor format. `mrkdwn` holds our own words.
 * Limits: https://docs.slack.dev/reference/block-kit/blocks and .../composition-objects/text-object
 */
export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | Mrkdwn }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] }
  | { readonly type: 'rich_text'; readonly elements: readonly RichElement[] }
  | { readonly type: 'context'; readonly block_id: string; readonly elements: readonly PlainText[] };

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

interface RichElement {
  readonly type: 'rich_text_section' | 'rich_text_preformatted';
  readonly elements: readonly {
    readonly type: 'text';
    readonly text: string;
    readonly style?: { readonly bold: true };
  }[];
}

export interface SlackText {
  /** What a notification shows, and what is read out; never beside the blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

const HEADER = 150;
const TEXT = 2800;
const FIELD = 1900;

/** @param id of the message: in the blocks, so that a second copy of it can be told */
export function alertBlocks(message: AlertMessage, id: string): SlackText {
  return {
    text: escaped(bounded(`${message.headline}. ${message.reason}`, TEXT)),
    blocks: [
      { type: 'header', text: plain(message.title, HEADER) },
      { type: 'section', text: plain(message.reason, TEXT) },
      { type: 'section', fields: message.fields.map(({ name, value }) => plain(`${name}\n${value}`, FIELD)) },
      ...changeBlocks(message.changes),
      ...titled('Why it matters', message.why),
      ...stepBlocks(message.stepsTitle, message.steps),
      ...evidenceBlocks(message.evidence),
      ...linkBlocks(message.links),
      footer(message.footer, id),
    ],
  };
}

/** What happened since it was told before; `headed` where it does not stand below the first message. */
export function followBlocks(message: AlertMessage, id: string, headed: boolean): SlackText {
  const follow = message.follow ?? message.reason;
  const text = headed ? `${message.headline}\n${follow}` : follow;
  return {
    text: escaped(bounded(headed ? `${message.headline}. ${follow}` : follow, TEXT)),
    blocks: [
      { type: 'section', text: plain(text, TEXT) },
      ...(headed ? linkBlocks(message.links.slice(0, 1)) : []),
      footer(message.footer, id),
    ],
  };
}

export function noticeBlocks({ title, text, lines, links, footer: foot }: Notice, id: string): SlackText {
  return {
    text: escaped(bounded(`${title}. ${text}`, TEXT)),
    blocks: [
      { type: 'header', text: plain(title, HEADER) },
      { type: 'section', text: plain(text, TEXT) },
      ...(lines.length === 0
        ? []
        : [{ type: 'rich_text', elements: [said(bounded(lines.join('\n'), TEXT))] } as const]),
      ...linkBlocks(links),
      footer(foot, id),
    ],
  };
}

/** Everything that Slack reads as markup; it asks for no more. https://docs.slack.dev/messaging/formatting-message-text */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Slack refuses empty texts, and counts UTF-16 units. */
function plain(text: string, most: number): PlainText {
  let cut = text;
  for (let at = most; cut.length > most; at -= 50) cut = bounded(text, at);
  return { type: 'plain_text', text: cut.trim() === '' ? '(empty)' : cut, emoji: false };
}

function changeBlocks({ items, more }: Listed<ChangeLine>): Block[] {
  const blocks: Block[] = items.map(({ property, before, after }) => ({
    type: 'section',
    text: plain(`${property}\nbefore: ${before}\nafter: ${after}`, TEXT),
  }));
  if (more > 0) blocks.push({ type: 'section', text: plain(`${moreText({ items, more })} changes`, TEXT) });
  return blocks;
}

function titled(title: string, text: string): Block[] {
  return text === '' ? [] : [{ type: 'rich_text', elements: [bold(title), said(text)] }];
}

function stepBlocks(title: string, steps: Listed<FilledStep>): Block[] {
  if (steps.items.length === 0) return [];
  const elements = [bold(title)];
  for (const [at, step] of steps.items.entries()) {
    elements.push(said(stepText(step, at)));
    if (step.command !== null) elements.push(preformatted(step.command));
  }
  const more = moreSteps(steps);
  if (more !== '') elements.push(said(more));
  return [{ type: 'rich_text', elements }];
}

function evidenceBlocks(evidence: Listed<string>): Block[] {
  const lines = linesOf(evidence);
  if (lines.length === 0) return [];
  return [{ type: 'rich_text', elements: [bold('Evidence'), preformatted(lines.join('\n'))] }];
}

function bold(text: string): RichElement {
  return { type: 'rich_text_section', elements: [{ type: 'text', text, style: { bold: true } }] };
}

function said(text: string): RichElement {
  return { type: 'rich_text_section', elements: [{ type: 'text', text }] };
}

function preformatted(text: string): RichElement {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] };
}

function linkBlocks(links: readonly Link[]): Block[] {
  if (links.length === 0) return [];
  const text = links.map(({ text: name, url }) => `<${escaped(url)}|${name}>`).join('  |  ');
  return text.length > TEXT ? [] : [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
}

function footer(text: string, id: string): Block {
  return { type: 'context', block_id: id.slice(0, 255), elements: [plain(text, TEXT)] };
}
