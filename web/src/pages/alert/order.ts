import type { ListRow } from '../alerts/groups.ts';

/** The order of the list that one came from, for `[` and `]` on an alert. */
let order: readonly string[] = [];

export function rememberOrder(rows: readonly ListRow[]): void {
  order = rows.filter(({ kind }) => kind !== 'head').map(({ id }) => id);
}

export function neighbours(id: string): { readonly newer: string | null; readonly older: string | null } {
  const at = order.indexOf(id);
  return at < 0 ? { newer: null, older: null } : { newer: order[at - 1] ?? null, older: order[at + 1] ?? null };
}
