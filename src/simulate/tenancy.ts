import type { Act } from './acts.ts';
import { clockOf, DAY, HOUR, MINUTE, SECOND } from './clock.ts';
import { onAccount, readKeys, writeContainer } from './operations.ts';
import { deleteItem, request } from './requests.ts';
import { Rng } from './rng.ts';
import { ACCOUNTS, type Client, DOTNET, PEOPLE, type Person, THIEF_IP } from './world.ts';

/*
 * Months of one account, quick to play: only what rules look at. Its machines and people do the same day after day, as machines and people do:
 * not to the minute, with holidays, with what changes now and then. One theft may lie in it.
 */

export interface TenancyOptions {
  readonly seed: string;
  /** Milliseconds since 1970: midnight of the first day, a Monday or any other. */
  readonly start: number;
  readonly days: number;
  /** Null: nothing is stolen. */
  readonly theft: TheftKind | null;
}

export interface Theft {
  readonly kind: TheftKind;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Who it is by, as alerts name actors. */
  readonly actor: string;
}

export interface Tenancy {
  /** In order of time. */
  readonly acts: readonly Act[];
  readonly theft: Theft | null;
}

export const THEFT_KINDS = ['known user', 'stolen secret', 'new application', 'stolen key', 'from inside'] as const;
export type TheftKind = (typeof THEFT_KINDS)[number];

export const TENANCY_ACCOUNT = ACCOUNTS.orders;

/** So long nothing is new; whatever changes, changes later. */
const ORDINARY_DAYS = 30;
/** The theft lies in what comes after so many days. */
const QUIET_DAYS = 35;

const person = (number: number, name: string, type: Person['type'], ip: string): Person => ({
  name,
  oid: `33333333-2222-3333-4444-${`${number}`.padStart(12, '0')}`,
  type,
  appId: type === 'User' ? PEOPLE.analyst.appId : `44444444-2222-3333-4444-${`${number}`.padStart(12, '0')}`,
  ip,
});

const backup = person(1, 'backup-service', 'ServicePrincipal', '198.51.100.40');
const deployer = person(2, 'deploy-pipeline', 'ServicePrincipal', '192.0.2.20');
const newcomer = person(3, 'new-analyst@contoso.example', 'User', '192.0.2.47');
const consented = person(4, 'report-helper', 'ServicePrincipal', THIEF_IP);
const { terraform, analyst, platform } = PEOPLE;

const OFFICE = '192.0.2.44';
const HOME = '198.51.100.90';
const NEW_CI = '192.0.2.11';

const purger: Client = { ip: '10.1.0.9', agent: DOTNET, key: null, principal: 'aaaaaaaa-0000-0000-0000-000000000009' };
const shop: Client = TENANCY_ACCOUNT.clients[0];
const thief: Client = { ip: THIEF_IP, agent: 'azsdk-python-cosmos/4.7.0', key: 'PrimaryMasterKey', principal: null };

/** What stays the same of a tenancy, thrown once. */
interface Habits {
  readonly terraformHour: number;
  readonly backupHour: number;
  readonly purgeHour: number;
  /** Days from the start: when something is new from then on. */
  readonly newcomerFrom: number;
  readonly newCiFrom: number;
  /** Nobody works, and nothing is deployed. */
  readonly holidays: { readonly every: number; readonly days: number };
  readonly rotationDay: number;
  readonly onCallDay: number;
  readonly purged: number;
}

/** The same seed gives the same months, whatever is stolen in them. */
export function tenancyOf({ seed, start, days, theft }: TenancyOptions): Tenancy {
  const rng = new Rng(`${seed}|tenancy`);
  const habits = habitsOf(rng);
  const acts: Act[] = [];
  for (let day = 0; day < days; day++) acts.push(...dayOf(start, day, habits, rng));
  const stolen = theft === null ? null : theftOf(theft, start, days, habits, new Rng(`${seed}|${theft}`));
  if (stolen !== null) acts.push(...stolen.acts);
  return { acts: acts.sort((a, b) => a.time - b.time), theft: stolen?.theft ?? null };
}

function habitsOf(rng: Rng): Habits {
  return {
    terraformHour: 1 + rng.int(5),
    backupHour: 19 + rng.int(4),
    purgeHour: rng.int(6),
    newcomerFrom: ORDINARY_DAYS + rng.int(60),
    newCiFrom: ORDINARY_DAYS + rng.int(60),
    holidays: { every: 60 + rng.int(60), days: 5 + rng.int(10) },
    rotationDay: 10 + rng.int(15),
    onCallDay: rng.int(30),
    purged: 40 + rng.int(120),
  };
}

function dayOf(start: number, day: number, habits: Habits, rng: Rng): Act[] {
  const midnight = start + day * DAY;
  const isHoliday = day >= ORDINARY_DAYS && day % habits.holidays.every < habits.holidays.days;
  const weekday = new Date(midnight).getUTCDay();
  const isWorkday = weekday !== 0 && weekday !== 6 && !isHoliday;
  return [
    ...machines(midnight, day, habits, rng),
    ...(isWorkday ? workday(midnight, day, habits, rng) : []),
    ...(day >= ORDINARY_DAYS && day % 30 === habits.onCallDay && !isHoliday ? onCall(midnight, rng) : []),
  ];
}

