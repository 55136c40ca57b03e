/**
 * Brackets of JSON text, without its grammar: enough to see where a document may end. Strings are followed, so a bracket inside one does
 * not count; a string never spans a line.
 */

export interface Brackets {
  /** Open brackets at the end, less those open at the start. */
  readonly delta: number;
  /** The lowest it got on the way, 0 at most. */
  readonly lowest: number;
  /** The line ends inside a string: it is cut off. */
  readonly inString: boolean;
}

export function bracketsIn(bytes: Uint8Array): Brackets {
  let delta = 0;
  let lowest = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x22) {
      at = stringEnd(bytes, at);
      if (at < 0) return { delta, lowest, inString: true };
    } else if (byte === 0x7b || byte === 0x5b) delta++;
    else if (byte === 0x7d || byte === 0x5d) lowest = Math.min(lowest, --delta);
  }
  return { delta, lowest, inString: false };
}

/** The closing quote of the string that opens at `at`, or -1. */
export function stringEnd(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next++) {
    if (bytes[next] === 0x5c) next++;
    else if (bytes[next] === 0x22) return next;
  }
  return -1;
}

/** Behind the bracket that closes the one at `start`; -1 if none does. */
export function closeOf(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x22) {
      at = stringEnd(bytes, at);
      if (at < 0) return -1;
    } else if (byte === 0x7b || byte === 0x5b) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return at + 1;
  }
  return -1;
}

/** By line: the line in which the document that the line opens closes again, or -1. Linear in the number of lines. */
export function closingLines(lines: readonly Brackets[]): number[] {
  const closing = new Array<number>(lines.length).fill(-1);
  // Lines still open, with the depth that stood before them; that depth only grows upwards.
  const open: { line: number; depth: number }[] = [];
  let depth = 0;
  for (const [at, line] of lines.entries()) {
    const lowest = depth + line.lowest;
    while (open.length > 0 && open.at(-1)!.depth >= lowest && open.at(-1)!.line < at) {
      const { line: first, depth: before } = open.pop()!;
      // A document ends where its own depth is reached, not below it.
      if (lowest <= before && depth + line.delta <= before) closing[first] = at;
    }
    open.push({ line: at, depth });
    depth += line.delta;
  }
  return closing;
}
