/** Text for HTML, in an element or an attribute. The value of a log is never a link. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('://', '[:]//');
}
