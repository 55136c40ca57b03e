import { describe, expect, it } from 'vitest';
import { isAllowed, isPublic, refusalOf } from './addresses.ts';

describe('addresses that are nobody else’s business', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::7f00:1',
    '4000::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:168.63.129.16',
    '::ffff:0:7f00:1',
    '64:ff9b::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
    '',
  ])('%s', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['1.1.1.1', '20.62.134.76', '172.32.0.1', '192.167.255.255', '2606:4700::1111', '::ffff:20.62.134.76'])(
    '%s is anybody’s',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );
});

describe('allow', () => {
  it.each([
    ['127.0.0.1', ['127.0.0.1'], true],
    ['::ffff:127.0.0.1', ['127.0.0.1'], true],
    ['10.200.3.4', ['10.0.0.0/8'], true],
    ['11.0.0.1', ['10.0.0.0/8'], false],
    ['::1', ['0:0:0:0:0:0:0:1'], true],
    ['fd12::1', ['fd00::/8'], true],
    ['fd12::1', ['10.0.0.0/8'], false],
    ['127.0.0.1', ['2130706433'], false],
    ['127.0.0.1', ['localhost'], false],
    ['10.0.0.1', ['10.0.0.1/99'], false],
    ['169.254.169.254', ['169.254.0.0/16', '0.0.0.0/0'], false],
    ['168.63.129.16', ['0.0.0.0/0'], false],
    ['168.63.129.16', ['168.63.129.16'], true],
    ['127.0.0.1', [], false],
  ] as const)('%s by %j: %s', (address, allow, wanted) => {
    expect(isAllowed(address, allow)).toBe(wanted);
  });

  it.each([
    [
      'one of two addresses is private',
      'https://a.example',
      ['1.1.1.1', '10.0.0.1'],
      [],
      /10\.0\.0\.1 is not a public/,
    ],
    ['plain http to anybody', 'http://a.example', ['1.1.1.1'], [], /plain http/],
    ['plain http where only one of two is allowed', 'http://a.example', ['1.1.1.1', '10.0.0.1'], ['10.0.0.1'], /plain/],
    ['another protocol', 'ftp://a.example', ['1.1.1.1'], [], /ftp: is not https/],
    ['a password', 'https://user:pass@a.example', ['1.1.1.1'], [], /user name or password/],
  ] as const)('%s is refused', (_name, url, addresses, allow, why) => {
    expect(refusalOf(new URL(url), addresses, allow)).toMatch(why);
  });

  it.each([
    ['https to anybody', 'https://a.example', ['1.1.1.1'], []],
    ['https to one that is allowed', 'https://a.example', ['10.0.0.1', '1.1.1.1'], ['10.0.0.1']],
    ['plain http to one that is allowed', 'http://a.example', ['10.0.0.1'], ['10.0.0.1']],
  ] as const)('%s may go', (_name, url, addresses, allow) => {
    expect(refusalOf(new URL(url), addresses, allow)).toBeNull();
  });
});
