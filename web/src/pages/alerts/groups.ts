import type { AlertItem } from '../../../../src/api/contract.ts';
import { accountName, actorNames, byUrgency, isWithdrawn } from '../../alerts.ts';
import { rankOf } from '../../parts/Level.tsx';

/** The list as rows: heads of groups, alerts, and the alerts of a story below its first. */

export type Grouping = 'story' | 'account' | 'actor' | 'rule' | 'none';
export const GROUPINGS: readonly (readonly [Grouping, string])[] = [
  ['story', 'Story'],
  ['account', 'Account'],
  ['actor', 'Actor'],
  ['rule', 'Rule'],
  ['none', 'None'],
];

export type ListRow =
  | {
      readonly kind: 'head';
      readonly id: string;
      readonly title: string;
      readonly about: string;
      readonly count: number;
    }
  | { readonly kind: 'alert'; readonly id: string; readonly alert: AlertItem; readonly inStory: number }
  | { readonly kind: 'child'; readonly id: string; readonly alert: AlertItem };

interface Story {
  readonly first: AlertItem;
  readonly others: readonly AlertItem[];
}

/** @param folded ids of stories that are closed */
export function rowsOf(alerts: readonly AlertItem[], grouping: Grouping, folded: ReadonlySet<string>): ListRow[] {
  const sections = grouping === 'story' ? byState(storiesOf(alerts)) : byName(alerts, grouping);
  return sections.flatMap(({ title, about, stories }) => [
    ...(title === null ? [] : [{ kind: 'head' as const, id: `head ${title}`, title, about, count: stories.length }]),
    ...stories.flatMap((story) => rowsOfStory(story, folded)),
  ]);
}

function rowsOfStory({ first, others }: Story, folded: ReadonlySet<string>): ListRow[] {
  const row: ListRow = { kind: 'alert', id: first.id, alert: first, inStory: others.length + 1 };
  if (folded.has(first.id)) return [row];
  return [row, ...others.map((alert): ListRow => ({ kind: 'child', id: alert.id, alert }))];
}

interface Section {
  readonly title: string | null;
  readonly about: string;
  readonly stories: readonly Story[];
}

/** The worst of a story stands for it. */
function storiesOf(alerts: readonly AlertItem[]): readonly Story[] {
  const byStory = Map.groupBy(alerts, (alert) => storyKey(alert));
  return [...byStory.values()].map((members) => {
    const [first, ...others] = [...members].sort(
      (a, b) => Number(a.status === 'resolved') - Number(b.status === 'resolved') || byUrgency(a, b),
    );
    return { first: first!, others: others.sort((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1)) };
  });
}

function storyKey({ id, story }: AlertItem): string {
  return (story as string | null) ?? id;
}

function byState(stories: readonly Story[]): readonly Section[] {
  const urgent = [...stories].sort((a, b) => byUrgency(a.first, b.first));
  const at = (test: (alert: AlertItem) => boolean): readonly Story[] => urgent.filter(({ first }) => test(first));
  const isRoutine = ({ routine }: AlertItem): boolean => routine !== null;
  const sections: readonly Section[] = [
    { title: 'Needs a person', about: '', stories: at((one) => one.status === 'open' && !isRoutine(one)) },
    { title: 'Somebody has it', about: '', stories: at((one) => one.status === 'acknowledged' && !isRoutine(one)) },
    {
      title: 'Resolved',
      about: '',
      stories: at((one) => one.status === 'resolved' && !isRoutine(one) && !isWithdrawn(one)),
    },
    {
      title: 'Routines',
      about: 'The same thing again and again. You are told when one stops or changes.',
      stories: at((one) => isRoutine(one) && !isWithdrawn(one)),
    },
    { title: 'Taken back', about: 'Later records showed that it was not so.', stories: at(isWithdrawn) },
  ];
  return sections.filter((section) => section.stories.length > 0);
}

function byName(alerts: readonly AlertItem[], grouping: Exclude<Grouping, 'story'>): readonly Section[] {
  const single = (alert: AlertItem): Story => ({ first: alert, others: [] });
  if (grouping === 'none') return [{ title: null, about: '', stories: alerts.map(single) }];
  const groups = [...Map.groupBy(alerts, (alert) => nameIn(alert, grouping))].map(([title, members]) => ({
    title,
    about: '',
    stories: [...members].sort(byUrgency).map(single),
  }));
  return groups.sort((a, b) => worst(a.stories) - worst(b.stories) || b.stories.length - a.stories.length);
}

function nameIn(alert: AlertItem, grouping: 'account' | 'actor' | 'rule'): string {
  if (grouping === 'account') return accountName(alert) ?? 'No account';
  if (grouping === 'rule') return alert.title;
  return actorNames(alert)[0] ?? 'Nobody is named';
}

function worst(stories: readonly Story[]): number {
  return Math.min(...stories.map(({ first }) => rankOf(first.level)));
}
