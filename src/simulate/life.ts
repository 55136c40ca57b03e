import type { Act } from './acts.ts';
import {
  changeKey,
  deleteItem,
  putAccount,
  readKeys,
  request,
  SETTINGS,
  writeContainer,
  writeDiagnostics,
  writeLock,
} from './operations.ts';
import type { Rng } from './rng.ts';
import { ACCOUNTS, type Account, ALL_ACCOUNTS, groupOf, KEY_URI, KEY_VERSION, PEOPLE } from './world.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Share of a day's requests by hour: quiet nights, two busy times. */
const HOURS = [2, 2, 1, 1, 1, 2, 3, 4, 6, 7, 7, 6, 5, 6, 6, 6, 5, 5, 5, 6, 6, 5, 4, 3].map(
  (weight, _, all) => weight / all.reduce((a, b) => a + b),
);

/** How an account's logs are: requests stop being logged in between. */
export interface Blackout {
  readonly account: Account;
  readonly from: number;
  readonly to: number;
}

/** Ordinary requests of one hour, in no order. */
export function requestsOf(
  hourStart: number,
  hour: number,
  perDay: number,
  blackouts: readonly Blackout[],
  rng: Rng,
): Act[] {
  const acts: Act[] = [];
  for (const account of ALL_ACCOUNTS) {
    const count = Math.max(1, Math.round(perDay * account.share * HOURS[hour]!));
    for (let at = 0; at < count; at++) {
      const time = hourStart + rng.int(HOUR);
      if (!blackouts.some((dark) => dark.account === account && time >= dark.from && time < dark.to))
        acts.push(oneRequest(time, account, rng));
    }
  }
  return acts;
}

function oneRequest(time: number, account: Account, rng: Rng): Act {
  const client = rng.pick(account.clients);
  const container = rng.pick(account.containers);
  const dice = rng.next();
  if (dice < 0.0004) return deleteItem(time, account, container, client);
  if (dice < 0.55)
    return request(time, account, client, { operation: 'Read', container, status: rng.chance(0.02) ? 404 : 200 });
  if (dice < 0.75) return request(time, account, client, { operation: 'Query', container });
  if (dice < 0.9)
    return request(time, account, client, { operation: 'Upsert', container, status: rng.chance(0.01) ? 429 : 200 });
  return request(time, account, client, { operation: 'Create', container, status: rng.chance(0.005) ? 409 : 201 });
}

/** What the platform team and its machines do every day, besides requests. */
export function routineOf(dayStart: number, dayIndex: number): Act[] {
  return [
    ...nightlyTerraform(dayStart),
    ...(dayIndex === 0 ? firstDeployment(dayStart) : []),
    ...officeHours(dayStart, dayIndex),
  ];
}

/** The first night brings everything up to date: it is how the settings come to be known. */
function firstDeployment(start: number): Act[] {
  const { terraform } = PEOPLE;
  const locks = [ACCOUNTS.orders, ACCOUNTS.catalog].map((account, at) =>
    writeLock(start + 8 * MINUTE + at * SECOND, terraform, groupOf(account), 'CanNotDelete'),
  );
  const logs = ALL_ACCOUNTS.map((account, at) =>
    writeDiagnostics(start + 9 * MINUTE + at * 5 * SECOND, terraform, account),
  );
  return [...locks, ...logs];
}

export function settingsOf(account: Account): typeof SETTINGS {
  return account === ACCOUNTS.catalog ? { ...SETTINGS, keyUri: KEY_URI } : SETTINGS;
}

/** Terraform refreshes (three reads of keys an account) and sends what is there already. */
function nightlyTerraform(start: number): Act[] {
  const { terraform } = PEOPLE;
  return ALL_ACCOUNTS.flatMap((account, at) => {
    const time = start + 40 * MINUTE + at * 20 * SECOND;
    return [
      readKeys(time, terraform, account, 'listKeys'),
      readKeys(time + SECOND, terraform, account, 'readonlykeys'),
      readKeys(time + 2 * SECOND, terraform, account, 'listConnectionStrings'),
      putAccount(time + 20 * MINUTE, terraform, account, settingsOf(account)),
    ];
  });
}

function officeHours(start: number, dayIndex: number): Act[] {
  const { analyst, platform, terraform } = PEOPLE;
  const at = (hours: number, minutes: number) => start + hours * HOUR + minutes * MINUTE;
  const acts: Act[] = [
    // Data Explorer reads the keys when it opens: refused first, then the read-only ones.
    readKeys(at(9, 12), analyst, ACCOUNTS.analytics, 'listKeys', 'failure'),
    readKeys(at(9, 12) + 2 * SECOND, analyst, ACCOUNTS.analytics, 'readonlykeys'),
    // A deployment sends the containers that are there.
    ...ACCOUNTS.catalog.containers.map((container, index) =>
      writeContainer(at(13, 5) + index * 3 * SECOND, terraform, ACCOUNTS.catalog, container),
    ),
    changeKey(at(15, 0), platform, 'KeyGet', {}),
  ];
  if (dayIndex % 30 === 1) {
    // A new version of the key, and the old one switched off a day later, is what rotation looks like.
    acts.push(changeKey(at(11, 0), platform, 'KeyCreate', { version: 'ffffffffffffffffffffffffffff0002' }));
    acts.push(changeKey(at(12, 0), platform, 'KeyUpdate', { version: KEY_VERSION, enabled: false }));
  }
  return acts;
}
