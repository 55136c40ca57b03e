import { type AlertMessage, leadsOf, linesOf, moreSteps, moreText, type Notice, stepText } from '../report/message.ts';
import { wrap } from '../report/text.ts';

/** The text part of a mail: 78 columns; commands and links stay whole. */
const WIDTH = 78;

export function alertText(message: AlertMessage): string {
  const { changes, steps, evidence, links } = message;
  return joined([
    ...leadsOf(message).map((text) => wrap(text, WIDTH)),
    [
      ...message.fields.flatMap(({ name, value }) => wrap(`${name}: ${value}`, WIDTH)),
      ...changes.items.flatMap(({ property, before, after }) =>
        wrap(`Change: ${property}: ${before} -> ${after}`, WIDTH),
      ),
      ...(changes.more > 0 ? [`Change: ${moreText(changes)}`] : []),
    ],
    titled('Why it matters', message.why === '' ? [] : wrap(message.why, WIDTH)),
    titled(message.stepsTitle, [...stepLines(message), ...(steps.more > 0 ? [moreSteps(steps)] : [])]),
    titled('Evidence', linesOf(evidence)),
    links.map(({ text, url }) => `${text}: ${url}`),
    wrap(message.footer, WIDTH),
  ]);
}

export function noticeText({ text, lines, links, footer }: Notice): string {
  return joined([
    wrap(text, WIDTH),
    lines.flatMap((line) => wrap(line, WIDTH)),
    links.map((link) => `${link.text}: ${link.url}`),
    wrap(footer, WIDTH),
  ]);
}

function stepLines({ steps }: AlertMessage): string[] {
  return steps.items.flatMap((step, at) => {
    const [first = '', ...rest] = wrap(stepText(step, at), WIDTH - 3);
    return [first, ...rest.map((line) => `   ${line}`), ...(step.command === null ? [] : [`   ${step.command}`])];
  });
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function joined(sections: readonly (readonly string[])[]): string {
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}
