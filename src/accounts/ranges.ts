import ipaddr from 'ipaddr.js';

/** "Accept connections from within Azure datacenters", other customers' too. It looks like an address, and is none. */
export function isAnyAzure(range: string): boolean {
  return range === '0.0.0.0' || range === '0.0.0.0/32';
}

/** Both ends belong to it. */
interface Interval {
  readonly bits: 32 | 128;
  readonly from: bigint;
  readonly to: bigint;
}

/** Do the ranges together let every address of IPv4 or IPv6 in? Two halves do. */
export function coversEverything(ranges: readonly string[]): boolean {
  return merged(ranges).some(({ bits, from, to }) => from === 0n && to === (1n << BigInt(bits)) - 1n);
}

/**
 * Does the list `outer` let in whatever `inner` does, however both are cut into ranges? A text that is no range is only itself; so is
 * "any Azure", which only everything contains.
 */
export function listContains(outer: readonly string[], inner: readonly string[]): boolean {
  const wide = merged(outer);
  return inner.every((range) => {
    if (outer.includes(range)) return true;
    if (isAnyAzure(range)) return outer.some(isAnyAzure) || coversEverything(outer);
    const one = intervalOf(range);
    return one !== null && wide.some(({ bits, from, to }) => bits === one.bits && from <= one.from && one.to <= to);
  });
}

/** Overlapping and touching intervals joined, in order. */
function merged(ranges: readonly string[]): Interval[] {
  const intervals = ranges.filter((range) => !isAnyAzure(range)).flatMap((range) => intervalOf(range) ?? []);
  intervals.sort((a, b) => a.bits - b.bits || (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const joined: Interval[] = [];
  for (const next of intervals) {
    const last = joined.at(-1);
    if (last === undefined || last.bits !== next.bits || next.from > last.to + 1n) joined.push(next);
    else if (next.to > last.to) joined[joined.length - 1] = { ...last, to: next.to };
  }
  return joined;
}

/** `192.0.2.7`, `192.0.2.0/24`, or `192.0.2.0-192.0.2.9` as firewalls of clusters have them. */
function intervalOf(text: string): Interval | null {
  const [first = '', last] = text.split('-');
  if (last !== undefined) {
    const [low, high] = [intervalOf(first), intervalOf(last)];
    return low && high && low.bits === high.bits && low.from <= high.to ? { ...low, to: high.to } : null;
  }
  try {
    const [address, length] = text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), null];
    const bits = address.kind() === 'ipv4' ? 32 : 128;
    let value = 0n;
    for (const byte of address.toByteArray()) value = value * 256n + BigInt(byte);
    const size = 1n << BigInt(bits - (length ?? bits));
    const from = value - (value % size);
    return { bits, from, to: from + size - 1n };
  } catch {
    return null;
  }
}
