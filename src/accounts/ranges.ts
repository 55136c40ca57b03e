import ipaddr from 'ipaddr.js';

/** "Accept connections from within Azure datacenters": other customers' services too. One address, but no range. */
export const ANY_AZURE = '0.0.0.0';

/** Addresses of the Azure portal that "Allow access from Azure portal" adds. Source: how-to-configure-firewall (2026-11). */
export const PORTAL_ADDRESSES: readonly string[] = ['13.88.56.148', '13.91.105.215', '4.210.172.107', '40.91.218.243'];

interface Range {
  readonly bits: 32 | 128;
  readonly from: bigint;
  readonly to: bigint;
}

function rangeOf(text: string): Range | null {
  try {
    const [address, length] = text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), null];
    const bits = address.kind() === 'ipv4' ? 32 : 128;
    const value = address.toByteArray().reduce((sum: bigint, byte) => sum * 256n + BigInt(byte), 0n);
    const size = 1n << BigInt(bits - (length ?? bits));
    const from = value - (value % size);
    return { bits, from, to: from + size - 1n };
  } catch {
    return null;
  }
}

/** Does a list let any address in? */
export function isAnyAddress(range: string): boolean {
  return /\/0$/.test(range);
}

/** Is every address of `inner` one of `outer`? "Any Azure" is only itself: it is no address range. */
export function contains(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  if (outer === ANY_AZURE || inner === ANY_AZURE) return isAnyAddress(outer);
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a !== null && b !== null && a.bits === b.bits && a.from <= b.from && b.to <= a.to;
}

/** Does the list `outer` let in whatever `inner` does? */
export function listContains(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every((range) => outer.some((wide) => contains(wide, range)));
}
