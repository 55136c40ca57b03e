/** Milliseconds since 1970. */
type Millis = number;

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof DAYS)[number];

/** The same hours of the same days of each week, as a person writes them. */
export interface Weekly {
  /** The days on which it begins; left out: every day. */
  readonly days?: readonly Day[] | undefined;
  /** `22:00`; left out: midnight. */
  readonly from?: string | undefined;
  /** `06:00`, of the next day if it is not later than `from`; left out: midnight. */
  readonly to?: string | undefined;
  /** `Europe/Berlin`; left out: UTC. */
  readonly zone?: string | undefined;
}

interface Window {
  readonly start: Millis;
  /** Not part of it. */
  readonly end: Millis;
}

const DAY = 86_400_000;
const MINUTE = 60_000;
/** What goes on for longer than a week goes on for ever: it is the same in each. */
const WEEK_AND_MORE = 9 * DAY;

/** Up to when it goes on from a time on, without a gap; null: that time is not in it. Infinity: it never ends. */
export function within(calendar: readonly Weekly[], at: Millis): Millis | null {
  let end = at;
  for (;;) {
    const further = Math.max(...calendar.flatMap((one) => windowsAround(one, end)).map((one) => endOf(one, end)));
    if (further <= end) return end === at ? null : end;
    if (further - at > WEEK_AND_MORE) return Number.POSITIVE_INFINITY;
    end = further;
  }
}

function endOf({ start, end }: Window, at: Millis): Millis {
  return start <= at && at < end ? end : Number.NEGATIVE_INFINITY;
}

/** When it next begins after a time; null: not within nine days, so never. */
export function nextStart(calendar: readonly Weekly[], after: Millis): Millis | null {
  for (let day = 0; day <= 9; day++) {
    const starts = calendar.flatMap((one) => windowsAround(one, after + day * DAY)).map(({ start }) => start);
    const later = starts.filter((start) => start > after);
    if (later.length > 0) return Math.min(...later);
  }
  return null;
}

/** Those that begin on the local day of a time, or on the day before or after it. */
function windowsAround({ days = DAYS, from = '00:00', to = '00:00', zone = 'UTC' }: Weekly, at: Millis): Window[] {
  const local = at + offsetAt(zone, at);
  const today = Math.floor(local / DAY) * DAY;
  const [first, last] = [minutesOf(from), minutesOf(to)];
  const length = (last <= first ? last + 1440 : last) - first;
  return [-1, 0, 1].flatMap((day) => {
    const midnight = today + day * DAY;
    if (!days.includes(DAYS[new Date(midnight).getUTCDay()]!)) return [];
    const begins = midnight + first * MINUTE;
    const window = { start: instantOf(zone, begins), end: instantOf(zone, begins + length * MINUTE) };
    return window.end > window.start ? [window] : [];
  });
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}

/**
 * The instant at which the clocks of a zone show something. What they never show, because they are set forward, is the instant at which they
 * are; what they show twice is the first time.
 * @param shown as if it were UTC
 */
function instantOf(zone: string, shown: Millis): Millis {
  const before = shown - offsetAt(zone, shown - DAY);
  const after = shown - offsetAt(zone, shown + DAY);
  const [early, late] = [Math.min(before, after), Math.max(before, after)];
  if (early + offsetAt(zone, early) === shown) return early;
  if (late + offsetAt(zone, late) === shown) return late;
  return changeBetween(zone, early, late);
}

/** When a zone's offset changes, to the minute. */
function changeBetween(zone: string, from: Millis, to: Millis): Millis {
  let [low, high] = [from, to];
  const old = offsetAt(zone, low);
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetAt(zone, middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = FORMATS.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    FORMATS.set(zone, format);
  }
  return format;
}

/** Milliseconds that the clocks of a zone are ahead of UTC. */
function offsetAt(zone: string, at: Millis): Millis {
  if (zone === 'UTC') return 0;
  const name = formatOf(zone)
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')!.value;
  const found = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name);
  const [sign, hours, minutes, seconds] = [found?.[1], found?.[2], found?.[3], found?.[4]];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -size : size) * 1000;
}

/** Is it a zone that clocks can be asked of? */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}
