import type { Raised } from '../alerts/alert.ts';
import { isTold } from '../ir/ir.ts';
import { FILLERS, GAPS, REASONS } from './fillers.ts';
import { actorName } from './phrases.ts';

/** One thing to do: the text, a command ready to paste; a note says why there is none, or what the logs lack for it. */
export interface FilledStep {
  readonly text: string;
  readonly command: string | null;
  readonly note: string | null;
}

/** The rule's steps that fit what happened, with this alert's own names in them. */
export function stepsOf(raised: Raised): FilledStep[] {
  const { detail, alert } = raised;
  const holds = new Set(detail.holds);
  const actor = alert.actors[0] ? actorName(alert.actors[0]) : 'whoever it was';
  return detail.rule.mitigation
    .filter((step) => isTold(step, holds))
    .map(({ text, command }) => {
      const filledText = text.replaceAll('{actor}', () => actor);
      return { text: filledText, ...(command === null ? { command, note: null } : fill(command, raised)) };
    });
}

function fill(template: string, raised: Raised): Pick<FilledStep, 'command' | 'note'> {
  let why: string | null = null;
  let gap: string | null = null;
  const command = template.replace(/\{([a-z_]+)\}/g, (whole, name: string) => {
    const filler = FILLERS[name];
    // Braces of a JMESPath or JSON in the command are no placeholders.
    if (filler === undefined) return whole;
    const value = filler(raised);
    if (value !== null) return value;
    const known = GAPS[name];
    if (known === undefined) why ??= reasonOf(name, raised);
    else gap ??= known.note;
    return known?.word ?? whole;
  });
  return why === null ? { command, note: gap } : { command: null, note: why };
}

function reasonOf(name: string, raised: Raised): string {
  const reason = REASONS[name] ?? 'the name has unusual characters; use the portal';
  return typeof reason === 'string' ? reason : reason(raised);
}
