import type { Route } from '../route.ts';
import { ACCOUNT_ROUTES } from './accounts.ts';
import { ALERT_ROUTES } from './alerts.ts';
import { DELIVERY_ROUTES } from './deliveries.ts';
import { DRILL_ROUTES } from './drills.ts';
import { EVIDENCE_ROUTES } from './evidence.ts';
import { FIGURE_ROUTES } from './figures.ts';
import { HISTOGRAM_ROUTES } from './histogram.ts';
import { LOG_ROUTES } from './logs.ts';
import { RECEIVER_ROUTES } from './receivers.ts';
import { ROUTINE_ROUTES } from './routines.ts';
import { RULE_ROUTES } from './rules.ts';
import { SERVICE_ROUTES } from './service.ts';
import { SESSION_ROUTES } from './session.ts';
import { SETTING_ROUTES } from './settings.ts';
import { SIGNED_ROUTES } from './signed.ts';
import { SOURCE_ROUTES } from './sources.ts';
import { STATUS_ROUTES } from './status.ts';
import { STORY_ROUTES } from './stories.ts';
import { TOKEN_ROUTES } from './tokens.ts';
import { TUNING_ROUTES } from './tuning.ts';
import { USER_ROUTES } from './users.ts';

/** Everything that the server answers. A new route is a row, and the test over all rows asks it what it asks every other. */
export const ROUTES: readonly Route[] = [
  ...LOG_ROUTES,
  ...HISTOGRAM_ROUTES,
  ...ALERT_ROUTES,
  ...STORY_ROUTES,
  ...EVIDENCE_ROUTES,
  {
    kind: 'stream',
    method: 'GET',
    path: '/api/v1/events',
    doc: 'Changes of alerts as server-sent events; Last-Event-ID goes on where the client was',
    scope: 'read',
  },
  ...STATUS_ROUTES,
  ...ACCOUNT_ROUTES,
  ...RULE_ROUTES,
  ...SOURCE_ROUTES,
  ...RECEIVER_ROUTES,
  ...SETTING_ROUTES,
  ...FIGURE_ROUTES,
  ...DELIVERY_ROUTES,
  ...SIGNED_ROUTES,
  ...DRILL_ROUTES,
  ...ROUTINE_ROUTES,
  ...TOKEN_ROUTES,
  ...TUNING_ROUTES,
  ...SESSION_ROUTES,
  ...USER_ROUTES,
  ...SERVICE_ROUTES,
];
