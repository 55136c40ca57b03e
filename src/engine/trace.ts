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
      return { kind: match.kind, match, holds, of };
    }
    case 'not': {
      const of = trace(match.of, view);
      return { kind: 'not', match, holds: !of.holds, of };
    }
    default:
      return traceItem(match, view);
  }
}

function traceItem(match: Item, view: View): Trace {
  const holds = compileMatch(match)(view);
  const common = { kind: 'item', match, holds, other: null } as const;
  switch (match.kind) {
    case 'constant':
      return { ...common, found: null };
    case 'keyword':
      return { ...common, found: view.leaves().filter(compileTest(match.test)).slice(0, 5) };
    case 'field': {
      const other = match.test.kind === 'fieldref' ? view.values(match.test.other) : null;
      return { ...common, found: view.values(match.field), other };
    }
  }
}
