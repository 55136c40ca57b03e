import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from '../ir/ir.ts';
import { ofCall, UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import { shellWord } from '../lib/shell.ts';
import { plural } from '../report/text.ts';
import { formatDiagnostic } from '../sigma/diagnostic.ts';
import { type LoadOptions, loadRules } from '../sigma/load.ts';
import { inputError, nodeIo, readCallFile } from '../sources/file.ts';

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
      const { path: below } = error as NodeJS.ErrnoException;
      throw ofCall(inputError(below?.startsWith(join(path, '/')) ? below : path, error, nodeIo), 'rules');
    }
  }
  return [...found.values()].filter((path) => path !== '').sort();
}

/** File names as people know them: built-in ones from `rules/` on. */
export function readRuleFiles(paths: readonly string[]): RuleText[] {
  return listRuleFiles(paths)
    .filter((path) => !isTimeline(path))
    .map((path) => ({ file: shownPath(path), text: readCallFile(path, 'rules') }));
}

export function shownPath(path: string): string {
  return path.startsWith(BUILT_IN) ? join('rules', relative(BUILT_IN, path)) : path;
}

/**
 * The rules of a scan, ready to be compiled.
 * @throws UserError CW-3001 with every mistake of every file; CW-1002 for a name in `only` or a parameter that no rule has
 */
export function rulesFor(
  dirs: readonly string[],
  only: readonly string[],
  parameters: ReadonlyMap<string, number>,
): readonly Rule[] {
  const files = readRuleFiles([BUILT_IN, ...dirs]);
  const cure = `cosmowatch rules lint ${dirs.map((dir) => shellWord(dir) ?? dir).join(' ')}`;
  try {
    return chosen(
      validRules(files, { parameters }, `${cure}, or leave --rules out (the built-in rules are fine)`),
      only,
    );
  } catch (error) {
    if (parameters.size === 0 || !(error instanceof UserError) || error.code !== 'CW-3001') throw error;
    // Without what was set either the rules are fine, so it was at fault, or their own mistakes are told first.
    throw wrongParameters(parameters, validRules(files, {}, cure), error);
  }
}

/** Parameters that are named where one was misspelt. */
const NAMED = 10;

/** What is wrong with the numbers that were set; `found` says it of the rule files that they were put into. */
function wrongParameters(parameters: ReadonlyMap<string, number>, rules: readonly Rule[], found: UserError): UserError {
  const all = rules.flatMap(({ meta }) => meta.parameters.map((parameter) => ({ meta, ...parameter })));
  const names = all.map(({ meta, name }) => `${meta.name}.${name}`);
  const mistakes = [...parameters].flatMap(([full, value]) => {
    const one = all.find(({ meta, name }) => [`${meta.name}.${name}`, `${meta.id}.${name}`].includes(full));
    if (one === undefined) {
      return [[`no rule has the parameter ${full}`, ...suggestion(full, names)].join('; ')];
    }
    if (one.min !== null && value < one.min) return [`${full} must be at least ${one.min}, not ${value}`];
    // A length of time is written as a whole number and its unit.
    return Number.isInteger(value) ? [] : [`${full} must be a whole number, not ${value}`];
  });
  const [first, ...others] = mistakes;
  if (first === undefined)
    return new UserError('CW-1002', '--set: a number does not fit its rule', {
      facts: found.facts,
      cure: 'give another number, or leave --set out',
    });
  const there = all.slice(0, NAMED).map(({ meta, name, default: usual }) => `${meta.name}.${name}=${usual}`);
  return new UserError('CW-1002', `--set: ${first}`, {
    facts: [...others, 'what can be set, with what it is otherwise:', ...there.map((one) => `  ${one}`)],
    cure: 'leave --set out, or name one of these',
  });
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
