import ipaddr from 'ipaddr.js';

/** An address range as the IR keeps it, or why it is none. A plain address is a range of one. */
export function parseRange(
  text: string,
): { readonly range: string } | { readonly refused: string; readonly hint: string } {
  const [address = '', bits, ...rest] = text.split('/');
  const known = rest.length === 0 && (ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address));
  if (!known || address.includes('%'))
    return { refused: `"${text}" is no address range`, hint: 'for example 10.0.0.0/8 or fd00::/8' };
  const parsed = ipaddr.parse(address);
  const size = parsed.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? size : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (length < 0 || length > size)
    return { refused: `"${text}" is no address range`, hint: `the part after "/" is 0 to ${size}` };

  const network = networkOf(parsed.toByteArray(), length);
  const start = ipaddr.fromByteArray(network).toString();
  if (ipaddr.fromByteArray(network).toNormalizedString() !== parsed.toNormalizedString()) {
    return { refused: `"${text}" is an address inside a range, not the range`, hint: `write ${start}/${length}` };
  }
  return { range: `${start}/${length}` };
}

function networkOf(bytes: readonly number[], length: number): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
}
