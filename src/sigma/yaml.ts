import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type YAMLParseError,
  type Scalar as YamlScalar,
} from 'yaml';
import type { Problems, RuleCode } from './diagnostic.ts';
import type { Entry, Scalar, Span, Tree, TreeMap } from './tree.ts';

/** What a file may be; real ones are a few kilobytes, four levels deep. */
export const LIMITS = { bytes: 256 * 1024, depth: 64, aliases: 100, nodes: 100_000, documents: 200 } as const;

/** What the mistakes of one kind of file are called: rules have their codes, a configuration has its own. */
export interface Dialect<Code extends string> {
  readonly shape: Code;
  readonly yaml: Code;
  readonly limit: Code;
  /** `a rule`, `rules`. */
  readonly one: string;
  readonly many: string;
  /** How many documents a file may hold. */
  readonly documents: number;
  /** What to do with a file that is too large. */
  readonly split: string;
  /** How a document begins. */
  readonly begin: string;
  /** May a mistake be told with the word that is one? */
  readonly quotes: boolean;
}

const RULES: Dialect<RuleCode> = {
  shape: 'CW-3001',
  yaml: 'CW-3003',
  limit: 'CW-3004',
  one: 'a rule',
  many: 'rules',
  documents: LIMITS.documents,
  split: 'split it: one rule a file',
  begin: 'begin with "title:"',
  quotes: true,
};

/** The documents of a rule file. */
export function readYaml(text: string, problems: Problems): TreeMap[] {
  return readYamlAs(RULES, text, problems);
}

/**
 * The documents of a file. YAML 1.2, core schema: `yes`, `no`, `on`, `off` are texts, `010` is ten, dates are texts;
 * a whole number beyond 2^53 stays a text, because a number would change it.
 * Refused: duplicate keys, merge keys (`<<`), tags, keys that are no scalar, and what is past the limits.
 * A document that is refused is left out; the others are read.
 */
export function readYamlAs<Code extends string>(
  dialect: Dialect<Code>,
  text: string,
  problems: Problems<Code>,
): TreeMap[] {
  const { one, many, documents, split } = dialect;
  if (Buffer.byteLength(text) > LIMITS.bytes) {
    problems.error(dialect.limit, null, `larger than ${LIMITS.bytes / 1024} KiB`, split);
    return [];
  }
  const lines = new LineCounter();
  const maps: TreeMap[] = [];
  for (const document of parse(dialect, text, lines, problems)) {
    const reader = new TreeReader(dialect, text, lines, problems);
    const [error] = document.errors;
    if (error) {
      reportError(dialect, error, reader, problems);
      continue;
    }
    const tree = document.contents === null ? null : reader.read(document.contents, 0);
    if (tree === null || (tree.kind === 'scalar' && tree.value === null)) continue;
    if (maps.length === documents) {
      const most =
        documents === 1
          ? `more than one document (---): this file is ${one}`
          : `more than ${documents} ${many} in a file`;
      problems.error(dialect.limit, tree.span, most, split);
      break;
    }
    if (tree.kind === 'map') maps.push(tree);
    else problems.error(dialect.shape, tree.span, `${one} is a map of keys and values`, dialect.begin);
  }
  return maps;
}

function parse<Code extends string>(
  dialect: Dialect<Code>,
  text: string,
  lines: LineCounter,
  problems: Problems<Code>,
) {
  try {
    return parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      // Ours is linear; the library compares each key with all before it.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter: lines,
    });
  } catch {
    // The library recurses: the stack ends before its own depth limit on some inputs.
    problems.error(dialect.limit, null, 'nested deeper than YAML can be read', `at most ${LIMITS.depth} levels`);
    return [];
  }
}

function reportError<Code extends string>(
  dialect: Dialect<Code>,
  error: YAMLParseError,
  reader: TreeReader<Code>,
  problems: Problems<Code>,
): void {
  if (/call stack/.test(error.message)) {
    problems.error(dialect.limit, null, `nested more than ${LIMITS.depth} levels deep`, 'real ones have four');
    return;
  }
  const first = error.message.split('\n', 1)[0] ?? '';
  const message = `not YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`.replace(/\.$/, '');
  const cure = CURES[error.code] ?? 'check the quotes and the indentation here and in the line before';
  problems.error(dialect.yaml, reader.spanOf(error.pos[0], error.pos[1]), message, cure);
}

/** By what the library calls the mistake. */
const CURES: Readonly<Partial<Record<YAMLParseError['code'], string>>> = {
  BAD_DQ_ESCAPE: 'double the backslash, or use single quotes',
  BAD_INDENT: 'keys of one map begin in the same column',
  BAD_SCALAR_START: 'put the value into quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put a value with ": " into quotes, or begin a new line',
  BLOCK_IN_FLOW: 'inside [ ] and { } separate values by commas',
  MISSING_CHAR: 'close what was opened, or put the value into quotes',
  MULTILINE_IMPLICIT_KEY: 'add ":" after the key, or close the quotes before it',
  TAB_AS_INDENT: 'indent with spaces',
  UNEXPECTED_TOKEN: 'put the value into quotes',
};

/** Thrown and caught in this file: the rest of the document cannot be trusted. */
class Refused extends Error {}

