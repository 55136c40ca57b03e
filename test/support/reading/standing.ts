import * as around from './around.ts';
import type { Past } from './past.ts';
import { effectOf, isEqual } from './settings.ts';
import type { Fact } from './types.ts';

const END = Number.POSITIVE_INFINITY;

/** At the end of the clock, does what the hit is about stand as before the hit, or stricter? */
export function isStanding(past: Past, hit: Fact): boolean {
  const { kind, name, isForEver } = hit.thing!;
  if (isForEver) return false;
  switch (kind) {
    case 'setting':
      return isSettingStanding(past, hit, name);
    case 'lock':
      return around.isLockedAsStrongly(past, hit.account, around.lockLevel(past, name, hit.at)!);
    case 'diagnostic': {
      const now = around.shipping(past, name, END) ?? null;
      return !around.isLogLost(around.shipping(past, name, hit.at)!, now, around.otherShipping(past, name, END));
    }
    case 'key': {
      const { isGone, isDisabled, isExpired } = around.keyState(past, name, END);
      return !isGone && !isDisabled && !isExpired;
    }
    case 'vault': {
      const [vault = '', property = ''] = name.split('|');
      const strength = (at: number) => around.vaultStrength(property, around.vaultBefore(past, vault, property, at)!);
      return strength(END) >= strength(hit.at);
    }
  }
}

function isSettingStanding(past: Past, hit: Fact, property: string): boolean {
  const was = hit.change?.before;
  const now = past.settings(hit.account, END);
  if (was === undefined || now[property] === undefined) return false;
  if (isEqual(property, was, now[property])) return true;
  const effect = effectOf(property, was, now);
  return effect === 'strengthened' || (property === 'ipRules' && effect === 'neutral');
}
