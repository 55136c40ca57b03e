import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Reader } from 'mmdb-lib';
import { UserError } from '../lib/errors.ts';
import type { NetworkOf } from '../tuning/memory.ts';

/** What files of several makers have of a network. */
interface Network {
  readonly autonomous_system_number?: number;
  readonly autonomous_system_organization?: string;
  readonly asn?: string | number;
  readonly as_name?: string;
  readonly name?: string;
}

/** Names the network of an address by an mmdb file. @throws UserError CW-8141 */
export function readNetworks(file: string): NetworkOf {
  let reader: Reader<never>;
  try {
    reader = new Reader(readFileSync(file));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it is no mmdb file';
    throw new UserError('CW-8141', `${file} cannot be read: ${why}`, {
      cure: 'memory.asn names a file with networks in the mmdb format; leave it out to do without',
    });
  }
  return (address) => networkOf(reader, address);
}

function networkOf(reader: Reader<never>, address: string): string | null {
  // What a log calls an address need not be one, and a file of IPv4 has no IPv6.
  if (isIP(address) === 0 || (isIP(address) === 6 && reader.metadata.ipVersion === 4)) return null;
  const found = reader.get(address) as Network | null;
  const number = found?.autonomous_system_number ?? found?.asn;
  if (number === undefined) return null;
  const name = found?.autonomous_system_organization ?? found?.as_name ?? found?.name;
  const text = `${number}`.startsWith('AS') ? `${number}` : `AS${number}`;
  return name === undefined ? text : `${text} ${name}`;
}
