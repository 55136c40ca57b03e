import type { ReceivedEventData } from '@azure/event-hubs';

/** Where a partition stands: the last event that was given. */
export interface HubPosition {
  readonly offset: string;
  readonly sequence: number;
}

/** Before the first event of a partition. */
export const BEFORE_ALL: HubPosition = { offset: '-1', sequence: -1 };

export function printPosition({ offset, sequence }: HubPosition): string {
  return JSON.stringify({ offset, sequence });
}

export function readPosition(text: string): HubPosition {
  return JSON.parse(text) as HubPosition;
}

/** Bytes of one batch; a single event may be longer. */
const BATCH = 4 << 20;
const NEWLINE = new Uint8Array([0x0a]);

export interface HubPiece {
  readonly bytes: readonly Uint8Array[];
  readonly size: number;
  readonly first: ReceivedEventData;
  readonly last: ReceivedEventData;
}

/** Events in batches, each body as it was sent and on lines of its own. */
export function piecesOf(events: readonly ReceivedEventData[]): HubPiece[] {
  const pieces: HubPiece[] = [];
  let begun: { bytes: Uint8Array[]; size: number; first: ReceivedEventData; last: ReceivedEventData } | null = null;
  for (const event of events) {
    const body = bytesOf(event.body);
    if (begun === null || begun.size + body.length > BATCH) {
      begun = { bytes: [], size: 0, first: event, last: event };
      pieces.push(begun);
    }
    begun.bytes.push(body, NEWLINE);
    begun.size += body.length + 1;
    begun.last = event;
  }
  return pieces;
}

/**
 * The bytes of a body. Azure Monitor sends one AMQP data section, which comes as bytes when the client is told not to parse it; several
 * data sections come as a list of bytes, and other senders' value and sequence sections as what AMQP made of them.
 */
export function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  if (Array.isArray(body) && body.length > 0 && body.every((one) => one instanceof Uint8Array))
    return Buffer.concat(body);
  return Buffer.from(JSON.stringify(body) ?? '');
}
