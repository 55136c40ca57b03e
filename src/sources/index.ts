import { activityLogKind } from './activityLog.ts';
import { blobKind } from './blob.ts';
import { eventGridKind } from './eventGrid.ts';
import { eventHubsKind } from './eventHubs.ts';
import { httpKind } from './http.ts';
import { kafkaKind } from './kafka.ts';
import { logAnalyticsKind } from './logAnalytics.ts';
import { otlpKind } from './otlp.ts';
import type { SourceKind } from './source.ts';
import { fileKind } from './tail.ts';

/** Every kind of source. A new one is a file and a line here. */
export const SOURCE_KINDS: readonly SourceKind[] = [
  httpKind,
  otlpKind,
  eventGridKind,
  eventHubsKind,
  kafkaKind,
  blobKind,
  activityLogKind,
  logAnalyticsKind,
  fileKind,
];
