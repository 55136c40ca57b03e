import type { Change } from '../events/fact.ts';
import { isObject, type Json } from '../lib/json.ts';
import { visible } from './text.ts';

/** A setting's value as people read it. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return 'not known';
  if (value === null || value === '') return '(none)';
  if (Array.isArray(value))
    return value.length === 0 ? '(none)' : value.map((item: Json) => visible(`${item}`)).join(', ');
  if (isObject(value))
    return Object.entries(value)
      .map(([name, inner]) => `${visible(name)}: ${valueText(inner)}`)
      .join('; ');
  return visible(`${value}`);
}

/** `property: before -> after`. */
export function changeText({ property, before, after }: Pick<Change, 'property' | 'before' | 'after'>): string {
  return `${property}: ${valueText(before)} -> ${valueText(after)}`;
}
