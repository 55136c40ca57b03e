import type { Problems } from './diagnostic.ts';
import { didYouMean } from './suggest.ts';
import { type Scalar, within } from './tree.ts';

/** A condition as written. `at` is the offset in its text. */
export type Condition =
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  /** `1 of x*`, `all of them`. `them` is the pattern `*`. */
  | { readonly kind: 'of'; readonly quantifier: 'any' | 'all'; readonly pattern: string; readonly at: number }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

interface Token {
  readonly text: string;
  readonly at: number;
}

/** Words that the condition language keeps for itself, lower case. */
export const KEYWORDS = ['and', 'or', 'not', 'of', 'them', 'all', 'any', 'near', 'by'] as const;

const MAX_TOKENS = 500;
const MAX_NESTING = 64;

/**
 * Precedence, weakest first: or, and, not, `x of`, parentheses. Operators are lower case.
 * Reports what is wrong at its place in the scalar and gives null.
 */
export function parseCondition(scalar: Scalar, problems: Problems): Condition | null {
  if (typeof scalar.value !== 'string')
    return problems.error(
      'CW-3005',
      scalar.span,
      'a condition is a text',
      'names of selections, joined by and, or, not',
    );
  const aggregated = aggregation(scalar.text);
  if (aggregated !== null) {
    const span = within(scalar, aggregated, scalar.text.length - aggregated);
    return problems.error('CW-3006', span, 'Sigma no longer counts in a condition', AGGREGATION_CURE);
  }
  const tokens = tokenise(scalar.text);
  if (tokens.length === 0)
    return problems.error('CW-3005', scalar.span, 'an empty condition', 'names of selections, joined by and, or, not');
  if (tokens.length > MAX_TOKENS)
    return problems.error(
      'CW-3005',
      scalar.span,
      `more than ${MAX_TOKENS} words`,
      '"1 of name_*" stands for many selections',
    );
  return new Parser(tokens, scalar, problems).parse();
}

const AGGREGATION_CURE =
  'cut it here; add a document "correlation: {type: event_count, rules: [NAME], group-by: [FIELD], timespan: 15m, condition: {gt: N}}"';

/** Where a pipe begins, or null. */
export function aggregation(text: string): number | null {
  const at = text.indexOf('|');
  return at === -1 ? null : at;
}

function tokenise(text: string): Token[] {
  return Array.from(text.matchAll(/[()]|[^\s()]+/g), (found) => ({ text: found[0], at: found.index }));
}

/** Thrown and caught in this file, after the problem was reported. */
class Unreadable extends Error {}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #scalar: Scalar;
  readonly #problems: Problems;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], scalar: Scalar, problems: Problems) {
    this.#tokens = tokens;
    this.#scalar = scalar;
    this.#problems = problems;
  }

  parse(): Condition | null {
    try {
      const condition = this.#or();
      const rest = this.#tokens[this.#next];
      if (rest) this.#fail(rest, ...unexpected(rest.text));
      return condition;
    } catch (error) {
      if (error instanceof Unreadable) return null;
      throw error;
    }
  }

  #or(): Condition {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(word: 'and' | 'or', operand: () => Condition): Condition {
    const of = [operand()];
    while (this.#accept(word)) of.push(operand());
    return of.length === 1 ? of[0]! : { kind: word, of };
  }

  #not(): Condition {
    let negated = false;
    while (this.#accept('not')) negated = !negated;
    const operand = this.#operand();
    return negated ? { kind: 'not', of: operand } : operand;
  }

  #operand(): Condition {
    const token = this.#take('a selection');
    if (token.text === '(') return this.#group(token);
    if (this.#tokens[this.#next]?.text === 'of') return this.#quantified(token);
    const word = token.text.toLowerCase();
    if (word !== token.text && (word === 'not' || word === 'and' || word === 'or')) {
      this.#fail(token, `"${token.text}" must be lower case`, `write "${word}"`);
    }
    if (token.text === ')' || word === 'and' || word === 'or')
      this.#fail(token, `a selection is missing before "${token.text}"`, 'name one, or take the word out');
    return { kind: 'name', name: token.text, at: token.at };
  }

  #group(open: Token): Condition {
    this.#depth += 1;
    if (this.#depth > MAX_NESTING)
      this.#fail(open, `parentheses nested more than ${MAX_NESTING} deep`, 'leave out those that say nothing');
    const inner = this.#or();
    if (!this.#accept(')')) {
      const next = this.#tokens[this.#next];
      if (next) this.#fail(next, ...unexpected(next.text));
      this.#fail(open, 'this parenthesis is not closed', 'add ")"');
    }
    this.#depth -= 1;
    return inner;
  }

  #quantified(quantifier: Token): Condition {
    this.#next += 1;
    const pattern = this.#take('a pattern after "of"');
    if (quantifier.text !== '1' && quantifier.text !== 'any' && quantifier.text !== 'all') {
      this.#fail(quantifier, `"${quantifier.text} of" does not exist`, 'Sigma has "1 of", "any of" and "all of"');
    }
    if (pattern.text === '(' || pattern.text === ')')
      this.#fail(pattern, 'after "of" stands a name, a pattern or "them"', '1 of selection_*');
    return {
      kind: 'of',
      quantifier: quantifier.text === 'all' ? 'all' : 'any',
      pattern: pattern.text === 'them' ? '*' : pattern.text,
      at: quantifier.at,
    };
  }

  #accept(text: string): boolean {
    if (this.#tokens[this.#next]?.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #take(what: string): Token {
    const token = this.#tokens[this.#next];
    if (!token) {
      this.#problems.error(
        'CW-3005',
        this.#scalar.span,
        `the condition ends where ${what} should stand`,
        'go on, or take the last word out',
      );
      throw new Unreadable();
    }
    this.#next += 1;
    return token;
  }

  #fail(token: Token, message: string, hint: string | null = null): never {
    this.#problems.error('CW-3005', within(this.#scalar, token.at, token.text.length), message, hint);
    throw new Unreadable();
  }
}

function unexpected(text: string): [string, string | null] {
  const word = text.toLowerCase();
  const operator = word === 'and' || word === 'or';
  if (operator && word !== text) return [`"${text}" must be lower case`, `write "${word}"`];
  if (text === ')') return ['this parenthesis was never opened', 'take it out'];
  return [`"${text}" is not expected here`, didYouMean(text, ['and', 'or']) ?? 'join selections by "and" or "or"'];
}

/**
 * True if `1 of pattern` means a selection of this name. `*` may stand anywhere. Names that begin with `_` are only meant by
 * patterns that begin so too.
 */
export function patternMatches(pattern: string, name: string): boolean {
  if (name.startsWith('_') && !pattern.startsWith('_')) return false;
  const parts = pattern.split('*');
  const first = parts.shift()!;
  if (parts.length === 0) return name === first;
  const last = parts.pop()!;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from <= name.length - last.length;
}

/** The names and patterns that a condition is made of, in their order. */
export function patternsOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'name':
      return [condition.name];
    case 'of':
      return [condition.pattern];
    case 'not':
      return patternsOf(condition.of);
    case 'and':
    case 'or':
      return condition.of.flatMap(patternsOf);
  }
}
