import type { z } from 'zod';
import { liveEvent } from '../../src/api/contract.ts';
import { now } from './clock.ts';
import { storeOf } from './store.ts';

/*
 * Changes of alerts as they happen, over one connection for the whole page. States: connecting -> live; live -> lost when the connection
 * breaks, and back by itself (the browser asks again with the id it saw last). `reset` means that changes were missed: whoever shows
 * alerts asks for them again.
 */

export type LiveEvent = z.infer<typeof liveEvent>;
export type News = { readonly kind: 'alert'; readonly event: LiveEvent } | { readonly kind: 'reset' };
export type LiveState = {
  readonly state: 'connecting' | 'live' | 'lost';
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
};

export const liveState = storeOf<LiveState>({ state: 'connecting', since: now() });

const listeners = new Set<(news: News) => void>();
let stream: EventSource | null = null;

/** @returns ends it */
export function onNews(listener: (news: News) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function connect(): void {
  if (stream !== null) return;
  stream = new EventSource('/api/v1/events');
  stream.onopen = () => become('live');
  stream.onerror = () => {
    become('lost');
    // A refusal (signed out, too many clients) ends the stream for good; a broken line does not.
    if (stream?.readyState === EventSource.CLOSED) retryLater();
  };
  stream.addEventListener('alert', ({ data }) => {
    const parsed = liveEvent.safeParse(jsonIn(data as string));
    if (parsed.success) tell({ kind: 'alert', event: parsed.data });
  });
  stream.addEventListener('reset', () => tell({ kind: 'reset' }));
}

export function disconnect(): void {
  stream?.close();
  stream = null;
}

/** At once, because somebody asked for it. */
export function reconnect(): void {
  disconnect();
  become('connecting');
  connect();
}

function retryLater(): void {
  const broken = stream;
  setTimeout(() => {
    if (stream !== broken) return;
    disconnect();
    connect();
  }, 8000);
}

function become(state: LiveState['state']): void {
  const before = liveState.get();
  if (before.state === state) return;
  liveState.set({ state, since: now() });
  if (before.state === 'lost' && state === 'live') tell({ kind: 'reset' });
}

function tell(news: News): void {
  for (const listener of listeners) listener(news);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
