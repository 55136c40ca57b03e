import { alertmanager } from './alertmanager.ts';
import { email } from './email.ts';
import { heartbeat } from './heartbeat.ts';
import { jira } from './jira.ts';
import { opsgenie } from './opsgenie.ts';
import { pagerduty } from './pagerduty.ts';
import type { ReceiverKind } from './receiver.ts';
import { sentinel } from './sentinel.ts';
import { servicenow } from './servicenow.ts';
import { slack } from './slack.ts';
import { splunkHec } from './splunkHec.ts';
import { syslog } from './syslog.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

/** Every kind of receiver. A new one is a file and a line here. */
export const RECEIVER_KINDS: readonly ReceiverKind[] = [
  slack,
  pagerduty,
  teams,
  email,
  webhook,
  alertmanager,
  heartbeat,
  splunkHec,
  syslog,
  sentinel,
  servicenow,
  jira,
  opsgenie,
];
