import { describe, expect, it } from 'vitest';
import type { ChangeKind, StoredAlert } from '../alerts/stored.ts';
import { later, opened, storedOf } from '../notify/nine.test-support.ts';
import { fitted, isPage, leadsOf, messageOf, smaller } from './message.ts';
import { pagesOf, portalPage } from './pages.ts';
import { bounded } from './text.ts';

const NO_PAGES = { console: null, portal: null };

function said(kind: ChangeKind, why: string, changes: Partial<StoredAlert> = {}) {
  return messageOf(later(storedOf('access_keys_viewed'), kind, changes, why), NO_PAGES);
}

function resolved(resolution: string): Partial<StoredAlert> {
  return { alert: { ...storedOf('access_keys_viewed').alert, resolution } };
}

const WORDS: readonly {
  readonly name: string;
  readonly kind: ChangeKind;
  readonly why?: string;
  readonly changes?: Partial<StoredAlert>;
  readonly headline?: string;
  readonly follow: string;
}[] = [
  {
    name: 'more of the same',
    kind: 'grown',
    why: 'count grew from 1 to 3',
    follow: 'Now 1 read: count grew from 1 to 3.',
  },
  { name: 'something new', kind: 'amended', why: 'the caller became known', follow: 'The caller became known.' },
  {
    name: 'acknowledged',
    kind: 'acknowledged',
    headline: '[medium, acknowledged] orders-prod: access keys viewed',
    follow: 'Acknowledged by oncall@contoso.example at 09:01:00 UTC.',
  },
  {
    name: 'ended by itself',
    kind: 'resolved',
    headline: '[resolved, was medium] orders-prod: access keys viewed',
    follow: `Ended: ${storedOf('access_keys_viewed').alert.reason}`,
  },
  {
    name: 'resolved by a person',
    kind: 'resolved',
    changes: resolved('manual'),
    follow: 'Resolved at 09:01:00 UTC. It opens again if it happens again.',
  },
  {
    name: 'taken back',
    kind: 'resolved',
    why: 'Azure refused the change',
    changes: resolved('retracted'),
    headline: '[taken back, was medium] orders-prod: access keys viewed',
    follow: 'Taken back: Azure refused the change.',
  },
  {
    name: 'joined',
    kind: 'resolved',
    changes: resolved('merged:9c41f07a00000000'),
    headline: '[joined with another, was medium] orders-prod: access keys viewed',
    follow: 'Joined with 9c41f07a: go on there.',
  },
  { name: 'again', kind: 'reopened', why: 'a third read', follow: 'Again at 09:01:00 UTC: a third read.' },
  {
    name: 'assigned',
    kind: 'assigned',
    changes: { assignee: 'dana@contoso.example' },
    follow: 'Assigned to dana@contoso.example by oncall@contoso.example at 09:01:00 UTC.',
  },
  {
    name: 'commented',
    kind: 'commented',
    changes: { comments: [{ at: Date.parse('2026-11-24T09:01:00Z'), by: 'oncall@contoso.example', text: 'looking' }] },
    follow: 'oncall@contoso.example at 09:01:00 UTC: "looking"',
  },
  {
    name: 'judged',
    kind: 'judged',
    changes: { verdict: 'false' },
    follow: 'Judged a false alert by oncall@contoso.example at 09:01:00 UTC.',
  },
];

describe('what comes later', () => {
  it.each(WORDS)('$name', ({ kind, why = 'in a test', changes = {}, headline, follow }) => {
    const message = said(kind, why, changes);
    expect(message.follow).toBe(follow);
    if (headline !== undefined) expect(message.headline).toBe(headline);
  });

  it('what a person said stands with what they did', () => {
    const at = Date.parse('2026-11-24T09:01:00Z');
    const comments = [{ at, by: 'oncall@contoso.example', text: 'Looking at it' }];
    expect(said('acknowledged', '', { comments }).follow).toBe(
      'Acknowledged by oncall@contoso.example at 09:01:00 UTC: "Looking at it".',
    );
  });

  it('no sentence stands twice', () => {
    expect(leadsOf(said('resolved', ''))).toHaveLength(1);
    expect(leadsOf(said('acknowledged', ''))).toHaveLength(2);
    expect(leadsOf(messageOf(opened('no_logs'), NO_PAGES))).toHaveLength(1);
  });

  it('of what ended putting it back is not asked for, of what a person closed nothing', () => {
    const news = later(storedOf('network_access_changed'), 'resolved');
    expect(messageOf(news, NO_PAGES).steps.items.map(({ text }) => text.slice(0, 30))).toEqual([
      'See what was done since 2026-1',
      'See who else touched the accou',
      'If nobody planned it, replace ',
    ]);
    expect(said('resolved', '', resolved('manual')).steps.items).toEqual([]);
  });
});

