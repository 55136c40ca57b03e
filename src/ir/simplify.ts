import type { Match } from './ir.ts';

/**
 * The same match, shorter: constants folded, nested groups of one kind flattened, double negation and groups of one undone, the same
 * part written twice dropped. Never changes what matches: absent fields behave in a negated part as they did before.
 * Parts that are one object are looked at once, so `a or a or ...` over a large selection stays cheap.
 */
export function simplify(match: Match): Match {
  return simplified(match, new Map());
}

type Done = Map<Match, Match>;

function simplified(match: Match, done: Done): Match {
  const known = done.get(match);
  if (known) return known;
  const result = simplifiedAnew(match, done);
  done.set(match, result);
  return result;
}

function simplifiedAnew(match: Match, done: Done): Match {
  switch (match.kind) {
    case 'all':
    case 'any':
      return group(match.kind, new Set(match.of.map((part) => simplified(part, done))));
    case 'not':
      return negate(simplified(match.of, done));
    case 'field':
    case 'keyword':
    case 'constant':
      return match;
  }
}

function negate(of: Match): Match {
  if (of.kind === 'constant') return { kind: 'constant', value: !of.value };
  return of.kind === 'not' ? of.of : { kind: 'not', of };
}

function group(kind: 'all' | 'any', parts: ReadonlySet<Match>): Match {
  const decisive = kind === 'any';
  const kept = new Map<string | Match, Match>();
  for (const part of flattened(kind, parts)) {
    if (part.kind === 'constant' && part.value === decisive) return part;
    if (part.kind !== 'constant') kept.set(sameness(part), part);
  }
  const of = [...kept.values()];
  if (of.length === 0) return { kind: 'constant', value: !decisive };
  return of.length === 1 ? of[0]! : { kind, of };
}

function flattened(kind: 'all' | 'any', parts: ReadonlySet<Match>): Set<Match> {
  const flat = new Set<Match>();
  for (const part of parts) {
    if (part.kind !== kind) flat.add(part);
    else for (const inner of part.of) flat.add(inner);
  }
  return flat;
}

/** Equal for parts that say the same. Groups are only the same as themselves: to compare them costs more than it saves. */
function sameness(part: Match): string | Match {
  const inner = part.kind === 'not' ? part.of : part;
  return inner.kind === 'field' || inner.kind === 'keyword' ? JSON.stringify(part) : part;
}
