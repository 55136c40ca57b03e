import type { Rule } from '../../ir/ir.ts';
import type { Diagnostic } from '../../sigma/diagnostic.ts';
import { loadRules } from '../../sigma/load.ts';
import { BUILT_IN, isCalled, listRuleFiles, type RuleText, readRuleFiles, shownPath } from '../rules.ts';

/** What a text is tried among. */
export interface Surroundings {
  /** Of the configuration, beside the built-in rules. */
  readonly folders: readonly string[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly parameters: ReadonlyMap<string, number>;
}

export interface Draft {
  /** Name or id of the rule whose file it takes the place of; null: it takes no place. */
  readonly rule: string | null;
  readonly text: string;
}

/** A text in its place among the others. */
export interface Placed {
  /** As people know it. */
  readonly file: string;
  /** Where that is on the disk; null: it takes no place. */
  readonly path: string | null;
  readonly before: readonly RuleText[];
  readonly after: readonly RuleText[];
}

const NEW = 'draft.yml';

export function place({ rule, text }: Draft, { folders }: Surroundings): Placed {
  const paths = [BUILT_IN, ...folders];
  const before = readRuleFiles(paths);
  const found = rule === null ? null : fileOf(rule, before);
  if (found === null) return { file: NEW, path: null, before, after: [...before, { file: NEW, text }] };
  return {
    file: found,
    path: listRuleFiles(paths).find((path) => shownPath(path) === found) ?? null,
    before,
    after: before.map((one) => (one.file === found ? { file: found, text } : one)),
  };
}

function fileOf(name: string, files: readonly RuleText[]): string | null {
  return loadRules(files).rules.find((rule) => isCalled(rule, name))?.meta.place.file ?? null;
}

/** The rules of a text, and what keeps them from being used. */
export function ownRules(
  placed: Placed,
  files: readonly RuleText[],
  options: Parameters<typeof loadRules>[1],
): { readonly all: readonly Rule[]; readonly own: readonly Rule[]; readonly diagnostics: readonly Diagnostic[] } {
  const { rules, diagnostics } = loadRules(files, options);
  return {
    all: rules,
    own: rules.filter(({ meta }) => meta.place.file === placed.file),
    diagnostics: diagnostics.filter(({ file }) => file === placed.file),
  };
}

/** Mistakes as `LINE:COLUMN: what`; empty: it can be used. */
export function mistakesIn(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, message, hint }) => `${line}:${column}: ${message}${hint === null ? '' : `; ${hint}`}`);
}
