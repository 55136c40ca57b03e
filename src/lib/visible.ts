const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** A text with its control, format, separator and private characters as `<U+XXXX>`: none can colour, move, reverse or forge a line. */
export function visibleCharacters(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return `<U+${code}>`;
  });
}

/** No client makes a link of what is no address. */
export function unlinked(text: string): string {
  return text.replaceAll('://', '[:]//');
}
