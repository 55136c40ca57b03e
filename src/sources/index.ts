import { activityLogKind } from './activity_log.ts';
import { blobKind } from './blob.ts';
import { eventHubsKind } from './eventHubs.ts';
import type { SourceKind } from './source.ts';
import { fileKind } from './tail.ts';

/** Every kind of source. A new one is a file and a line here. */
export const SOURCE_KINDS: readonly SourceKind[] = [activityLogKind, blobKind];
import { eventGridKind } from './eventGrid.ts';
import { httpKind } from './http.ts';
import { otlpKind } from './otlp.ts';
export const SOURCE_KINDS: readonly SourceKind[] = [httpKind, otlpKind, eventGridKind] as readonly SourceKind[];
export const SOURCE_KINDS: readonly SourceKind[] = [eventHubsKind, fileKind];
