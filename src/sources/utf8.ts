import { TextDecoder } from 'node:util';

/**
 * Text as UTF-8, whatever it was: files that Windows PowerShell writes (`az ... > answer.json`) are UTF-16 and begin with its mark. Other
 * bytes go through as they are.
 */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let decoder: TextDecoder | null | undefined;
  for await (const chunk of chunks) {
    if (decoder === undefined) decoder = decoderFor(chunk);
    yield decoder === null ? chunk : encoder.encode(decoder.decode(chunk, { stream: true }));
  }
  if (decoder) yield encoder.encode(decoder.decode());
}

/** Does a file begin with the mark of UTF-16? */
export function isUtf16(head: Uint8Array): boolean {
  return decoderFor(head) !== null;
}

function decoderFor(head: Uint8Array): TextDecoder | null {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le');
  return head[0] === 0xfe && head[1] === 0xff ? new TextDecoder('utf-16be') : null;
}
