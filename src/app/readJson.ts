import { Decoder, type DecodeSink, type InvalidReason } from '../events/decode.ts';
import type { Position } from '../events/event.ts';
import { isKnown } from '../events/normalise.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import type { FileIo, InputFile } from '../sources/file.ts';
import { readInto } from './readFiles.ts';

export interface JsonSink {
  record(value: JsonObject, position: Position): void;
  invalid(reason: InvalidReason, position: Position, detail: string): void;
  /** All that a piece of the file held has been told: a good moment to pass on what waits. */
  piece?(): void;
}

/** Every JSON object of a file, of whatever product, in the order of the file and in any framing and compression that a scan reads. */
export async function readJson(file: InputFile, io: FileIo, sink: JsonSink, signal?: AbortSignal): Promise<void> {
  const source = file.path;
  const decoder = jsonDecoder({
    record: (value, line, index) => sink.record(value, { source, line, index }),
    invalid: (reason, line, detail) => sink.invalid(reason, { source, line, index: 0 }, detail),
  });
  await readInto(decoder, file, { io, onChunk: () => sink.piece?.() }, signal);
}

/**
 * Gives objects of any product. Records of logs that are known are those that a scan finds, whatever stands around them; any other
 * object may be a record of somebody, so only brackets say where it ends.
 */
export function jsonDecoder(sink: Pick<DecodeSink<never>, 'record' | 'invalid'>): Decoder<never> {
  return new Decoder<never>({
    known: (value) => isKnown(value) || !isEnvelope(value),
    interrupts: isKnown,
    skim: null,
    sink: {
      record: (value, line, index, bytes) => sink.record(value, line, index, bytes),
      skimmed: () => {},
      invalid: (reason, line, detail) => sink.invalid(reason, line, detail),
    },
  });
}

/** What stands beside the list in answers of Azure's and Microsoft's interfaces. */
const BESIDE = /^(?:records|value|count|nextLink|@odata\..*)$/;

/**
 * `{"records":[...]}`, `{"value":[...],"nextLink":...}`: anything else beside the list makes it an event that has a list, unless the
 * list is one of records of known logs.
 */
function isEnvelope(value: JsonObject): boolean {
  return Object.keys(value).every((name) => BESIDE.test(name)) || holdsKnown(value);
}

function holdsKnown(value: JsonObject): boolean {
  return [value['records'], value['value']].some(
    (list) => Array.isArray(list) && list.some((item) => isObject(item) && (isKnown(item) || holdsKnown(item))),
  );
}
