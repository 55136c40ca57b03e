import { RETAINED as AUDIT_ROWS } from '../../store/audit.ts';
import { RETAINED as CLIENT_ROWS } from '../../store/clients.ts';
import { RETAINED as FIGURE_ROWS } from '../../store/figures.ts';
import { RETAINED as OLD_ALERTS } from '../../store/forgetting.ts';
import { RETAINED as LOG_HOUR_ROWS } from '../../store/logHours.ts';
import { RETAINED as DELIVERY_ROWS } from '../../store/outbox.ts';
import { RETAINED as EVENT_ROWS } from '../../store/receiverEvents.ts';
import { RETAINED as RECORD_ROWS } from '../../store/records.ts';
import type { Retained } from '../../store/retained.ts';

/** Every table whose rows get old. */
export const OLD_ROWS: readonly Retained[] = [
  ...AUDIT_ROWS,
  ...FIGURE_ROWS,
  ...LOG_HOUR_ROWS,
  ...DELIVERY_ROWS,
  ...RECORD_ROWS,
  ...OLD_ALERTS,
  ...CLIENT_ROWS,
  ...EVENT_ROWS,
];
