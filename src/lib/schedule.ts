/** When something is told, by the clock of some place: `daily at 08:00 Europe/Berlin`, `weekly on Monday at 08:00`. */
export interface Schedule {
  /** 0 is Sunday; null: every day. */
  readonly day: number | null;
  readonly hour: number;
  readonly minute: number;
  /** As the IANA names it. */
  readonly zone: string;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const TEXT = /^(?:daily|weekly on ([a-z]+)) at ([01]\d|2[0-3]):([0-5]\d)(?: ([A-Za-z][\w+/-]{0,60}))?$/i;

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Null: it is none, or there is no such day or zone. Without a zone: UTC. */
export function parseSchedule(text: string): Schedule | null {
  const [, day, hour, minute, zone = 'UTC'] = TEXT.exec(text) ?? [];
  const at = day === undefined ? null : DAYS.indexOf(day.toLowerCase());
  if (hour === undefined || at === -1 || !isZone(zone)) return null;
  return { day: at, hour: Number(hour), minute: Number(minute), zone };
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The first such time after a moment; milliseconds. A time that a change of clocks leaves out comes as much later, one that comes twice the first time. */
export function nextTime(schedule: Schedule, after: number): number {
  const start = wallOf(after, schedule.zone);
  for (let ahead = 0; ; ahead++) {
    const midnight = Math.floor(start / DAY) * DAY + ahead * DAY;
    if (schedule.day !== null && new Date(midnight).getUTCDay() !== schedule.day) continue;
    const found = momentOf(midnight + (schedule.hour * 60 + schedule.minute) * MINUTE, schedule.zone);
    if (found > after) return found;
  }
}

/** The last such time that is not after a moment. */
export function lastTime(schedule: Schedule, now: number): number {
  const period = schedule.day === null ? DAY : 7 * DAY;
  let last = nextTime(schedule, now - period - DAY);
  for (let next = nextTime(schedule, last); next <= now; next = nextTime(schedule, last)) last = next;
  return last;
}

/** Making one takes longer than all else here. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  FORMATS.set(zone, made);
  return made;
}

/** What a clock on the wall shows, as if it showed UTC. */
function wallOf(moment: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(moment);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)!.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
}

/** When that clock shows it. */
function momentOf(wall: number, zone: string): number {
  // A day before and after hold every offset that may count.
  const offsets = [wall - DAY, wall + DAY].map((near) => wallOf(near, zone) - Math.floor(near / MINUTE) * MINUTE);
  const found = offsets.map((offset) => wall - offset).filter((moment) => wallOf(moment, zone) === wall);
  return found.length > 0 ? Math.min(...found) : wall - offsets[0]!;
}
