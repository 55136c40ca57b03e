import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export interface ChipItem {
  readonly name: string;
  readonly value: ReactNode;
  /** Null: it always applies. */
  readonly remove: (() => void) | null;
}

/** What a list is narrowed to. `children` stand after them: what adds one. */
export function Chips({ items, children }: { readonly items: readonly ChipItem[]; readonly children?: ReactNode }) {
  return (
    <div className="filters">
      {items.map(({ name, value, remove }) => (
        <span className="chip" key={name}>
          <span>{name}</span>
          <b>{value}</b>
          {remove === null ? null : (
            <button type="button" aria-label={`Remove the filter ${name.toLowerCase()}`} onClick={remove}>
              <IconX size={14} stroke={1.6} />
            </button>
          )}
        </span>
      ))}
      {children}
    </div>
  );
}
