import { type Micros, SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { isKeyRead } from './caller.ts';

/** Terraform reads all three kinds of keys of an account when it refreshes; people read one. */
const KINDS = 3;
const TOGETHER: Micros = 10 * SECOND;

/**
 * Names the program behind Terraform's trio of key reads: connection strings, keys and read-only keys of one account by one caller and
 * application within seconds. A caller whose program is known otherwise keeps that name.
 * @param facts in order of time
 */
export function* namePrograms<T extends { readonly fact: Fact }>(
  items: Iterable<T>,
  rename: (item: T, appName: string) => T,
): Generator<T> {
  const waiting: T[] = [];
  const reads = new Map<string, Fact[]>();
  const leave = function* (until: Micros): Generator<T> {
    while (waiting.length > 0 && waiting[0]!.fact.time < until) {
      const item = waiting.shift()!;
      yield isTrio(item.fact, reads) ? rename(item, 'Terraform') : item;
    }
  };
  let newest = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    newest = Math.max(newest, item.fact.time);
    // Items come by whole second: one up to a second older may still follow.
    yield* leave(newest - TOGETHER - SECOND);
    waiting.push(item);
    if (isKeyRead(item.fact.action)) remember(reads, item.fact, newest);
  }
  yield* leave(Number.POSITIVE_INFINITY);
}

function keyOf(fact: Fact): string {
  return JSON.stringify([fact.account, fact.actor?.id, fact.actor?.appId, fact.sourceIp]);
}

function remember(reads: Map<string, Fact[]>, fact: Fact, newest: Micros): void {
  const key = keyOf(fact);
  const list = (reads.get(key) ?? []).filter((read) => read.time >= newest - 3 * TOGETHER);
  list.push(fact);
  reads.set(key, list);
  if (reads.size > 10_000)
    for (const [old, of] of reads) if (of.at(-1)!.time < newest - 3 * TOGETHER) reads.delete(old);
}

function isTrio(fact: Fact, reads: ReadonlyMap<string, readonly Fact[]>): boolean {
  if (!isKeyRead(fact.action) || fact.actor === null || isNamed(fact)) return false;
  const near = (reads.get(keyOf(fact)) ?? []).filter(
    (read) => read.outcome === 'success' && Math.abs(read.time - fact.time) <= TOGETHER,
  );
  return new Set(near.map((read) => read.action)).size === KINDS;
}

/** The Azure CLI signs Terraform in, so its application id says nothing against Terraform. */
function isNamed(fact: Fact): boolean {
  const name = fact.actor?.appName ?? null;
  return name !== null && name !== 'Azure CLI';
}
