import { compareText } from '../lib/compare.ts';
import { LINT_CODES } from './lintCodes.ts';
import type { Span } from './tree.ts';

/** What can be wrong with a rule. A code is never reused. */
export const RULE_CODES = {
  'CW-3001': 'a part of the rule is missing or has the wrong shape',
  'CW-3002': 'a name that nothing defines',
  'CW-3003': 'the file is not YAML as rules use it',
  'CW-3004': 'the file is larger or deeper than a rule may be',
  'CW-3005': 'a condition that cannot be read',
  'CW-3006': 'an aggregation in a condition: Sigma replaced it by correlations',
  'CW-3007': 'an alert is folded by a field that can arrive late',
  'CW-3008': 'a modifier that does not exist',
  'CW-3009': 'a modifier that does not go with its value, or with another modifier',
  'CW-3010': 'an id or name that two rules share',
  'CW-3011': 'rules that refer to each other in a circle',
  'CW-3012': 'a placeholder without a list: the rule matches nothing, the filter does nothing',
  'CW-3013': 'a regular expression that cannot be run in linear time, or is none',
  'CW-3014': 'an address range that is none',
  'CW-3015': 'a length of time that is none',
  'CW-3016': 'a correlation condition that cannot be met or judged',
  'CW-3017': 'a parameter that does not exist, or a value it does not take',
  'CW-3018': 'a word that is not one of the few allowed here',
  'CW-3019': 'a date that is none',
  'CW-3020': 'a pattern that matches no selection',
  'CW-3021': 'a rule that refers to a rule that is not valid',
  'CW-3022': 'written for a later version of Sigma than is read here',
  'CW-3051': 'a field that no log has',
  'CW-3052': 'an attribute that every published rule should have',
  'CW-3053': 'an id that is not a UUID',
  'CW-3054': 'a tag that is not written namespace.name',
  'CW-3055': 'a selection that no condition uses',
  'CW-3056': 'a selection named like a word of the condition language',
  'CW-3057': 'an attribute of Sigma 1 that has no meaning any more',
  'CW-3058': 'a modifier that changes nothing here',
  'CW-3059': 'an empty list: it matches nothing',
  'CW-3060': 'a rule without a test beside it',
  'CW-3061': 'a filter that changes no rule',
  'CW-3062': 'a key that looks misspelt',
  'CW-3063': 'a part of an encoded value that is compared with a whole value',
  ...LINT_CODES,
} as const;

export type RuleCode = keyof typeof RULE_CODES;

/** Least bad first. An error leaves its rule out; a warning says that it hardly does what was meant; info, how others write it. */
export const SEVERITIES = ['info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something wrong at one place. */
export interface Diagnostic<Code extends string = RuleCode> {
  readonly severity: Severity;
  readonly code: Code;
  readonly file: string;
  /** From 1; 0 when it is about the whole file. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** One line, lower case, no full stop. */
  readonly message: string;
  /** The cure, as one says it to a colleague. */
  readonly hint: string | null;
}

/** `windash` and placeholders multiply values; a list of addresses may well be thousands. */
export const MAX_VALUES = 50_000;

/** Where the readers of one document put what they find; `failed` once an error is among it. */
export class Problems<Code extends string = RuleCode> {
  readonly file: string;
  readonly found: Diagnostic<Code>[] = [];
  failed = false;
  /** The rule is valid but must match nothing: a list that it needs is not there, or it says itself that it cannot be used. */
  disarmed = false;
  #values = 0;

  constructor(file: string) {
    this.file = file;
  }

  error(code: Code, span: Span | null, message: string, hint: string | null = null): null {
    this.failed = true;
    return this.#add('error', code, span, message, hint);
  }

  warning(code: Code, span: Span | null, message: string, hint: string | null = null): null {
    return this.#add('warning', code, span, message, hint);
  }

  info(code: Code, span: Span | null, message: string, hint: string | null = null): null {
    return this.#add('info', code, span, message, hint);
  }

  /** Counts values that the rule is made of; false once they are more than any rule needs. */
  spend(values: number): boolean {
    this.#values += values;
    return this.#values <= MAX_VALUES;
  }

  disarm(): void {
    this.disarmed = true;
  }

  #add(severity: Severity, code: Code, span: Span | null, message: string, hint: string | null): null {
    const { line, column, length } = span ?? { line: 0, column: 0, length: 0 };
    this.found.push({ severity, code, file: this.file, line, column, length, message, hint });
    return null;
  }
}

/**
 * `file:line:column: error CW-nnnn: what`, the line, and a caret line with the cure. Editors jump to it.
 * `source` is the text of the file, for the line; null leaves the excerpt out.
 */
export function formatDiagnostic(diagnostic: Diagnostic<string>, source: string | null): string {
  const { file, line, column, severity, code, message, hint } = diagnostic;
  const place = line > 0 ? `${file}:${line}:${column}` : file;
  const head = `${place}: ${severity} ${code}: ${message}`;
  const text = line > 0 ? source?.split(/\r\n|\r|\n/, line)[line - 1] : undefined;
  if (text === undefined) return hint === null ? head : `${head}\n       ${hint}`;

  const shown = excerpt(text, column, diagnostic.length);
  const gutter = line.toString().padStart(4);
  const carets = '^'.repeat(shown.length);
  const under = `${' '.repeat(shown.column - 1)}${carets}${hint === null ? '' : ` ${hint}`}`;
  return `${head}\n${gutter} | ${shown.text}\n     | ${under}`;
}

const EXCERPT = 100;

/** The line around a column, at most 100 characters, without characters that a terminal would obey. */
function excerpt(text: string, column: number, length: number): { text: string; column: number; length: number } {
  const start = column > EXCERPT - 20 ? column - 20 : 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  const shown = text.slice(start, start + EXCERPT).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  const at = Math.max(1, column - start);
  return { text: shown, column: at, length: Math.max(1, Math.min(length, shown.length - at + 1)) };
}

/** By file (in the given order), line, column, code: the order in which people repair them. */
export function sortDiagnostics<Code extends string>(
  found: readonly Diagnostic<Code>[],
  files: readonly string[],
): Diagnostic<Code>[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  const order = (d: Diagnostic<Code>): number => rank.get(d.file) ?? files.length;
  return [...found].sort(
    (a, b) => order(a) - order(b) || a.line - b.line || a.column - b.column || compareText(a.code, b.code),
  );
}