class TreeReader<Code extends string> {
  readonly #dialect: Dialect<Code>;
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #problems: Problems<Code>;
  readonly #anchors = new Map<string, unknown>();
  #nodes = 0;
  #aliases = 0;

  constructor(dialect: Dialect<Code>, text: string, lines: LineCounter, problems: Problems<Code>) {
    this.#dialect = dialect;
    this.#text = text;
    this.#lines = lines;
    this.#problems = problems;
  }

  read(node: unknown, depth: number): Tree | null {
    try {
      return this.#tree(node, depth);
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  spanOf(start: number, end: number): Span {
    const { line, col } = this.#lines.linePos(start);
    const lineEnd = this.#text.slice(start).search(/[\r\n]/);
    const length = Math.min(end - start, lineEnd === -1 ? Number.POSITIVE_INFINITY : lineEnd);
    return { line: Math.max(1, line), column: Math.max(1, col), length: Math.max(1, length) };
  }

  #tree(node: unknown, depth: number): Tree {
    const span = this.#span(node);
    this.#nodes += 1;
    if (depth > LIMITS.depth)
      this.#refuse('limit', span, `nested more than ${LIMITS.depth} levels deep`, 'real ones have four');
    if (this.#nodes > LIMITS.nodes)
      this.#refuse('limit', span, `more than ${LIMITS.nodes} values`, this.#dialect.split);
    if (isAlias(node)) return this.#tree(this.#alias(node.source, span), depth + 1);

    const tree = this.#untagged(node, span, depth);
    const anchor = (node as { anchor?: string } | null)?.anchor;
    // Registered when complete, so no alias can stand inside its own anchor.
    if (anchor) this.#anchors.set(anchor, node);
    return tree;
  }

  #untagged(node: unknown, span: Span, depth: number): Tree {
    const tag = (node as { tag?: string } | null)?.tag;
    if (tag && !/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(tag)) {
      this.#refuse(
        'yaml',
        span,
        `tag ${this.#quoted(tag)}has no meaning in ${this.#dialect.one}`,
        'leave it out; put a text with "!" into quotes',
      );
    }
    if (isMap(node)) return this.#map(node.items, span, depth);
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.#tree(item, depth + 1)), span };
    if (isScalar(node)) return this.#scalar(node, span);
    return { kind: 'scalar', value: null, text: '', quoted: false, span, textAt: null };
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], span: Span, depth: number): TreeMap {
    const seen = new Set<string>();
    const entries: Entry[] = [];
    for (const pair of pairs) {
      const keySpan = this.#span(pair.key);
      const key = isAlias(pair.key) ? this.#alias(pair.key.source, keySpan) : pair.key;
      if (!isScalar(key)) this.#refuse('yaml', keySpan, 'a key must be a text', 'put it into quotes');
      const name = key.type === 'PLAIN' ? (key.source ?? '') : String(key.value);
      if (name === '<<') this.#refuse('yaml', keySpan, 'merge keys (<<) are not read', 'write the keys out');
      if (seen.has(name)) this.#refuse('yaml', keySpan, `key "${name}" stands twice`, 'keep one of them');
      seen.add(name);
      const value = pair.value === null ? empty(keySpan) : this.#tree(pair.value, depth + 1);
      entries.push({ key: name, keySpan, value });
    }
    return { kind: 'map', entries, span };
  }

  #scalar(node: YamlScalar, span: Span): Scalar {
    const quoted = node.type !== 'PLAIN';
    const source = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    return {
      kind: 'scalar',
      value: exactValue(node, source),
      text: source,
      quoted,
      span,
      textAt: this.#textAt(node, source),
    };
  }

  /** Where the text stands in the file as it is: plain, or quoted without escapes, on one line. */
  #textAt(node: YamlScalar, text: string): number | null {
    const start = node.range?.[0] ?? -1;
    const at = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? 1 : 0;
    return start >= 0 && this.#text.startsWith(text, start + at) ? at : null;
  }

  #alias(name: string, span: Span): unknown {
    this.#aliases += 1;
    if (this.#aliases > LIMITS.aliases)
      this.#refuse('limit', span, `more than ${LIMITS.aliases} aliases`, 'write the values out');
    return (
      this.#anchors.get(name) ??
      this.#refuse(
        'yaml',
        span,
        `alias ${this.#quoted(`*${name}`)}has no anchor before it`,
        'put a text that begins with "*" into quotes',
      )
    );
  }

  #quoted(word: string): string {
    return this.#dialect.quotes ? `${word} ` : '';
  }

  #span(node: unknown): Span {
    const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
    return range ? this.spanOf(range[0], range[1]) : { line: 1, column: 1, length: 1 };
  }

  #refuse(kind: 'yaml' | 'limit', span: Span, message: string, hint: string): never {
    this.#problems.error(this.#dialect[kind], span, message, hint);
    throw new Refused(message);
  }
}

function empty(span: Span): Scalar {
  return { kind: 'scalar', value: null, text: '', quoted: false, span, textAt: null };
}

function exactValue(node: YamlScalar, text: string): string | number | boolean | null {
  const { value } = node;
  if (typeof value === 'number') return isExact(value, text) ? value : text;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return text;
}

/** False for `.inf`, `.nan` and whole numbers that a double would round. */
function isExact(value: number, text: string): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value) || /[.eE]/.test(text));
}
