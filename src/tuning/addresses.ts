import ipaddr from 'ipaddr.js';

type Range = readonly [base: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** Ranges as they were read: every alert is asked of the same few. Emptied when there are too many. */
const READ = new Map<string, Range | null>();
const MOST_READ = 10_000;

/** An address or a range, as it is written: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
export function isRange(text: string): boolean {
  return rangeOf(text) !== null;
}

/** A range that has every address of its kind. */
export function isEverywhere(range: string): boolean {
  return range.endsWith('/0');
}

/** Is the address, as a log wrote it, in one of the ranges? What is no address is in none. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  if (!isLiteral(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((text) => {
    const range = rangeOf(text);
    return range !== null && range[0].kind() === parsed.kind() && parsed.match(range[0], range[1]);
  });
}

function rangeOf(text: string): Range | null {
  let range = READ.get(text);
  if (range === undefined) {
    if (READ.size >= MOST_READ) READ.clear();
    range = readRange(text);
    READ.set(text, range);
  }
  return range;
}

function readRange(text: string): Range | null {
  const [address = ''] = text.split('/');
  if (!isLiteral(address)) return null;
  if (text.includes('/')) return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : null;
  const one = ipaddr.process(address);
  return [one, one.kind() === 'ipv4' ? 32 : 128];
}

/** Written in full and in the one usual way: `010.1` may be read in two. */
function isLiteral(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text));
}
