import { eventHubsKind } from './eventHubs.ts';
import { kafkaKind } from './kafka.ts';
import type { SourceKind } from './source.ts';
import { fileKind } from './tail.ts';

/** Every kind of source. A new one is a file and a line here. */
export const SOURCE_KINDS: readonly SourceKind[] = [eventHubsKind, fileKind, kafkaKind];
