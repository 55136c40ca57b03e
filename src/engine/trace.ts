import type { Match } from '../ir/ir.ts';
import type { Item, Trace } from '../ir/trace.ts';
import { compileMatch, compileTest } from './match.ts';
import type { View } from './view.ts';

/** What a match says of an event and why. Its verdict is that of the compiled match: each item is asked by the same code. */
export function trace(match: Match, view: View): Trace {
  switch (match.kind) {
    case 'all':
    case 'any': {
      const of = match.of.map((part) => trace(part, view));
      const holds = match.kind === 'all' ? of.every((part) => part.holds) : of.some((part) => part.holds);
      return { kind: match.kind, holds, of };
    }
    case 'not': {
      const of = trace(match.of, view);
      return { kind: 'not', holds: !of.holds, of };
    }
    default:
      return traceItem(match, view);
  }
}

function traceItem(item: Item, view: View): Trace {
  const holds = compileMatch(item)(view);
  const common = { kind: 'item', holds, item, other: null } as const;
  switch (item.kind) {
    case 'constant':
      return { ...common, found: null };
    case 'keyword':
      return { ...common, found: view.leaves().filter(compileTest(item.test)).slice(0, 5) };
    case 'field': {
      const other = item.test.kind === 'fieldref' ? view.values(item.test.other) : null;
      return { ...common, found: view.values(item.field), other };
    }
  }
}
