import type { Caller, Change, Fact } from './types.ts';

export function peopleAndChanges(hits: readonly Fact[]) {
  const changes = hits.flatMap(({ change }) => (change === null ? [] : [shownChange(change)]));
  return {
    actors: [...new Set(hits.flatMap(({ who }) => (who === null ? [] : [who.id])))].sort(),
    caller: weakest(hits),
    changes: [...new Set(changes)].sort(),
  };
}

/** As text, so that two readings compare; what a diagnostic setting or a key URI was is spelt in too many ways. */
export function shownChange({ property, before, after, effect, exposure }: Change): string {
  const isFree = property.startsWith('diagnosticSettings/') || property === 'keyVaultKeyUri';
  const values = isFree ? '' : ` ${JSON.stringify(before ?? null)} -> ${JSON.stringify(after)}`.toLowerCase();
  return `${property} ${effect} ${exposure}${values}`;
}

function weakest(hits: readonly Fact[]): Caller | null {
  const order = ['exact', 'likely', 'unknown'] as const;
  return order.findLast((caller) => hits.some((hit) => hit.caller === caller)) ?? null;
}

export function iso(second: number): string {
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z');
}
