import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNetworks } from './networks.ts';

const folder = mkdtempSync(join(tmpdir(), 'networks-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Value = string | number | { readonly [name: string]: Value } | readonly Value[];

/** A value as the mmdb format writes it: a byte of type and size, then the content. */
function written(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from(sizeOf(value.length)), Buffer.from(value)]);
  if (typeof value === 'number') return Buffer.from([0xc4, ...bytesOf(value, 4)]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([value.length, 4]), ...value.map(written)]);
  const entries = Object.entries(value);
  return Buffer.concat([Buffer.from([0xe0 | entries.length]), ...entries.flat().map((one) => written(one as Value))]);
}

/** Of a text; what is longer than 28 bytes needs a second byte. */
function sizeOf(length: number): number[] {
  return length < 29 ? [0x40 | length] : [0x40 | 29, length - 29];
}

function bytesOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (value >>> (8 * (count - 1 - at))) & 0xff);
}

/** A file that knows two networks: the lower and the upper half of all addresses. */
function fileWith(name: string, lower: Value, upper: Value): string {
  const [low, high] = [written(lower), written(upper)];
  const nodes = 1;
  const tree = [nodes + 16, nodes + 16 + low.length].flatMap((record) => bytesOf(record, 3));
  const metadata = written({
    ...{ node_count: nodes, record_size: 24, ip_version: 4, database_type: 'ASN', languages: [] },
    ...{ binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 0, description: {} },
  });
  const file = join(folder, name);
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  writeFileSync(file, Buffer.concat([Buffer.from(tree), Buffer.alloc(16), low, high, marker, metadata]));
  return file;
}

describe('networks of addresses', () => {
  const file = fileWith(
    'asn.mmdb',
    { autonomous_system_number: 64_496, autonomous_system_organization: 'Contoso' },
    { asn: 'AS64500', as_name: 'Elsewhere' },
  );

  it.each([
    ['10.0.0.1', 'AS64496 Contoso'],
    ['203.0.113.7', 'AS64500 Elsewhere'],
    ['not an address', null],
    ['', null],
    ['2001:db8::7', null],
  ])('%s', (address, network) => {
    expect(readNetworks(file)(address)).toBe(network);
  });

  it('a network without a number is none, one without a name is its number', () => {
    const networkOf = readNetworks(fileWith('bare.mmdb', { name: 'x' }, { asn: 7 }));
    expect([networkOf('10.0.0.1'), networkOf('203.0.113.7')]).toEqual([null, 'AS7']);
  });

  it.each([
    ['that is not there', join(folder, 'none.mmdb'), /ENOENT/],
    ['that is something else', fileOf('no.mmdb', 'no networks here'), /it is no mmdb file/],
  ])('a file %s is refused with its cure', (_what, path, why) => {
    expect(() => readNetworks(path)).toThrow(why);
    expect(() => readNetworks(path)).toThrow(expect.objectContaining({ code: 'CW-8141' }));
  });

  function fileOf(name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }
});
