import ipaddr from 'ipaddr.js';

/**
 * Metadata and agent services of clouds: what answers there hands out credentials, so a range in `allow` is not enough to reach them. The second
 * is Azure's wire server, which no range marks as special.
 */
const HANDS_OUT_CREDENTIALS: readonly string[] = ['169.254.169.254', '168.63.129.16', 'fd00:ec2::254'];

/** What a message may be sent to: null, or why not. `addresses`: all that the name has, as texts. */
export function refusalOf(url: URL, addresses: readonly string[], allow: readonly string[]): string | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `${url.protocol} is not https:`;
  if (url.username !== '' || url.password !== '') return 'a user name or password stands in the URL; use a header';
  const closed = addresses.find((address) => !isPublic(address) && !isAllowed(address, allow));
  if (closed !== undefined) return `${closed} is not a public address, and not in allow`;
  if (url.protocol === 'http:' && !addresses.every((address) => isAllowed(address, allow)))
    return 'plain http is only for addresses in allow';
  return null;
}

/** Anybody's address: nothing private, local, shared, reserved, multicast, or an IPv4 address in the clothes of IPv6. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  // Of IPv6 only 2000::/3 is given out (RFC 4291); what lies outside may still be read as IPv4 by somebody, as ::7f00:1 is.
  if (parsed.kind() === 'ipv6' && !isWithin(parsed, '2000::/3')) return false;
  return parsed.range() === 'unicast' && !HANDS_OUT_CREDENTIALS.includes(parsed.toString());
}

/** @param allow addresses and ranges: `10.1.2.3`, `10.0.0.0/8`, `::1` */
export function isAllowed(address: string, allow: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const isNamedOnly = HANDS_OUT_CREDENTIALS.includes(parsed.toString());
  return allow.some((entry) => (entry.includes('/') ? !isNamedOnly && isWithin(parsed, entry) : isSame(parsed, entry)));
}

/** Is it something that `allow` may hold? */
export function isAllowEntry(entry: string): boolean {
  return entry.includes('/') ? ipaddr.isValidCIDR(entry) : isLiteral(entry);
}

/** An address written in full, and in the one usual way. */
export function isLiteral(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function isSame(address: Address, entry: string): boolean {
  return isLiteral(entry) && ipaddr.process(entry).toString() === address.toString();
}

function isWithin(address: Address, entry: string): boolean {
  if (!ipaddr.isValidCIDR(entry)) return false;
  const [base, bits] = ipaddr.parseCIDR(entry);
  return base.kind() === address.kind() && address.match(base, bits);
}
