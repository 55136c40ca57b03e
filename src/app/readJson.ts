import { Decoder, type InvalidReason } from '../events/decode.ts';
import type { Position } from '../events/event.ts';
import type { JsonObject } from '../lib/json.ts';
import { type FileIo, type InputFile, readInput } from '../sources/file.ts';

export interface JsonSink {
  record(value: JsonObject, position: Position): void;
  invalid(reason: InvalidReason, position: Position, detail: string): void;
  /** All that a piece of the file held has been told: a good moment to pass on what waits. */
  piece?(): void;
}

/** Every JSON object of a file, of whatever product, in the order of the file and in any framing and compression that a scan reads. */
export async function readJson(file: InputFile, io: FileIo, sink: JsonSink, signal?: AbortSignal): Promise<void> {
  const source = file.path;
  const decoder = new Decoder<never>({
    known: (value) => !isEnvelope(value),
    // Any object could be a record of somebody: only brackets say where a document ends.
    interrupts: () => false,
    skim: null,
    sink: {
      record: (value, line, index) => sink.record(value, { source, line, index }),
      skimmed: () => {},
      invalid: (reason, line, detail) => sink.invalid(reason, { source, line, index: 0 }, detail),
    },
  });
  for await (const chunk of readInput(file, io)) {
    if (signal?.aborted) return;
    decoder.push(chunk);
    sink.piece?.();
  }
  decoder.end();
}

/** What stands beside the list in answers of Azure's and Microsoft's interfaces. */
const BESIDE = /^(?:records|value|count|nextLink|@odata\..*)$/;

/** `{"records":[...]}`, `{"value":[...],"nextLink":...}`: anything else beside the list makes it an event that has a list. */
function isEnvelope(value: JsonObject): boolean {
  return Object.keys(value).every((name) => BESIDE.test(name));
}
