import { type AlertMessage, type Link, moreSteps, moreText, type Notice, stepText } from '../report/message.ts';

/**
 * A message as an Adaptive Card for a Teams workflow. Only `TextRun` holds what a log wrote: a `TextBlock` would read Markdown in it. There are
 * no `msteams.entities`, so nothing in it is a mention. https://adaptivecards.io/explorer and
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: Card;
    },
  ];
}

interface Card {
  readonly $schema: string;
  readonly type: 'AdaptiveCard';
  readonly version: '1.4';
  readonly msteams: { readonly width: 'Full' };
  readonly fallbackText: string;
  readonly speak: string;
  readonly body: readonly Line[];
  readonly actions: readonly { readonly type: 'Action.OpenUrl'; readonly title: string; readonly url: string }[];
}

interface Line {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly Run[];
  readonly spacing?: 'None' | 'Small' | 'Medium';
}

interface Run extends RunStyle {
  readonly type: 'TextRun';
  readonly text: string;
}

interface RunStyle {
  readonly weight?: 'Bolder';
  readonly size?: 'Small' | 'Medium';
  readonly color?: 'Attention' | 'Warning' | 'Good' | 'Default';
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
}

export function alertCard(message: AlertMessage): TeamsMessage {
  const { changes, steps, evidence } = message;
  const facts = [
    ...message.fields,
    ...changes.items.map(({ property, before, after }) => ({
      name: 'Change',
      value: `${property}: ${before} -> ${after}`,
    })),
  ];
  return card(message.title, message.links, [
    head(message.title, colourOf(message)),
    line(message.reason),
    ...facts.map(({ name, value }, at) => fact(name, value, at === 0 ? 'Medium' : 'None')),
    ...some(changes.more > 0, line(`${moreText(changes)} changes`, {}, 'None')),
    ...section('Why it matters', message.why === '' ? [] : [line(message.why, {}, 'None')]),
    ...section(message.stepsTitle, stepLines(message)),
    ...some(steps.more > 0, line(moreSteps(steps), {}, 'Small')),
    ...section(
      'Evidence',
      evidence.items.map((one) => line(one, COMMAND, 'None')),
    ),
    ...some(evidence.items.length > 0 && evidence.more > 0, line(moreText(evidence), {}, 'None')),
    foot(message.footer),
  ]);
}

/** A workflow cannot change a card: what comes later is a card of its own, with what it is about on top. */
export function followCard(message: AlertMessage): TeamsMessage {
  return card(message.headline, message.links, [
    head(message.headline, colourOf(message)),
    line(message.follow ?? message.reason),
    foot(message.footer),
  ]);
}

export function noticeCard({ title, text, lines, links, footer, level }: Notice): TeamsMessage {
  const colour = level === 'critical' || level === 'high' ? 'Attention' : 'Default';
  return card(title, links, [
    head(title, colour),
    line(text),
    ...lines.map((one) => line(one, {}, 'Small')),
    foot(footer),
  ]);
}

function card(title: string, links: readonly Link[], body: readonly Line[]): TeamsMessage {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          fallbackText: title,
          speak: title,
          body,
          actions: links.map(({ text, url }) => ({ type: 'Action.OpenUrl', title: text, url })),
        },
      },
    ],
  };
}

/** The word says the level; the colour only helps to find it. */
function colourOf({ status, level }: AlertMessage): NonNullable<RunStyle['color']> {
  if (status === 'resolved') return 'Good';
  if (level === 'critical' || level === 'high') return 'Attention';
  return level === 'medium' ? 'Warning' : 'Default';
}

const COMMAND = { fontType: 'Monospace', size: 'Small' } as const;

function stepLines({ steps }: AlertMessage): Line[] {
  return steps.items.flatMap((step, at) => [
    line(stepText(step, at), {}, 'Small'),
    ...(step.command === null ? [] : [line(step.command, COMMAND, 'None')]),
  ]);
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [line(title, { weight: 'Bolder' }), ...lines];
}

function some(is: boolean, one: Line): Line[] {
  return is ? [one] : [];
}

function head(text: string, color: NonNullable<RunStyle['color']>): Line {
  return line(text, { weight: 'Bolder', size: 'Medium', color });
}

function foot(text: string): Line {
  return line(text, { size: 'Small', isSubtle: true });
}

function fact(name: string, value: string, spacing: NonNullable<Line['spacing']>): Line {
  return { type: 'RichTextBlock', inlines: [run(`${name}: `, { weight: 'Bolder' }), run(value)], spacing };
}

function line(text: string, style: RunStyle = {}, spacing?: NonNullable<Line['spacing']>): Line {
  return { type: 'RichTextBlock', inlines: [run(text, style)], ...(spacing === undefined ? {} : { spacing }) };
}

function run(text: string, style: RunStyle = {}): Run {
  return { type: 'TextRun', text, ...style };
}
