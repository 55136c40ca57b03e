import { type Condition, parseCondition, patternMatches } from './condition.ts';
import { Problems } from './diagnostic.ts';
import { type Entry, type Scalar, type Tree, type TreeMap, treeAt, within } from './tree.ts';

/* What selections and conditions say in a way that hardly was meant, or that others would write in another way. */

const NOT_SELECTIONS = ['condition', 'timeframe', 'rules'];

/** @param map the value of `detection` or `filter` */
export function checkDetection(map: TreeMap, problems: Problems): void {
  const selections = map.entries.filter(({ key }) => !NOT_SELECTIONS.includes(key));
  for (const selection of selections) {
    const maps = selection.value.kind === 'list' ? selection.value.items : [selection.value];
    for (const tree of maps) for (const item of tree.kind === 'map' ? tree.entries : []) checkItem(item, problems);
  }
  checkSame(selections, problems);
  const condition = treeAt(map, 'condition');
  for (const scalar of condition?.kind === 'list' ? condition.items : [condition]) {
    if (scalar?.kind === 'scalar')
      checkCondition(
        scalar,
        selections.map(({ key }) => key),
        problems,
      );
  }
}

function checkItem(item: Entry, problems: Problems): void {
  const [field = '', ...modifiers] = item.key.split('|');
  if (field !== field.trim())
    problems.warning('CW-3096', item.keySpan, `spaces around the field name "${field}"`, `write "${field.trim()}"`);
  const { value } = item;
  const values = value.kind === 'list' ? value.items.filter((one) => one.kind === 'scalar') : [];
  if (value.kind === 'list' && values.length === 1) checkSingle(item, modifiers, problems);
  if (values.length > 1) checkList(values, modifiers, problems);
  for (const one of value.kind === 'list' ? values : value.kind === 'scalar' ? [value] : [])
    checkValue(one, modifiers, problems);
}

function checkSingle({ key, keySpan }: Entry, modifiers: readonly string[], problems: Problems): void {
  if (modifiers.includes('all'))
    problems.warning('CW-3058', keySpan, '|all with one value changes nothing', 'leave it out');
  else problems.info('CW-3086', keySpan, `"${key}" is a list of one value`, 'write it on the same line');
}

const PLACED = ['contains', 'startswith', 'endswith'] as const;

function checkList(values: readonly Scalar[], modifiers: readonly string[], problems: Problems): void {
  const fold = modifiers.includes('cased') || modifiers.includes('re') ? asIs : lower;
  const placed = PLACED.find((name) => modifiers.includes(name));
  const isPlain = modifiers.every((name) => name === placed || name === 'cased');
  const seen = new Map<string, Scalar>();
  for (const value of values) {
    const text = fold(value.text);
    if (value.value === null) problems.warning('CW-3094', value.span, 'null in a list of values', NULL_CURE);
    else if (seen.has(text)) problems.warning('CW-3090', value.span, `"${value.text}" stands twice`, 'take one out');
    seen.set(text, value);
  }
  if (placed === undefined || !isPlain || seen.size > MANY) return;
  for (const [text, value] of seen) {
    const covering = [...seen.keys()].find((other) => other !== text && other !== '' && covers(placed, text, other));
    if (covering !== undefined)
      problems.info('CW-3089', value.span, `"${covering}" finds all that "${value.text}" finds`, 'take it out');
  }
}

/** Each value is compared with all others: a list of addresses is not worth it. */
const MANY = 500;

const NULL_CURE = 'Sigma wants it in a selection of its own, joined by the condition';

/** Does a value that has `text` at the place always have `other` there too? Wildcards in either are left alone. */
function covers(placed: (typeof PLACED)[number], text: string, other: string): boolean {
  if (/[*?\\]/.test(other)) return false;
  if (placed === 'contains') return text.includes(other);
  return placed === 'startswith' ? text.startsWith(other) : text.endsWith(other);
}

function lower(text: string): string {
  return text.toLowerCase();
}

function asIs(text: string): string {
  return text;
}