it('who did it stands in the title, but not of what is over', () => {
  expect(messageOf(opened('access_keys_viewed'), NO_PAGES).title).toBe(
    '[medium] orders-prod: access keys viewed by ann@contoso.example',
  );
  expect(said('resolved', '').title).toBe('[resolved, was medium] orders-prod: access keys viewed');
});

describe('smaller', () => {
  const whole = messageOf(
    opened('network_access_changed'),
    pagesOf(storedOf('network_access_changed'), 'https://c.example/'),
  );

  it('never grows, and keeps headline, account, first step and links', () => {
    const sizes = [...smaller(whole)].map((one) => JSON.stringify(one).length);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const last = [...smaller(whole)].at(-1)!;
    expect(last.headline).toBe(whole.headline);
    expect(last.links).toEqual(whole.links);
    expect(last.fields[0]).toEqual(whole.fields[0]);
    expect(last.steps).toEqual({ items: whole.steps.items.slice(0, 1), more: 2 });
    expect(last.changes).toEqual({ items: [], more: 1 });
  });

  it('the largest that fits, or the smallest', () => {
    expect(
      fitted(
        whole,
        (one) => one,
        () => true,
      ),
    ).toBe(whole);
    expect(
      fitted(
        whole,
        (one) => one,
        ({ why }) => why === '',
      ).steps.items,
    ).toHaveLength(3);
    expect(
      fitted(
        whole,
        (one) => one,
        () => false,
      ).steps.items,
    ).toHaveLength(1);
  });

  it('what is cut says how much', () => {
    expect(bounded('abcdef', 6)).toBe('abcdef');
    expect(bounded('x'.repeat(9950), 10)).toBe('xxxxxxxxxx... (9,940 more)');
    expect(bounded('😀😀😀', 2)).toBe('😀😀... (1 more)');
  });
});

describe('pages', () => {
  it('of an alert', () => {
    const stored = storedOf('access_keys_viewed');
    expect(pagesOf(stored, 'https://cosmowatch.contoso.example/')).toEqual({
      console: `https://cosmowatch.contoso.example/alerts/${stored.alert.id}`,
      portal:
        'https://portal.azure.com/#resource/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/Rg-Shop/providers/Microsoft.DocumentDB/databaseAccounts/orders-prod',
    });
    expect(pagesOf(stored, null).console).toBeNull();
  });

  const account = (name: string) =>
    `/subscriptions/s/resourceGroups/g(1)/providers/Microsoft.DocumentDB/databaseAccounts/${name}`;

  it.each([
    ['parentheses', account('a(b)'), /g%281%29.*a%28b%29$/],
    ['markup', account('<!channel>|x'), /%3C!?.*%7Cx$/],
    ['a line end', account('a\r\nb'), /a%0D%0Ab$/],
    ['half a character', account('a\ud800b'), /a%EF%BF%BDb$/],
  ])('%s in an id are encoded', (_name, id, pattern) => {
    const page = portalPage(id);
    expect(page).toMatch(pattern);
    expect(isPage(page!)).toBe(true);
  });

  it.each([null, '', 'orders-prod', 'https://evil.example', '/subscriptions/s'])('%s is no resource', (id) => {
    expect(portalPage(id)).toBeNull();
  });

  it.each([
    'javascript:alert(1)',
    'https://x.example/<b>',
    'https://x.example/a b',
    `https://x.example/${'a'.repeat(2000)}`,
    'ftp://x',
  ])('%s is no page', (url) => {
    expect(isPage(url)).toBe(false);
  });
});
