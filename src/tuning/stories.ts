import type { Alert } from '../alerts/alert.ts';
import { type Level, levelRank } from '../ir/ir.ts';
import { compareText } from '../lib/compare.ts';

/*
 * A *story* is what one account's alerts tell together: they share an actor (a person, an application, a key at an address) or a record, directly
 * or by way of others, and none opened more than a day after the first. Its id is that of its first alert; an alert that shares with nobody has none.
 *
 * A stronger alert *inhibits* the weaker ones of its story that opened no later than itself: they stay visible and are not told again. What
 * is not told any more (retracted, merged) is part of no story and inhibits nothing.
 */

/** Seconds from a story's first alert within which others join it. */
export const STORY_WINDOW = 24 * 3600;

/** An alert, as far as stories look at it. */
export interface Member {
  readonly id: string;
  readonly rule: string;
  readonly account: string;
  /** Seconds since 1970. */
  readonly opened: number;
  readonly level: Level;
  /** Who acted, by what tells them apart, and the records that it is made of: alerts that share one belong together. */
  readonly ties: readonly string[];
  /** What was decided of it before; null: nothing. */
  readonly marks: Marks;
}

/** What is decided of an alert. Frozen: an id is only taken back with what it names, and a story only changes to an older one. */
export interface Marks {
  readonly story: string | null;
  readonly inhibitedBy: string | null;
}

export const UNMARKED: Marks = { story: null, inhibitedBy: null };

/** Null: it can be part of no story. */
export function memberOf(alert: Omit<Alert, 'reason'>): Member | null {
  const { id, rule, account, firstSeen, level, actors, evidence, story, inhibitedBy } = alert;
  if (account === null) return null;
  return {
    id,
    rule,
    account,
    opened: Math.floor(Date.parse(firstSeen) / 1000),
    level,
    ties: [...actors.flatMap((actor) => actorKey(actor) ?? []), ...evidence.map((one) => `record ${one.id}`)],
    marks: { story, inhibitedBy },
  };
}

/** A key without its address is anybody's. */
function actorKey({ id, name, type, appId }: Alert['actors'][number]): string | null {
  if (type === 'key') return id?.includes('@') ? id : null;
  return (id ?? name ?? appId)?.toLowerCase() ?? null;
}

/** In the order in which alerts are listed. */
export function byOpened(a: Pick<Member, 'id' | 'rule' | 'opened'>, b: Pick<Member, 'id' | 'rule' | 'opened'>): number {
  return a.opened - b.opened || compareText(a.rule, b.rule) || compareText(a.id, b.id);
}

/** What is decided of each of some alerts, whatever their order. Those that are not named are unmarked. */
export function marksOf(members: readonly Member[]): ReadonlyMap<string, Marks> {
  const marks = new Map<string, Marks>();
  const stories = new Stories(({ id }, own) => marks.set(id, own));
  for (const member of [...members].sort(byOpened)) stories.add(member);
  stories.finish();
  return marks;
}

interface Story {
  readonly first: number;
  readonly members: Member[];
  readonly ties: Set<string>;
}

/** Stories of alerts that come in order of time. What is decided of a story is told when nothing can join it any more. */
export class Stories {
  readonly #emit: (member: Member, marks: Marks) => void;
  /** By account and tie. */
  readonly #byTie = new Map<string, Story>();
  /** By account and the id that was given before. */
  readonly #byId = new Map<string, Story>();
  /** Oldest first. */
  readonly #open = new Set<Story>();

  constructor(emit: (member: Member, marks: Marks) => void) {
    this.#emit = emit;
  }

  /** In the order of `byOpened`. */
  add(member: Member): void {
    this.#close(member.opened);
    const names = member.ties.map((tie) => `${member.account}|${tie}`);
    const { story: id } = member.marks;
    const given = id === null ? null : `${member.account}|${id}`;
    const found = new Set([
      ...names.flatMap((name) => this.#byTie.get(name) ?? []),
      ...(given === null ? [] : [this.#byId.get(given) ?? []]).flat(),
    ]);
    const [story, ...others] = [...found].sort((a, b) => a.first - b.first || byOpened(a.members[0]!, b.members[0]!));
    const own = story ?? { first: member.opened, members: [], ties: new Set<string>() };
    this.#open.add(own);
    own.members.push(member);
    for (const other of others) this.#join(own, other);
    for (const name of names) this.#tie(own, name);
    if (given !== null) this.#byId.set(given, own);
  }

  finish(): void {
    this.#close(Number.POSITIVE_INFINITY);
  }

  #tie(story: Story, name: string): void {
    story.ties.add(name);
    this.#byTie.set(name, story);
  }

  /** One alert belongs to both, so they are one. */
  #join(story: Story, other: Story): void {
    this.#open.delete(other);
    story.members.push(...other.members);
    for (const name of other.ties) this.#tie(story, name);
    for (const { account, marks } of other.members)
      if (marks.story !== null) this.#byId.set(`${account}|${marks.story}`, story);
  }

  #close(second: number): void {
    for (const story of this.#open) {
      if (story.first >= second - STORY_WINDOW) break;
      this.#open.delete(story);
      for (const name of story.ties) if (this.#byTie.get(name) === story) this.#byTie.delete(name);
      for (const { account, marks } of story.members) this.#byId.delete(`${account}|${marks.story}`);
      this.#tell(story);
    }
  }

  #tell({ members }: Story): void {
    const ordered = members.sort(byOpened);
    const story = ordered.find(({ marks }) => marks.story !== null)?.marks.story ?? ordered[0]!.id;
    if (ordered.length === 1 && ordered[0]!.marks.story === null) return;
    const inhibitors = inhibitorsOf(ordered);
    for (const member of ordered) this.#emit(member, { story, inhibitedBy: inhibitors.get(member.id) ?? null });
  }
}

/** By the id of each weaker alert: the strongest that opened with it or later, of those that which opened first. @param ordered oldest first */
function inhibitorsOf(ordered: readonly Member[]): Map<string, string> {
  const byId = new Map(ordered.map((member) => [member.id, member]));
  const inhibitors = new Map<string, string>();
  let best: Member | null = null;
  for (let end = ordered.length; end > 0; ) {
    let from = end - 1;
    while (from > 0 && ordered[from - 1]!.opened === ordered[end - 1]!.opened) from -= 1;
    const together = ordered.slice(from, end);
    for (const one of together.toReversed())
      if (best === null || levelRank(one.level) >= levelRank(best.level)) best = one;
    for (const one of together) {
      const before = byId.get(one.marks.inhibitedBy ?? '');
      const inhibitor = before !== undefined && isStronger(before, one) ? before : best;
      if (inhibitor !== null && isStronger(inhibitor, one)) inhibitors.set(one.id, inhibitor.id);
    }
    end = from;
  }
  return inhibitors;
}

function isStronger(a: Member, b: Member): boolean {
  return levelRank(a.level) > levelRank(b.level);
}