function checkValue(value: Scalar, modifiers: readonly string[], problems: Problems): void {
  if (typeof value.value !== 'string') return;
  if (modifiers.includes('re')) {
    checkRegex(value, problems);
    return;
  }
  const placed = PLACED.find((name) => modifiers.includes(name));
  if (placed !== undefined && value.text === '')
    problems.warning(
      'CW-3095',
      value.span,
      `every value ${VERBS[placed]} the empty text`,
      'name a text, or use |exists',
    );
  if (placed !== undefined) checkPlaced(value, placed, problems);
  else if (modifiers.length === 0 || modifiers.every((name) => name === 'all' || name === 'cased'))
    checkWildcards(value, problems);
}

const VERBS = { contains: 'contains', startswith: 'starts with', endswith: 'ends with' } as const;

function checkPlaced({ text, span }: Scalar, placed: (typeof PLACED)[number], problems: Problems): void {
  const before = placed !== 'startswith' && text.startsWith('*');
  const behind = placed !== 'endswith' && endsInStar(text);
  if (!before && !behind) return;
  problems.info('CW-3092', span, `|${placed} puts the * there by itself`, 'take it out');
}

/** `*x*`, `x*`, `*x`, and no other wildcard. */
function checkWildcards({ text, span }: Scalar, problems: Problems): void {
  const [before, behind] = [text.startsWith('*'), endsInStar(text)];
  const inner = text.slice(before ? 1 : 0, behind ? -1 : undefined);
  if ((!before && !behind) || inner === '' || /[*?]/.test(inner)) return;
  const modifier = before && behind ? 'contains' : before ? 'endswith' : 'startswith';
  problems.info('CW-3091', span, 'a wildcard at the end of a value', `write |${modifier} and "${inner}"`);
}

function endsInStar(text: string): boolean {
  return /(?<!\\)(?:\\\\)*\*$/.test(text) && text !== '*';
}

function checkRegex({ text, span }: Scalar, problems: Problems): void {
  if (text !== '' && !/[\\^$.*+?()[\]{}|]/.test(text))
    problems.info('CW-3093', span, 'a regular expression without any sign of one', 'write |contains|cased');
  else if (/^\.\*/.test(text) || /(?<!\\)\.\*$/.test(text))
    problems.info('CW-3093', span, '.* at an end changes nothing', 'an expression may match anywhere: take it out');
}

function checkCondition(scalar: Scalar, names: readonly string[], problems: Problems): void {
  const condition = parseCondition(scalar, new Problems(''));
  for (const of of condition === null ? [] : quantified(condition)) {
    const meant = names.filter((name) => patternMatches(of.pattern, name));
    const word = of.quantifier === 'all' ? 'all' : '1';
    const isThem = of.pattern === '*';
    const written = `${word} of ${isThem ? 'them' : of.pattern}`;
    const span = within(scalar, of.at, written.length);
    if (isThem)
      problems.info(
        'CW-3087',
        span,
        `"${written}" also means selections that are added later`,
        'name a pattern: selection_*',
      );
    else if (meant.length === 1)
      problems.info('CW-3088', span, `"${written}" means only "${meant[0]}"`, `write ${meant[0]}`);
  }
}

function quantified(condition: Condition): Extract<Condition, { kind: 'of' }>[] {
  switch (condition.kind) {
    case 'name':
      return [];
    case 'of':
      return [condition];
    case 'not':
      return quantified(condition.of);
    case 'and':
    case 'or':
      return condition.of.flatMap(quantified);
  }
}

function checkSame(selections: readonly Entry[], problems: Problems): void {
  const seen = new Map<string, string>();
  for (const { key, keySpan, value } of selections) {
    const text = JSON.stringify(bare(value));
    const same = seen.get(text);
    if (same !== undefined)
      problems.warning('CW-3098', keySpan, `"${key}" asks the same as "${same}"`, 'keep one, or correct the other');
    seen.set(text, key);
  }
}

/** A tree without its places. */
function bare(tree: Tree): unknown {
  if (tree.kind === 'scalar') return [tree.quoted, tree.text];
  if (tree.kind === 'list') return tree.items.map(bare);
  return tree.entries.map(({ key, value }) => ({ key, value: bare(value) }));
}
