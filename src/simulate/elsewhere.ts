import { type Act, arm } from './acts.ts';
import { DAY, HOUR, MINUTE } from './clock.ts';
import { changeKey, lockOf, protect, unprotect } from './surroundings.ts';
import { ACCOUNTS, groupOf, OTHER_KEY_URI, PEOPLE } from './world.ts';

/** What goes on beside the accounts and looks like what rules look for: none of it may be told. */

const GROUP = groupOf(ACCOUNTS.orders).replace('rg-shop', 'rg-web');
const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/stweb`;
const WEB_APP = `${GROUP}/providers/Microsoft.Web/sites/web-shop`;
const DISK = `${GROUP}/providers/Microsoft.Compute/disks/disk-web-01`;
const RESTORABLE = `${groupOf(ACCOUNTS.orders).split('/resourceGroups/')[0]}/providers/Microsoft.DocumentDB/locations/westeurope/restorableDatabaseAccounts/9f2b7c1e-0d4a-4c3b-8a6f-5e4d3c2b1a00`;

/** A day's acts, in no order. */
export function elsewhereOn(start: number): Act[] {
  const { platform, terraform } = PEOPLE;
  const at = (hours: number, minutes: number) => start + hours * HOUR + minutes * MINUTE;
  const weekday = Math.floor(start / DAY) % 7;
  const daily = [
    arm(at(1, 30), terraform, 'Microsoft.Storage/storageAccounts/listKeys/action', STORAGE),
    arm(at(8, 2), platform, 'Microsoft.Web/sites/restart/action', WEB_APP),
    arm(at(10, 41), platform, 'Microsoft.Authorization/locks/delete', lockOf(STORAGE)),
    arm(at(10, 44), platform, 'Microsoft.Authorization/locks/write', lockOf(STORAGE), {
      body: { properties: { level: 'CanNotDelete' } },
    }),
    arm(at(11, 20), platform, 'Microsoft.Insights/diagnosticSettings/delete', `${WEB_APP}${SETTING}`),
    changeKey(at(14, 30), platform, 'KeyUpdate', { key: OTHER_KEY_URI, enabled: false }),
    changeKey(at(14, 32), platform, 'KeyDelete', { key: OTHER_KEY_URI }),
  ];
  if (weekday !== TUESDAY) return daily;
  return [
    ...daily,
    protect(at(9, 0), platform, 'disk-web-01', DISK, 'Microsoft.Compute/disks'),
    unprotect(at(16, 0), platform, 'disk-web-01', []),
    arm(at(16, 20), platform, 'Microsoft.DocumentDB/locations/restorableDatabaseAccounts/restore/action', RESTORABLE),
  ];
}

/** Days since 1970, which began on a Thursday, modulo 7. */
const TUESDAY = 5;

const SETTING = '/providers/Microsoft.Insights/diagnosticSettings/to-storage';
