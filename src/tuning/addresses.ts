import ipaddr from 'ipaddr.js';

/** An address or a range, as it is written: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
export function isRange(text: string): boolean {
  if (text.includes('/')) return ipaddr.isValidCIDR(text) && isLiteral(text.slice(0, text.indexOf('/')));
  return isLiteral(text);
}

/** A range that has every address of its kind. */
export function isEverywhere(range: string): boolean {
  return range.endsWith('/0');
}

/** Is the address, as a log wrote it, in the range? What is no address is in none. */
export function isInRange(address: string, range: string): boolean {
  if (!ipaddr.isValid(address) || !isLiteral(address) || !isRange(range)) return false;
  const parsed = ipaddr.process(address);
  if (!range.includes('/')) return ipaddr.process(range).toString() === parsed.toString();
  const [base, bits] = ipaddr.parseCIDR(range);
  return base.kind() === parsed.kind() && parsed.match(base, bits);
}

/** Written in full and in the one usual way: `010.1` may be read in two. */
function isLiteral(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}
