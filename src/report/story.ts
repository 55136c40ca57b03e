import type { Alert, Raised } from '../alerts/alert.ts';
import { isTold } from '../ir/ir.ts';
import { nameOf } from './phrases.ts';
import { backupDeleted } from './stories/backup.ts';
import { anyRule, itemDeleted, multipleTablesCreated, noLogs } from './stories/data.ts';
import { accessKeysViewed, connectionStringViewed, customerManagedKeyChanged } from './stories/keys.ts';
import { loggingChanged } from './stories/logging.ts';
import { networkAccessChanged } from './stories/network.ts';
import { deletionProtectionDisabled } from './stories/protection.ts';
import type { Story, Tell } from './stories/story.ts';
import { keyUsedFromNewAddress, stolenKeyUsed } from './stories/theft.ts';
import { cutMiddle, listText, plural, visible } from './text.ts';

/** Rules that have words of their own; every other rule is told by its title. */
const STORIES: Readonly<Record<string, Tell>> = {
  cosmosdb_access_keys_viewed: accessKeysViewed,
  cosmosdb_connection_string_viewed: connectionStringViewed,
  cosmosdb_customer_managed_key_changed: customerManagedKeyChanged,
  cosmosdb_item_deleted: itemDeleted,
  cosmosdb_multiple_tables_created: multipleTablesCreated,
  cosmosdb_no_logs: noLogs,
  cosmosdb_network_access_changed: networkAccessChanged,
  cosmosdb_backup_deleted: backupDeleted,
  cosmosdb_deletion_protection_disabled: deletionProtectionDisabled,
  cosmosdb_logging_changed: loggingChanged,
  cosmosdb_key_used_from_new_address: keyUsedFromNewAddress,
  cosmosdb_stolen_key_used: stolenKeyUsed,
};

/** What an alert says, in words. */
export function storyOf(raised: Raised): Story {
  const tell = Object.hasOwn(STORIES, raised.alert.rule) ? STORIES[raised.alert.rule]! : anyRule;
  return tell(raised);
}

/** Why an alert matters: its rule's words, or how many rules are blind now. */
export function impactOf({ detail }: Raised): string {
  if (detail.blinded === null) {
    const holds = new Set(detail.holds);
    return detail.rule.impact.find((one) => isTold(one, holds))?.text ?? '';
  }
  const lost = 'Logs that were not written cannot be brought back.';
  if (detail.blinded.length === 0) return `Every rule can still find something in the logs that are left. ${lost}`;
  const rules = `${plural(detail.blinded.length, 'rule')} can no longer fire for this account`;
  return `${rules}: ${listText(detail.blinded.map(visible), 3)}. ${lost}`;
}

/** `[critical] orders-prod: open to the internet`: what a lock screen shows first. */
export function headlineOf(raised: Raised): string {
  return `[${raised.alert.level}] ${cutMiddle(nameOf(raised), 24)}: ${storyOf(raised).what}`.slice(0, 120);
}

/** The alert with its sentence, by the contract: fields in their order on the wire. */
export function completeAlert(raised: Raised): Alert {
  const { routine, story, inhibitedBy, levelReason, ...rest } = raised.alert;
  return { ...rest, reason: storyOf(raised).reason, routine, story, inhibitedBy, levelReason };
}
