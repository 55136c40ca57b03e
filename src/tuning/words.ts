const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2 Nov`, with the year where it is another one. Seconds since 1970; UTC. */
export function dayText(second: number, now: number): string {
  const [day, today] = [new Date(second * 1000), new Date(now * 1000)];
  const text = `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
  return day.getUTCFullYear() === today.getUTCFullYear() ? text : `${text} ${day.getUTCFullYear()}`;
}

export function timesText(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** `a`, `a and b`, `a, b and c` */
export function listedText(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join('');
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
