/** Numbers, times and names in words: one place, so that a size or an age is said in the same way on every page. */

const COUNT = new Intl.NumberFormat('en-GB');

export function count(value: number): string {
  return COUNT.format(value);
}

/** `1 alert`, `3 alerts` */
export function many(value: number, one: string, several = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : several}`;
}

/** `9.4 GB`, in powers of 1000 as Azure bills. */
export function bytes(value: number): string {
  return scaled(value, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let at = 0;
  let rest = value;
  while (rest >= step && at < units.length - 1) {
    rest /= step;
    at += 1;
  }
  return `${rest >= 100 || at === 0 ? Math.round(rest) : Number(rest.toFixed(1))} ${units[at]}`;
}

/** `8 min 45 s`, at most two units. @param seconds not negative */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const from = parts.findIndex(([value]) => value > 0);
  if (from < 0) return '0 s';
  return parts
    .slice(from, from + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** `6 min`: the largest unit only. */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h`;
  return many(Math.floor(whole / 86_400), 'day');
}

/** The last part of a resource id: what people call the thing. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The resource group in an ARM id; null: there is none. */
export function groupOf(id: string): string | null {
  return /\/resourcegroups\/([^/]+)/i.exec(id)?.[1] ?? null;
}

export function subscriptionOf(id: string): string | null {
  return /\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? null;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a, b and 3 more` */
export function some(items: readonly string[], most: number): string {
  if (items.length <= most) return items.join(', ');
  return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}
