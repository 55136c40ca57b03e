import { describe, expect, it } from 'vitest';
import type { Exposure } from '../events/fact.ts';
import { PORTAL_ADDRESSES } from '../events/portal.ts';
import type { Json } from '../lib/json.ts';
import { exposure } from './exposure.ts';

describe('who may reach an account', () => {
  const cases: [name: string, state: Record<string, Json>, expected: Exposure | null][] = [
    ['nothing known', {}, null],
    ['public access off', { publicNetworkAccess: 'Disabled' }, 'none'],
    ['off, whatever the list says', { publicNetworkAccess: 'disabled', ipRules: ['0.0.0.0/0'] }, 'none'],
    ['only a perimeter', { publicNetworkAccess: 'SecuredByPerimeter', ipRules: [] }, 'none'],
    ['public access on, list unknown', { publicNetworkAccess: 'Enabled' }, null],
    ['unknown public access counts as enabled', { ipRules: ['203.0.113.7'] }, 'ranges'],
    ['a range of everything', { ipRules: ['0.0.0.0/0', '203.0.113.7'] }, 'internet'],
    ['everything of IPv6', { ipRules: ['::/0'] }, 'internet'],
    ['two halves', { ipRules: ['0.0.0.0/1', '128.0.0.0/1'] }, 'internet'],
    ['one half', { ipRules: ['128.0.0.0/1'] }, 'ranges'],
    ['all of Azure', { ipRules: ['0.0.0.0', '203.0.113.7'] }, 'azure'],
    ['all of Azure, written as a range', { ipRules: ['0.0.0.0/32'] }, 'azure'],
    ["the portal's addresses are ranges", { ipRules: PORTAL_ADDRESSES }, 'ranges'],
    ['no list, a virtual network filter', { ipRules: [], isVirtualNetworkFilterEnabled: true }, 'none'],
    ['no list, no filter', { ipRules: [], isVirtualNetworkFilterEnabled: false }, 'internet'],
    ['no list, filter unknown', { ipRules: [] }, null],
    ['a list and a filter', { ipRules: ['203.0.113.7'], isVirtualNetworkFilterEnabled: true }, 'ranges'],
  ];
  it.each(cases)('%s', (_, state, expected) => {
    expect(exposure(new Map(Object.entries(state)))).toBe(expected);
  });
});
