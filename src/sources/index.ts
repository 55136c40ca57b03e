import { activityLogKind } from './activity_log.ts';
import { blobKind } from './blob.ts';
import { logAnalyticsKind } from './log_analytics.ts';
import type { SourceKind } from './source.ts';

/** Every kind of source. A new one is a file and a line here. */
export const SOURCE_KINDS: readonly SourceKind[] = [activityLogKind, blobKind, logAnalyticsKind];
