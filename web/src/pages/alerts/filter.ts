import { LEVEL_WORD, type LevelName } from '../../parts/Level.tsx';
import type { Search } from '../page.ts';

/** What the list is narrowed to, as it stands in the address. */

const ASKED = ['status', 'level', 'account', 'actor', 'ip', 'rule', 'assignee', 'q'] as const;
export type FilterName = (typeof ASKED)[number] | 'last';

/** What needs a person or has one: what one sees who opens the list without asking for anything. */
const USUAL = 'open,acknowledged';

/** The query for the server. */
export function queryOf(search: Search): Readonly<Record<string, string | undefined>> {
  const asked = Object.fromEntries(ASKED.map((name) => [name, search[name]]));
  return {
    ...asked,
    status: search['status'] === 'any' ? undefined : (search['status'] ?? USUAL),
    since: search['from'] ?? search['last'],
  };
}

const WORDS: Readonly<Record<FilterName, string>> = {
  status: 'Status',
  level: 'Level',
  account: 'Account',
  actor: 'Actor',
  ip: 'Address',
  rule: 'Rule',
  assignee: 'Assigned to',
  q: 'Says',
  last: 'Time',
};

export const TIMES: readonly (readonly [value: string, word: string])[] = [
  ['24h', 'last 24 hours'],
  ['7d', 'last 7 days'],
  ['30d', 'last 30 days'],
];

export function chipsOf(
  search: Search,
): readonly { readonly name: FilterName; readonly word: string; readonly value: string }[] {
  return (Object.keys(WORDS) as FilterName[]).flatMap((name) => {
    const value = search[name];
    return value === undefined ? [] : [{ name, word: WORDS[name], value: said(name, value) }];
  });
}

function said(name: FilterName, value: string): string {
  if (name === 'level')
    return value
      .split(',')
      .map((level) => LEVEL_WORD[level as LevelName] ?? level)
      .join(', ')
      .toLowerCase();
  if (name === 'last') return TIMES.find(([one]) => one === value)?.[1] ?? `last ${value}`;
  if (name === 'status') return value.replaceAll(',', ', ');
  return name === 'q' ? `“${value}”` : value;
}

/** A view: a name for a filter. */
export interface View {
  readonly name: string;
  readonly search: Search;
  readonly isSaved: boolean;
}

export function viewsOf(
  user: string,
  saved: readonly { readonly name: string; readonly search: Search }[],
): readonly View[] {
  const usual: readonly (readonly [string, Search])[] = [
    ['Needs a person', {}],
    ['Last 24 hours', { status: 'any', last: '24h' }],
    ['Assigned to me', { assignee: user }],
    ['Resolved this week', { status: 'resolved', last: '7d' }],
    ['All', { status: 'any' }],
  ];
  return [
    ...usual.map(([name, search]) => ({ name, search, isSaved: false })),
    ...saved.map(({ name, search }) => ({ name, search, isSaved: true })),
  ];
}

/** Grouping is how one looks, not what one looks at. */
export function isSameView(a: Search, b: Search): boolean {
  const plain = ({ group: _, ...rest }: Search): string =>
    JSON.stringify(
      Object.entries(rest)
        .filter(([, value]) => value !== undefined)
        .sort(),
    );
  return plain(a) === plain(b);
}
