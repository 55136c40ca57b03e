import { isWithdrawn, linked } from '../../alerts/lifecycle.ts';
import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import type { AlertStore } from '../../store/alerts.ts';
import { type Marks, type Member, marksOf, memberOf, STORY_WINDOW, UNMARKED } from '../../tuning/stories.ts';

/** What became of an alert that can change its story: it is there, is stronger, names others, or is gone. */
const MATTERS: ReadonlySet<AlertNews['kind']> = new Set(['opened', 'amended', 'reopened', 'resolved']);

/**
 * Which alerts of an account are one story, and which of them are told no more by themselves: decided again whenever there is news of one,
 * with the alerts that are stored around it. What was decided is kept; it changes only towards telling more.
 */
export class LiveStories {
  readonly #store: AlertStore;

  constructor(store: AlertStore) {
    this.#store = store;
  }

  /** Inside the transaction of the news. @param now milliseconds @returns the news, with what is decided, and what is news because of that */
  mark(news: readonly AlertNews[], now: number): readonly AlertNews[] {
    const touched = news.filter(({ kind, stored }) => MATTERS.has(kind) && stored.alert.account !== null);
    if (touched.length === 0) return news;
    const changed = new Map<string, AlertNews>();
    for (const [account, own] of Map.groupBy(touched, ({ stored }) => stored.alert.account!))
      for (const one of this.#decide(account, own, now)) changed.set(one.stored.alert.id, one);
    if (changed.size === 0) return news;
    const told = news.map((one) => {
      const marked = changed.get(one.stored.alert.id);
      changed.delete(one.stored.alert.id);
      if (marked === undefined) return one;
      // That it is told by itself again is heard by more people than that it grew.
      return marked.kind === 'amended' && one.kind === 'grown' ? marked : { ...one, stored: marked.stored };
    });
    return [...told, ...changed.values()];
  }

  #decide(account: string, news: readonly AlertNews[], now: number): AlertNews[] {
    const members = this.#around(account, news);
    const marks = marksOf(members);
    return members.flatMap(({ id, marks: before }) => {
      const own = marks.get(id) ?? UNMARKED;
      return isSame(before, own) ? [] : this.#save(id, own, now);
    });
  }

  /** Alerts that can be in one story with one of these, or are in one already. */
  #around(account: string, news: readonly AlertNews[]): Member[] {
    const seconds = news.map(({ stored }) => Math.floor(Date.parse(stored.alert.firstSeen) / 1000));
    const [from, to] = [Math.min(...seconds) - STORY_WINDOW, Math.max(...seconds) + STORY_WINDOW];
    const near = this.#store.opened(account, from, to);
    const stories = new Set(near.flatMap(({ story }) => story ?? []));
    const known = new Set(near.map(({ id }) => id));
    const far = [...stories].flatMap((story) => this.#store.inStory(story)).filter(({ id }) => !known.has(id));
    return [...near, ...far].flatMap((alert) => (isWithdrawn(alert) ? [] : (memberOf(alert) ?? [])));
  }

  #save(id: string, marks: Marks, now: number): AlertNews[] {
    const stored = this.#store.get(id);
    const row = this.#store.row(id);
    if (stored === null || row === null) return [];
    const news = linked(stored, { ...marks, why: this.#whyOf(stored, marks) }, now);
    this.#store.save(news.stored, row);
    return [news];
  }

  #whyOf({ alert }: StoredAlert, { story, inhibitedBy }: Marks): string {
    if (inhibitedBy !== null) {
      const by = this.#store.get(inhibitedBy)!.alert;
      return `not told again by itself: ${by.title} (${by.level}, ${by.id.slice(0, 8)}) tells the story since`;
    }
    if (alert.inhibitedBy !== null) return 'told by itself again: no stronger alert of its story is left';
    return story === alert.id ? 'the first of a story' : `part of the story that began with ${story!.slice(0, 8)}`;
  }
}

function isSame(a: Marks, b: Marks): boolean {
  return a.story === b.story && a.inhibitedBy === b.inhibitedBy;
}
