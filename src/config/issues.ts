import type { z } from 'zod';
import { nearest } from '../lib/nearest.ts';
import type { Problems } from '../sigma/diagnostic.ts';
import { describe as kindOf, type Tree } from '../sigma/tree.ts';
import type { ConfigCode } from './codes.ts';
import { type Path, pathText, placeOf } from './place.ts';

type Issue = z.core.$ZodIssue;

interface Said {
  readonly code: ConfigCode;
  /** Behind the name of the key: `is a number, not a text`. */
  readonly what: string;
  readonly cure: string | null;
}

/**
 * What zod found, told with its place. No value is ever part of it: it may be a secret in the wrong place. The excerpt shows those that
 * cannot be one.
 * @param base the path of what was parsed
 * @param isTold values of which it was said before why they cannot be used
 */
export function tellIssues(
  issues: readonly Issue[],
  root: Tree,
  base: Path,
  problems: Problems<ConfigCode>,
  isTold: (tree: Tree, message: string) => boolean = () => false,
): void {
  for (const issue of issues) {
    const path = [...base, ...(issue.path as Path)];
    const place = placeOf(root, path);
    const inner = issue.code === 'invalid_union' && place.tree?.kind !== 'scalar' ? likeliest(issue) : null;
    if (inner !== null) tellIssues(inner, root, path, problems, isTold);
    // Unknown keys are looked for in the tree, where they have a place.
    else if (issue.code !== 'unrecognized_keys' && !(place.tree !== null && isTold(place.tree, issue.message))) {
      const { code, what, cure } = said(issue, place.tree, path);
      const span = issue.code === 'invalid_key' ? place.keySpan : place.span;
      problems.error(code, span, `${pathText(path)}${what.startsWith(':') ? '' : ' '}${what}`, cure);
    }
  }
}

/** The mistakes in the member of a union that was most likely meant: it has the fewest. Null: none of them is of this kind. */
function likeliest({ errors }: z.core.$ZodIssueInvalidUnion): readonly Issue[] | null {
  const count = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  const entered = errors.filter((issues) =>
    issues.some(({ path, code }) => path.length > 0 || code !== 'invalid_type'),
  );
  return entered.sort((x, y) => count(x) - count(y))[0] ?? null;
}

function said(issue: Issue, tree: Tree | null, path: Path): Said {
  const isMissing = tree === null || (tree.kind === 'scalar' && tree.value === null);
  // A refined `z.instanceof` forgets of what: only secrets are checked in this way.
  const wantsSecret = issue.code === 'custom' && issue.message === 'Invalid input';
  if (isMissing && (issue.code !== 'custom' || wantsSecret)) return missing(path);
  if (wantsSecret) return ofType('Secret', tree);
  switch (issue.code) {
    case 'invalid_type':
      return ofType(issue.expected, tree);
    case 'invalid_value':
      return ofWords(issue.values.map(String), tree);
    case 'invalid_format':
      return ofFormat(issue);
    case 'too_small':
      return wrong(sizeOf(issue.origin, 'at least', issue.minimum));
    case 'too_big':
      return wrong(sizeOf(issue.origin, 'at most', issue.maximum));
    case 'invalid_key':
      return ofName(path, issue.issues);
    case 'invalid_union':
      return ofUnion(issue, tree, path);
    case 'custom':
      return wrong(sentence(issue.message), cureIn(issue.params));
    case 'not_multiple_of':
      return wrong(`is a multiple of ${issue.divisor}`);
    case 'unrecognized_keys':
    case 'invalid_element':
      return wrong(sentence(issue.message));
  }
}

/** A message of a plug-in's own behind the name of the key. */
function sentence(message: string): string {
  return /^(is|has|must|needs|takes|can|cannot|may|begins|names)\b/.test(message) ? message : `: ${message}`;
}

/** Null: nobody wrote one, it is zod's. */
function ownMessage({ message }: Pick<Issue, 'message'>): string | null {
  return /^(Invalid|Too|Unrecognized) /.test(message) ? null : message;
}

function ofFormat(issue: z.core.$ZodIssueInvalidStringFormat): Said {
  const own = ownMessage(issue);
  if (own !== null) return /^is /.test(own) ? wrong(own) : wrong('is not written as it should be', own);
  return wrong(FORMATS[issue.format] ?? `is not written as it should be (${issue.pattern ?? issue.format})`);
}

