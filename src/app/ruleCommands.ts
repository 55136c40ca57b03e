import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FIELDS } from '../events/fields.ts';
import { formatDiagnostic, sortDiagnostics } from '../sigma/diagnostic.ts';
import { lintRules } from '../sigma/lint.ts';
import { loadRules } from '../sigma/load.ts';
import { isTimeline, listRuleFiles, readRuleFiles, rulesFor, shownPath } from './rules.ts';
import { runCase } from './runTimeline.ts';
import { readTimeline } from './timeline.ts';

/** Name, level and title of each rule that raises alerts. */
export function listRules(paths: readonly string[]): string {
  const rules = loadRules(readRuleFiles(paths)).rules.filter((rule) => rule.alerts);
  const width = Math.max(4, ...rules.map(({ meta }) => meta.name.length));
  const lines = rules.map(({ meta }) => `${meta.name.padEnd(width)}  ${meta.level.padEnd(13)}  ${meta.title}`);
  return `${[`${'NAME'.padEnd(width)}  LEVEL          TITLE`, ...lines].join('\n')}\n`;
}

/** Every mistake of every file, as editors jump to it. */
export function checkRules(paths: readonly string[]): { readonly text: string; readonly errors: number } {
  const files = readRuleFiles(paths);
  const { rules, diagnostics } = loadRules(files);
  const style = lintRules(files, { fields: knownFields(), files: listRuleFiles(paths).map(shownPath) });
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const all = sortDiagnostics(
    [...diagnostics, ...style],
    files.map(({ file }) => file),
  );
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const lines = all.map((diagnostic) => formatDiagnostic(diagnostic, texts.get(diagnostic.file) ?? null));
  const verdict = `${count(rules.length, 'rule')} in ${count(files.length, 'file')}. ${count(errors, 'error')}, ${count(all.length - errors, 'warning')}.`;
  return { text: `${[...lines, ...(lines.length > 0 ? [''] : []), verdict].join('\n')}\n`, errors };
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** Canonical fields, and the raw ones that Azure's logs are known to have. */
function knownFields(): string[] {
  const raw = [
    'category',
    'operationName',
    'resourceId',
    'resultType',
    'resultSignature',
    'callerIpAddress',
    'correlationId',
    'properties.*',
    'identity.*',
  ];
  return [...FIELDS.map(({ name }) => name), ...raw];
}

/** Runs the timelines below the paths against their rules and the built-in ones. */
export function checkTimelines(paths: readonly string[]): { readonly text: string; readonly failed: number } {
  const lines: string[] = [];
  let [passed, failed] = [0, 0];
  const rules = rulesFor(
    paths
      .map((path) => (isTimeline(path) ? dirname(path) : path))
      .filter((path) => !path.includes(`${join('rules', 'cosmosdb')}`) && !isBuiltIn(path)),
    [],
    new Map(),
  );
  for (const path of listRuleFiles(paths).filter((file) => isTimeline(file) && !isShared(file))) {
    const timeline = readTimeline(readFileSync(path, 'utf8'), (name) => readOrNull(join(dirname(path), name)));
    if (!('cases' in timeline)) {
      failed += 1;
      lines.push(...timeline.map((mistake) => `${shownPath(path)}: ${mistake}`));
      continue;
    }
    for (const one of timeline.cases) {
      const wrong = runCase(timeline, one, rules);
      if (wrong.length === 0) passed += 1;
      else failed += 1;
      for (const difference of wrong) lines.push(`${shownPath(path)}: ${one.name}`, `  ${difference}`);
    }
  }
  return { text: `${[...lines, `${count(passed, 'case')} as expected, ${failed} not.`].join('\n')}\n`, failed };
}

function isBuiltIn(path: string): boolean {
  return shownPath(path) !== path;
}

/** A file that only holds templates for others. */
function isShared(path: string): boolean {
  return /(?:^|\/)records\.test\.ya?ml$/.test(path);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
