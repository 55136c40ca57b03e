import type { Act, RequestAct, StatisticAct } from './acts.ts';
import { clockOf, DAY, HOUR, MINUTE, SECOND } from './clock.ts';
import { elsewhereOn } from './elsewhere.ts';
import { onAccount, putAccount, readKeys, writeContainer } from './operations.ts';
import { deleteItem, request } from './requests.ts';
import type { Rng } from './rng.ts';
import { settingsOf } from './settings.ts';
import {
  changeKey,
  grantKey,
  protect,
  unprotect,
  writeBackupVault,
  writeDiagnostics,
  writeKeyVault,
  writeLock,
} from './surroundings.ts';
import { ACCOUNTS, type Account, ALL_ACCOUNTS, CATALOG_IDENTITY, groupOf, idOf, KEY_VERSION, PEOPLE } from './world.ts';

/** Share of a day's requests by hour: quiet nights, two busy times. */
const HOURS = [2, 2, 1, 1, 1, 2, 3, 4, 6, 7, 7, 6, 5, 6, 6, 6, 5, 5, 5, 6, 6, 5, 4, 3].map(
  (weight, _, all) => weight / all.reduce((a, b) => a + b),
);

const MINUTES = 60;

/** An account's requests are not logged, or it is gone, from one moment to another. */
export interface Blackout {
  readonly account: Account;
  readonly from: number;
  readonly to: number;
}

/**
 * Ordinary requests of one minute, in no order. Every account has at least one in an hour, so a silence of hours is always somebody's doing.
 * @param start of the minute
 */
export function requestsOf(
  start: number,
  perDay: number,
  accounts: readonly Account[],
  blackouts: readonly Blackout[],
  rng: Rng,
): Act[] {
  const hour = Math.floor((start % DAY) / HOUR);
  const minute = Math.floor((start % HOUR) / MINUTE);
  const acts: Act[] = [];
  const isLogged = (act: Act & { readonly account: Account }) =>
    !blackouts.some((dark) => dark.account === act.account && act.time >= dark.from && act.time < dark.to);
  for (const account of accounts) {
    const inHour = Math.max(1, Math.round(perDay * account.share * HOURS[hour]!));
    const upTo = (minutes: number) => Math.floor((inHour * minutes) / MINUTES);
    for (let left = upTo(minute + 1) - upTo(minute); left > 0; left--) {
      const act = oneRequest(start + rng.int(MINUTE), account, perDay, rng);
      if (isLogged(act)) acts.push(act);
      if (account.hasStatistics) acts.push(...statisticsOf(act).filter(isLogged));
    }
    if (account.hasStatistics && minute === 0) acts.push(...sizesOf(account, start).filter(isLogged));
  }
  return acts;
}

/** What logs of statistics tell beside a request. */
function statisticsOf({ account, container, time, operation }: RequestAct): StatisticAct[] {
  const cost = { kind: 'statistic', family: 'PartitionKeyRUConsumption', account, container, time } as const;
  return operation === 'Query' ? [cost, { ...cost, family: 'QueryRuntimeStatistics' }] : [cost];
}

/** Once an hour: where an account's data lies. */
function sizesOf(account: Account, time: number): StatisticAct[] {
  return account.containers.map((container) => ({
    kind: 'statistic',
    family: 'PartitionKeyStatistics',
    account,
    container,
    time,
  }));
}

type Kind = readonly [upTo: number, operation: string, failure: number, failures: number];

/** What applications do: up to which throw of the dice, the operation, what it fails with and how often. */
const KINDS: readonly Kind[] = [
  [0.5, 'Read', 404, 0.02],
  [0.55, 'ReadFeed', 429, 0.001],
  [0.75, 'Query', 429, 0.004],
  [0.86, 'Upsert', 429, 0.01],
  [0.9, 'Replace', 412, 0.02],
  [0.999, 'Create', 409, 0.005],
  [1, 'Delete', 404, 1],
];

/** Deletes that succeed are few, however many requests there are: each is an alert of level low. */
const DELETES_PER_DAY = 4;

function oneRequest(time: number, account: Account, perDay: number, rng: Rng): RequestAct {
  const client = rng.pick(account.clients);
  const container = rng.pick(account.containers);
  if (rng.chance(DELETES_PER_DAY / perDay)) return deleteItem(time, account, container, client);
  const dice = rng.next();
  const [, operation, failure, failures] = KINDS.find(([upTo]) => dice < upTo)!;
  return request(time, account, client, {
    operation,
    container,
    ...(rng.chance(failures) ? { status: failure } : {}),
  });
}