function wrong(what: string, cure: string | null = null): Said {
  return { code: 'CW-8005', what, cure };
}

function ofName([first, second]: Path, [issue]: readonly Issue[]): Said {
  const own = issue === undefined ? null : ownMessage(issue);
  if (own !== null) return wrong(sentence(own));
  if (first === 'rules' && second === 'parameters')
    return wrong('is no parameter', 'RULE.PARAMETER: docs/reference/rules.md says which there are');
  return wrong('is no name', 'letters, digits, "_", "-" and ".", beginning with a letter');
}

function missing(path: Path): Said {
  return { code: 'CW-8006', what: 'is missing', cure: `add "${path.at(-1)}: ..."` };
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  Secret: 'env:NAME or file:PATH',
};

function ofType(expected: string, tree: Tree | null): Said {
  if (expected === 'Secret')
    return tree?.kind === 'scalar'
      ? {
          code: 'CW-8008',
          what: 'is a secret, and none may stand in this file',
          cure: 'env:NAME for a variable of the environment, file:PATH for a file with nothing else in it',
        }
      : wrong('is a secret', 'env:NAME or file:PATH');
  if (isSecret(tree))
    return { code: 'CW-8012', what: 'is no secret', cure: 'write the value itself, without env: or file:' };
  const given = tree === null ? 'nothing' : kindOf(tree);
  return wrong(`is ${TYPES[expected] ?? `of type ${expected}`}, not ${given}`, cureOfType(expected, tree));
}

/** Read as a secret, because of how it is written. */
export function isSecret(tree: Tree | null): boolean {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' && /^(env|file):/.test(tree.value);
}

function cureOfType(expected: string, tree: Tree | null): string | null {
  if (expected === 'string') return tree?.kind === 'scalar' ? 'put it into quotes' : 'write one value';
  if (expected === 'array') return 'write "- " before each entry';
  if (expected === 'object' || expected === 'record') return 'write its keys below it, indented';
  return tree?.kind === 'scalar' && tree.quoted ? 'write it without quotes' : null;
}

function ofWords(words: readonly string[], tree: Tree | null): Said {
  const text = tree?.kind === 'scalar' ? tree.text : '';
  const near = isSecret(tree) ? null : nearest(text.slice(0, 100), words);
  const cure = near === null ? `one of ${words.join(', ')}` : `did you mean "${near}"?`;
  return wrong(words.length === 1 ? `is always ${words[0]}` : 'is one of a few words', cure);
}

const FORMATS: Readonly<Record<string, string>> = {
  url: 'is no URL',
  email: 'is no e-mail address',
  uuid: 'is no UUID',
  guid: 'is no UUID',
  ipv4: 'is no IPv4 address',
  ipv6: 'is no IPv6 address',
};

function sizeOf(origin: string, how: string, bound: number | bigint): string {
  if (origin === 'string') return bound === 1 && how === 'at least' ? 'is empty' : `has ${how} ${bound} characters`;
  if (origin === 'array') return `has ${how} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  return `is ${how} ${bound}`;
}

/** The member that got furthest: whose first mistake lies deepest, or is no mistake of kind. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, tree: Tree | null, path: Path): Said {
  const first = issue.errors.flatMap(([one]) => (one === undefined ? [] : [one]));
  const further = first.find(({ path: at, code }) => at.length > 0 || code !== 'invalid_type');
  if (further !== undefined) {
    const inner = said(further, tree, [...path, ...(further.path as Path)]);
    return further.path.length === 0 ? inner : { ...inner, what: `${pathText(further.path as Path)} ${inner.what}` };
  }
  const secret = first.some((one) => one.code === 'invalid_type' && one.expected === 'Secret');
  if (secret && tree?.kind === 'scalar' && typeof tree.value === 'string') return ofType('Secret', tree);
  const wanted = first.flatMap((one) => (one.code === 'invalid_type' ? [TYPES[one.expected] ?? one.expected] : []));
  return wrong(`is ${[...new Set(wanted)].join(', or ')}`);
}

function cureIn(params: Readonly<Record<string, unknown>> | undefined): string | null {
  const cure = params?.['cure'];
  return typeof cure === 'string' ? cure : null;
}
