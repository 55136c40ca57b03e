import { META } from './0001_meta.ts';
import { audit } from './0002_audit.ts';
import { tokens } from './0003_tokens.ts';
import { live } from './0010_live.ts';
import { figures } from './0020_figures.ts';
import { OUTBOX } from './0030_outbox.ts';
import { TUNING } from './0040_tuning.ts';
import { ROUTINE } from './0050_routine.ts';
import { clients } from './0060_clients.ts';
import { USERS } from './0070_users.ts';
import { SESSIONS } from './0071_sessions.ts';
import { logHours } from './0080_log_hours.ts';
import { OUTBOX_GROUPS } from './0090_outboxGroups.ts';
import { RECEIVER_EVENTS } from './0091_receiverEvents.ts';
import { around } from './0100_around.ts';
import { records } from './0101_records.ts';
import { forgetting } from './0102_forgetting.ts';
import { inventories } from './0103_inventories.ts';
import type { Migration } from './migration.ts';

/** Append-only. Each is a file of its own: `0001_meta.ts`. */
export const MIGRATIONS: readonly Migration[] = [
  META,
  audit,
  tokens,
  live,
  figures,
  OUTBOX,
  TUNING,
  ROUTINE,
  clients,
  USERS,
  SESSIONS,
  logHours,
  OUTBOX_GROUPS,
  RECEIVER_EVENTS,
  around,
  records,
  forgetting,
  inventories,
];
