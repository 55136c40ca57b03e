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
import type { Problems } from './diagnostic.ts';
import type { Entry, Scalar, Span, Tree, TreeMap } from './tree.ts';

/** What a rule file may be; real ones are a few kilobytes, four levels deep. */
export const LIMITS = { bytes: 256 * 1024, depth: 64, aliases: 100, nodes: 100_000, documents: 200 } as const;

/**
 * The documents of a rule file. YAML 1.2, core schema: `yes`, `no`, `on`, `off` are texts, `010` is ten, dates are texts;
 * a whole number beyond 2^53 stays a text, because a number would change it.
 * Refused: duplicate keys, merge keys (`<<`), tags, keys that are no scalar, and what is past the limits.
 * A document that is refused is left out; the others are read.
 */
export function readYaml(text: string, problems: Problems): TreeMap[] {
  if (Buffer.byteLength(text) > LIMITS.bytes) {
    problems.error('CW-3004', null, `larger than ${LIMITS.bytes / 1024} KiB`, 'split it: one rule a file');
    return [];
  }
  const lines = new LineCounter();
  const maps: TreeMap[] = [];
  for (const document of parse(text, lines, problems)) {
    const reader = new TreeReader(text, lines, problems);
    const [error] = document.errors;
    if (error) {
      reportError(error, reader, problems);
      continue;
    }
    const tree = document.contents === null ? null : reader.read(document.contents, 0);
    if (tree === null || (tree.kind === 'scalar' && tree.value === null)) continue;
    if (maps.length === LIMITS.documents) {
      problems.error(
        'CW-3004',
        tree.span,
        `more than ${LIMITS.documents} rules in a file`,
        'split it: one rule a file',
      );
      break;
    }
    if (tree.kind === 'map') maps.push(tree);
    else problems.error('CW-3001', tree.span, 'a rule is a map of keys and values', 'begin with "title:"');
  }
  return maps;
}

function parse(text: string, lines: LineCounter, problems: Problems) {
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
    problems.error('CW-3004', null, 'nested deeper than YAML can be read', `at most ${LIMITS.depth} levels`);
    return [];
  }
}

function reportError(error: YAMLParseError, reader: TreeReader, problems: Problems): void {
  if (/call stack/.test(error.message)) {
    problems.error('CW-3004', null, `nested more than ${LIMITS.depth} levels deep`, 'real rules have four');
    return;
  }
  const first = error.message.split('\n', 1)[0] ?? '';
  const message = `not YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`.replace(/\.$/, '');
  const cure = CURES[error.code] ?? 'check the quotes and the indentation here and in the line before';
  problems.error('CW-3003', reader.spanOf(error.pos[0], error.pos[1]), message, cure);
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

class TreeReader {
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, unknown>();
  #nodes = 0;
  #aliases = 0;

  constructor(text: string, lines: LineCounter, problems: Problems) {
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
      this.#refuse('CW-3004', span, `nested more than ${LIMITS.depth} levels deep`, 'real rules have four');
    if (this.#nodes > LIMITS.nodes)
      this.#refuse('CW-3004', span, `more than ${LIMITS.nodes} values`, 'split the file: one rule each');
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
        'CW-3003',
        span,
        `tag ${tag} has no meaning in a rule`,
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
      if (!isScalar(key)) this.#refuse('CW-3003', keySpan, 'a key must be a text', 'put it into quotes');
      const name = key.type === 'PLAIN' ? (key.source ?? '') : String(key.value);
      if (name === '<<') this.#refuse('CW-3003', keySpan, 'merge keys (<<) are not read', 'write the keys out');
      if (seen.has(name)) this.#refuse('CW-3003', keySpan, `key "${name}" stands twice`, 'keep one of them');
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
      this.#refuse('CW-3004', span, `more than ${LIMITS.aliases} aliases`, 'write the values out');
    return (
      this.#anchors.get(name) ??
      this.#refuse(
        'CW-3003',
        span,
        `alias *${name} has no anchor before it`,
        'put a text that begins with "*" into quotes',
      )
    );
  }

  #span(node: unknown): Span {
    const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
    return range ? this.spanOf(range[0], range[1]) : { line: 1, column: 1, length: 1 };
  }

  #refuse(code: 'CW-3003' | 'CW-3004', span: Span, message: string, hint: string): never {
    this.#problems.error(code, span, message, hint);
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
