import { zstdCompressSync } from 'node:zlib';
import { Decoder } from '../../events/decode.ts';
import type { Event } from '../../events/event.ts';
import { isKnown, normalise } from '../../events/normalise.ts';
import { refusalsOf } from '../live/read.ts';
import type { Frame } from './spool.ts';

/** A file of the archive. */
export interface Part {
  /** Below the archive: `2026/11/24/03/orders/DataPlaneRequests/000000000017.ndjson.zst` */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Batches to files: every record that was accepted, without what is secret, by hour, account and family. The same chunk always makes the
 * same files, so one that is packed twice is there once.
 * @param number of the chunk
 */
export function partsIn(frames: Iterable<Frame>, number: number): Part[] {
  const lines = new Map<string, string[]>();
  for (const frame of frames) {
    for (const event of eventsIn(frame)) {
      const path = `${folderOf(event)}/${String(number).padStart(12, '0')}.ndjson.zst`;
      const own = lines.get(path);
      const line = `${JSON.stringify(event.raw)}\n`;
      if (own === undefined) lines.set(path, [line]);
      else own.push(line);
    }
  }
  return [...lines].map(([path, own]) => ({ path, bytes: zstdCompressSync(own.join('')) }));
}

function eventsIn({ bytes, arrived, speaksFor }: Frame): Event[] {
  const events: Event[] = [];
  const refuses = refusalsOf(speaksFor);
  const decoder = new Decoder<never>({
    known: isKnown,
    skim: null,
    sink: {
      record: (value, line, index) => {
        const read = normalise(value, { source: '', line, index }, { now: arrived });
        if (read.kind === 'event' && refuses(read.event.resourceId) === null) events.push(read.event);
      },
      skimmed: () => {},
      invalid: () => {},
    },
  });
  decoder.push(bytes);
  decoder.end();
  return events;
}

/** Names come from logs, which others write. */
function folderOf({ time, account, family }: Event): string {
  const [year, month, day, hour] = new Date(time / 1000).toISOString().split(/[-T:]/);
  const name = account === null ? 'none' : account.slice(account.lastIndexOf('/') + 1);
  const safe = name.replace(/[^a-z0-9-]/gi, '_').slice(0, 64) || 'none';
  return [year, month, day, hour, safe, family].join('/');
}
