import { type AlertMessage, linesOf, moreSteps, moreText, type Notice, stepText } from '../report/message.ts';

/** Title and body of a ticket, as plain text: services wrap lines themselves. */

const TITLE = 120;

/** Cut at whole characters. */
export function ticketTitle(content: AlertMessage | Notice): string {
  const title = content.kind === 'alert' ? content.headline : content.title;
  const characters = [...title];
  return characters.length <= TITLE ? title : `${characters.slice(0, TITLE - 3).join('')}...`;
}

export function ticketText(content: AlertMessage | Notice): string {
  const sections = content.kind === 'alert' ? alertSections(content) : noticeSections(content);
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

function alertSections(message: AlertMessage): (readonly string[])[] {
  const { changes, steps, evidence, links } = message;
  return [
    [message.reason],
    [
      ...message.fields.map(({ name, value }) => `${name}: ${value}`),
      ...changes.items.map(({ property, before, after }) => `Change: ${property}: ${before} -> ${after}`),
      ...(changes.more > 0 ? [`Change: ${moreText(changes)}`] : []),
    ],
    titled('Why it matters', message.why === '' ? [] : [message.why]),
    titled(message.stepsTitle, [...stepLines(message), ...(steps.more > 0 ? [moreSteps(steps)] : [])]),
    titled('Evidence', linesOf(evidence)),
    [...links.map(({ text, url }) => `${text}: ${url}`), message.footer],
  ];
}

function noticeSections({ text, lines, links, footer }: Notice): (readonly string[])[] {
  return [[text], lines, [...links.map((link) => `${link.text}: ${link.url}`), footer]];
}

function stepLines({ steps }: AlertMessage): string[] {
  return steps.items.flatMap((step, at) => [
    stepText(step, at),
    ...(step.command === null ? [] : [`   ${step.command}`]),
  ]);
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}
