import type { AlertNews, ChangeKind } from '../alerts/stored.ts';
import { type AlertMessage, fitted, messageOf, type Notice } from '../report/message.ts';
import type { Level } from './levels.ts';
import { noticeOf } from './notice.ts';
import type { Message } from './receiver.ts';

/** What a message means to a service that keeps one ticket of each matter, found again by its key. */
export interface Ticket {
  /** `cosmowatch-ID`: letters, digits and `-._` only. */
  readonly key: string;
  readonly level: Level;
  readonly content: AlertMessage | Notice;
  readonly state: 'open' | 'acknowledged' | 'over';
  /** A ticket is made where there is none, or where the last one was closed. */
  readonly opens: boolean;
  /** What happened since it was told before; null: it is told for the first time. */
  readonly note: string | null;
  /** What it concerns, for people: the account. */
  readonly entity: string;
  readonly rule: string;
}

/** @param now milliseconds */
export function ticketOf(message: Message, now: number): Ticket {
  const { content, id } = message;
  if (content.kind === 'alert') return alertTicket(message, content.news);
  const notice = noticeOf(message, content, now);
  const isOver = content.kind === 'notice' && content.notice.isOver;
  return {
    key: keyOf(content.kind === 'notice' ? content.notice.about : id),
    level: notice.level ?? 'informational',
    content: notice,
    // Nobody is to look at a test: it opens and closes.
    state: isOver || content.kind === 'test' ? 'over' : 'open',
    opens: !isOver,
    note: isOver ? notice.text : null,
    entity: 'cosmowatch',
    rule: notice.kind,
  };
}

/** News that nobody opens a ticket for. */
const QUIET: ReadonlySet<ChangeKind> = new Set(['acknowledged', 'assigned', 'commented', 'judged', 'grown']);

function alertTicket({ links }: Message, news: AlertNews): Ticket {
  const { alert } = news.stored;
  const content = messageOf(news, links);
  const state = alert.status === 'resolved' ? 'over' : alert.status;
  return {
    key: keyOf(alert.id),
    level: alert.level,
    content,
    state,
    opens: state === 'open' && !QUIET.has(news.kind),
    note: content.follow,
    entity: content.fields.find(({ name }) => name === 'Account')?.value ?? 'cosmowatch',
    rule: content.rule,
  };
}

function keyOf(name: string): string {
  return `cosmowatch-${name.replace(/[^A-Za-z0-9._-]+/g, '-')}`.slice(0, 100);
}

/** What `make` makes of it, smaller until it fits. */
export function fittedTicket<T>(
  { content }: Ticket,
  make: (content: AlertMessage | Notice) => T,
  fits: (made: T) => boolean,
): T {
  return content.kind === 'alert' ? fitted(content, make, fits) : make(content);
}
