import type { Match, Test } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { compileTest } from './match.ts';

/** Some fields of an event, by lower-case name; null: known to be absent. A field that is not here may be anything. */
export type KnownFields = Readonly<Record<string, Json>>;

export type Answer = 'yes' | 'no' | 'maybe';

/** What a match says of an event of which only some fields are known. */
export type Partial_ = (known: KnownFields) => Answer;

export function compilePartial(match: Match): Partial_ {
  switch (match.kind) {
    case 'constant':
      return () => (match.value ? 'yes' : 'no');
    case 'not': {
      const inner = compilePartial(match.of);
      return (known) => NEGATED[inner(known)];
    }
    case 'all': {
      const parts = match.of.map(compilePartial);
      return (known) => strongest(parts, known, 'no', 'yes');
    }
    case 'any': {
      const parts = match.of.map(compilePartial);
      return (known) => strongest(parts, known, 'yes', 'no');
    }
    case 'field':
      return partialField(match.field.toLowerCase(), match.test);
    case 'keyword':
      return () => 'maybe';
  }
}

const NEGATED: Readonly<Record<Answer, Answer>> = { yes: 'no', no: 'yes', maybe: 'maybe' };

/** One part that says `decisive` decides; all must say `neutral` for that. */
function strongest(parts: readonly Partial_[], known: KnownFields, decisive: Answer, neutral: Answer): Answer {
  let answer: Answer = neutral;
  for (const part of parts) {
    const one = part(known);
    if (one === decisive) return decisive;
    if (one === 'maybe') answer = 'maybe';
  }
  return answer;
}

function partialField(field: string, test: Test): Partial_ {
  if (test.kind === 'fieldref') return () => 'maybe';
  const matches = test.kind === 'null' || test.kind === 'exists' ? null : compileTest(test);
  return (known) => {
    if (!Object.hasOwn(known, field)) return 'maybe';
    const value = known[field]!;
    if (test.kind === 'null') return value === null ? 'yes' : 'no';
    if (test.kind === 'exists') return (value !== null) === test.value ? 'yes' : 'no';
    return value !== null && matches!(value) ? 'yes' : 'no';
  };
}
