import { unlinked } from './visible.ts';

/** Text for HTML, in an element or an attribute. The value of a log is never a link. */
export function escapeHtml(text: string): string {
  return unlinked(escapeCode(text));
}

/** A command is pasted: its text stays as it is. */
export function escapeCode(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
