import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from '../ir/ir.ts';
import { UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import { plural } from '../report/text.ts';
import { formatDiagnostic } from '../sigma/diagnostic.ts';
import { type LoadOptions, loadRules } from '../sigma/load.ts';

export interface RuleText {
  readonly file: string;
  readonly text: string;
}

/** The rules that come with the program. */
export const BUILT_IN = fileURLToPath(new URL('../../rules', import.meta.url));

export function isTimeline(path: string): boolean {
  return /\.test\.ya?ml$/.test(path);
}

/** All `.yml` files below the folders (or the files themselves), each once however it is reached, in order of their paths. */
export function listRuleFiles(paths: readonly string[]): string[] {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const real = realpathSync(path);
    if (found.has(real)) return;
    if (statSync(real).isDirectory()) {
      found.set(real, '');
      for (const name of readdirSync(path)) visit(join(path, name));
    } else if (/\.ya?ml$/.test(path)) found.set(real, path);
  };
  for (const path of paths) {
    try {
      visit(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new UserError('CW-2001', `no such file or folder of rules: ${path}`);
    }
  }
  return [...found.values()].filter((path) => path !== '').sort();
}

/** File names as people know them: built-in ones from `rules/` on. */
export function readRuleFiles(paths: readonly string[]): RuleText[] {
  return listRuleFiles(paths)
    .filter((path) => !isTimeline(path))
    .map((path) => ({ file: shownPath(path), text: readFileSync(path, 'utf8') }));
}

export function shownPath(path: string): string {
  return path.startsWith(BUILT_IN) ? join('rules', relative(BUILT_IN, path)) : path;
}

/**
 * The rules of a scan, ready to be compiled.
 * @throws UserError CW-3001 with every mistake of every file; CW-1002 for a name in `only` that no rule has
 */
export function rulesFor(
  dirs: readonly string[],
  only: readonly string[],
  parameters: ReadonlyMap<string, number>,
): readonly Rule[] {
  const cure = 'cosmowatch rules lint, or leave --rules out (the built-in rules are fine)';
  return chosen(validRules(readRuleFiles([BUILT_IN, ...dirs]), { parameters }, cure), only);
}

/**
 * The rules of some files, all of them valid.
 * @throws UserError CW-3001 with every mistake of every file
 */
export function validRules(files: readonly RuleText[], options: LoadOptions, cure: string): readonly Rule[] {
  const { rules, diagnostics } = loadRules(files, options);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length === 0) return rules;
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  throw new UserError('CW-3001', `${plural(errors.length, 'mistake')} in the rules`, {
    facts: errors.flatMap((error) => formatDiagnostic(error, texts.get(error.file) ?? null).split('\n')),
    cure,
  });
}

/** The named rules, and those that they count. The others are still there for them, but raise nothing. */
function chosen(rules: readonly Rule[], only: readonly string[]): readonly Rule[] {
  if (only.length === 0) return rules;
  const wanted = new Set<string>();
  for (const name of only) {
    const rule = rules.find((one) => isCalled(one, name));
    if (rule === undefined)
      throw unknownRule(
        name,
        rules.filter(({ alerts }) => alerts),
        'cosmowatch rules list',
      );
    wanted.add(rule.meta.id);
  }
  return rules.map((rule) => (wanted.has(rule.meta.id) ? rule : { ...rule, alerts: false }));
}

/** By its name, with or without `cosmosdb_`, or its id. */
export function isCalled({ meta }: Rule, name: string): boolean {
  return [name, `cosmosdb_${name}`].includes(meta.name) || meta.id === name.toLowerCase();
}

export function unknownRule(name: string, rules: readonly Rule[], cure: string): UserError {
  const names = rules.map(({ meta }) => meta.name);
  return new UserError('CW-1002', `no rule is called ${name}`, { facts: suggestion(name, names), cure });
}