/** What the platform team and its machines do in a day, besides requests, in no order. */
export function routineOf(start: number, dayIndex: number): Act[] {
  return [
    ...(dayIndex === 0 ? firstDeployment(start) : []),
    ...nightlyTerraform(start),
    ...officeHours(start),
    ...nowAndThen(start, dayIndex),
    ...elsewhereOn(start),
  ];
}

/** The first night brings everything up to date: it is how the settings come to be known. */
function firstDeployment(start: number): Act[] {
  const { terraform } = PEOPLE;
  const at = clockOf(start);
  const protectedAccounts = [ACCOUNTS.orders, ACCOUNTS.catalog, ACCOUNTS.analytics];
  return [
    writeBackupVault(at(0, 6), terraform, 'On'),
    ...protectedAccounts.map((account, index) =>
      protect(at(0, 7, index * 4), terraform, account.name, idOf(account), 'Microsoft.DocumentDB/databaseAccounts'),
    ),
    ...[ACCOUNTS.orders, ACCOUNTS.catalog].map((account, index) =>
      writeLock(at(0, 8, index), terraform, groupOf(account), 'CanNotDelete'),
    ),
    ...ALL_ACCOUNTS.map((account, index) => writeDiagnostics(at(0, 9, index * 5), terraform, account)),
    writeKeyVault(at(0, 10), terraform, 'AzureServices'),
    grantKey(at(0, 10, 20), terraform, CATALOG_IDENTITY),
  ];
}

/** Terraform refreshes (three reads of keys an account) and sends what its code says. */
function nightlyTerraform(start: number): Act[] {
  const { terraform } = PEOPLE;
  return ALL_ACCOUNTS.flatMap((account, index) => {
    const time = start + 40 * MINUTE + index * 20 * SECOND;
    return [
      readKeys(time, terraform, account, 'listKeys'),
      readKeys(time + SECOND, terraform, account, 'readonlykeys'),
      readKeys(time + 2 * SECOND, terraform, account, 'listConnectionStrings'),
      putAccount(time + 20 * MINUTE, terraform, account, settingsOf(account)),
    ];
  });
}

function officeHours(start: number): Act[] {
  const { analyst, platform, terraform } = PEOPLE;
  const at = clockOf(start);
  return [
    // Data Explorer reads the keys when it opens: refused first, then the read-only ones.
    readKeys(at(9, 12), analyst, ACCOUNTS.analytics, 'listKeys', 'failure'),
    readKeys(at(9, 12, 2), analyst, ACCOUNTS.analytics, 'readonlykeys'),
    // A deployment sends the containers that are there.
    ...ACCOUNTS.catalog.containers.map((container, index) =>
      writeContainer(at(13, 5, index * 3), terraform, ACCOUNTS.catalog, container, { isNew: false }),
    ),
    changeKey(at(15, 0), platform, 'KeyGet'),
  ];
}

/** What comes once in a while. */
function nowAndThen(start: number, dayIndex: number): Act[] {
  const { platform, terraform } = PEOPLE;
  const at = clockOf(start);
  const acts: Act[] = [];
  if (dayIndex % 7 === 3) {
    const { analytics } = ACCOUNTS;
    acts.push(writeContainer(at(14, 0), terraform, analytics, `clicks-${dayIndex}`, { isNew: true }));
    acts.push(onAccount(at(14, 40), platform, ACCOUNTS.dev, 'regenerateKey/action'));
    acts.push(unprotect(at(15, 20), platform, 'orders-prod', [], 'delete', 'failure'));
  }
  if (dayIndex % 30 === 1) {
    // A new version of the key, and the old one switched off, is what rotation looks like.
    const [older, newer] = [versionOf(dayIndex - 30), versionOf(dayIndex)];
    acts.push(changeKey(at(11, 0), platform, 'KeyCreate', { version: newer }));
    acts.push(changeKey(at(12, 0), platform, 'KeyUpdate', { version: older, enabled: false }));
  }
  return acts;
}

/** The version of the key that a day's rotation makes; before the first, the one that was there. */
function versionOf(dayIndex: number): string {
  return dayIndex < 0 ? KEY_VERSION : `${dayIndex}`.padStart(32, 'f');
}