/** A moment of an hour, some minutes earlier or later than the day before. */
function about(midnight: number, hour: number, rng: Rng): number {
  return clockOf(midnight)(hour, 10) + rng.int(25 * MINUTE);
}

function machines(midnight: number, day: number, habits: Habits, rng: Rng): Act[] {
  const ci = { ...terraform, ip: day >= habits.newCiFrom ? NEW_CI : terraform.ip };
  const night = about(midnight, habits.terraformHour, rng);
  const purge = about(midnight, habits.purgeHour, rng);
  const items = habits.purged + rng.int(20);
  return [
    // A night without it now and then: a runner that was down.
    ...(rng.chance(0.97) ? trio(night, ci) : []),
    readKeys(about(midnight, habits.backupHour, rng), backup, TENANCY_ACCOUNT, 'listConnectionStrings'),
    // The applications are never silent for hours.
    ...Array.from({ length: 24 }, (_, hour) => request(clockOf(midnight)(hour, 30), TENANCY_ACCOUNT, shop, {})),
    ...Array.from({ length: items }, (_, at) => deleteItem(purge + at * 1500, TENANCY_ACCOUNT, 'leases', purger)),
  ];
}

/** Terraform's refresh. */
function trio(time: number, who: Person): Act[] {
  return [
    readKeys(time, who, TENANCY_ACCOUNT, 'listKeys'),
    readKeys(time + SECOND, who, TENANCY_ACCOUNT, 'readonlykeys'),
    readKeys(time + 2 * SECOND, who, TENANCY_ACCOUNT, 'listConnectionStrings'),
  ];
}

function workday(midnight: number, day: number, habits: Habits, rng: Rng): Act[] {
  const acts: Act[] = [];
  const time = () => clockOf(midnight)(9, 0) + rng.int(8 * HOUR);
  if (rng.chance(0.8))
    acts.push(...explorer(time(), { ...analyst, ip: rng.chance(day < ORDINARY_DAYS ? 0 : 0.15) ? HOME : OFFICE }));
  if (day >= habits.newcomerFrom && rng.chance(0.5)) acts.push(...explorer(time(), newcomer));
  if (rng.chance(0.4)) acts.push(...deployment(time()));
  if (day >= ORDINARY_DAYS && day % 30 === habits.rotationDay) acts.push(...rotation(time()));
  return acts;
}

/** Data Explorer reads the keys when it opens: refused first, then the read-only ones. */
function explorer(time: number, who: Person): Act[] {
  return [
    readKeys(time, who, TENANCY_ACCOUNT, 'listKeys', 'failure'),
    readKeys(time + 2 * SECOND, who, TENANCY_ACCOUNT, 'readonlykeys'),
  ];
}

/** A template that lists the keys, and sends the containers that are there. */
function deployment(time: number): Act[] {
  return [
    readKeys(time, deployer, TENANCY_ACCOUNT, 'listKeys'),
    ...TENANCY_ACCOUNT.containers.map((container, at) =>
      writeContainer(time + (at + 1) * 5 * SECOND, deployer, TENANCY_ACCOUNT, container, { isNew: false }),
    ),
  ];
}

function rotation(time: number): Act[] {
  return [
    onAccount(time, platform, TENANCY_ACCOUNT, 'regenerateKey/action'),
    readKeys(time + MINUTE, platform, TENANCY_ACCOUNT, 'listKeys'),
  ];
}

/** Somebody is called at night, and looks from home. */
function onCall(midnight: number, rng: Rng): Act[] {
  return explorer(clockOf(midnight)(1 + rng.int(4), rng.int(60)), { ...platform, ip: HOME, appId: analyst.appId });
}

function theftOf(
  kind: TheftKind,
  start: number,
  days: number,
  { terraformHour }: Habits,
  rng: Rng,
): { readonly acts: readonly Act[]; readonly theft: Theft } {
  const midnight = start + (QUIET_DAYS + rng.int(days - QUIET_DAYS)) * DAY;
  const at = clockOf(midnight);
  const night = at([22, 23, 0, 1, 2, 3, 4][rng.int(7)]!, rng.int(60));
  const reads = (time: number, who: Person) => ({
    acts: [readKeys(time, who, TENANCY_ACCOUNT, rng.chance(0.5) ? 'listKeys' : 'readonlykeys')],
    theft: { kind, time, actor: who.oid },
  });
  switch (kind) {
    case 'known user':
      return reads(night, { ...analyst, ip: THIEF_IP, appId: rng.chance(0.5) ? analyst.appId : platform.appId });
    case 'stolen secret':
      return reads(at(rng.int(24), rng.int(60)), { ...terraform, ip: THIEF_IP });
    case 'new application':
      return reads(at(rng.int(24), rng.int(60)), consented);
    case 'stolen key': {
      const items = Array.from({ length: 600 }, (_, n) =>
        deleteItem(night + n * 900, TENANCY_ACCOUNT, 'orders', thief),
      );
      const looks = Array.from({ length: 20 }, (_, n) =>
        request(night - MINUTE + n * SECOND, TENANCY_ACCOUNT, thief, { operation: 'Query' }),
      );
      return { acts: [...looks, ...items], theft: { kind, time: night, actor: `primary_key@${THIEF_IP}` } };
    }
    case 'from inside':
      // On the runner, with its identity, when it reads the keys anyway.
      return reads(at(terraformHour, 50), terraform);
  }
}
