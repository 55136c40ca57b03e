import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FIELDS } from '../events/fields.ts';
import type { Rule } from '../ir/ir.ts';
import { nearest } from '../lib/nearest.ts';
import { plural } from '../report/text.ts';
import { differenceLines } from '../report/timelineDiff.ts';
import { formatDiagnostic, SEVERITIES, type Severity, sortDiagnostics } from '../sigma/diagnostic.ts';
import { lintRules } from '../sigma/lint.ts';
import { loadRules } from '../sigma/load.ts';
import { isTimeline, listRuleFiles, readRuleFiles, rulesFor, shownPath } from './rules.ts';
import { runCase } from './runTimeline.ts';
import { caseLines, readTimeline, type Timeline } from './timeline.ts';

/** Name, level and title of each rule that raises alerts. */
export function listRules(paths: readonly string[]): string {
  const rules = loadRules(readRuleFiles(paths)).rules.filter((rule) => rule.alerts);
  const width = Math.max(4, ...rules.map(({ meta }) => meta.name.length));
  const lines = rules.map(({ meta }) => `${meta.name.padEnd(width)}  ${meta.level.padEnd(13)}  ${meta.title}`);
  return `${[`${'NAME'.padEnd(width)}  LEVEL          TITLE`, ...lines].join('\n')}\n`;
}

/** Every mistake of every file that is at least so bad, as editors jump to it. */
export function checkRules(
  paths: readonly string[],
  severity: Severity = 'info',
): { readonly text: string; readonly errors: number } {
  const files = readRuleFiles(paths);
  const { rules, diagnostics } = loadRules(files);
  const style = lintRules(files, { fields: knownFields(), files: listRuleFiles(paths).map(shownPath) });
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const all = sortDiagnostics(
    [...diagnostics, ...style],
    files.map(({ file }) => file),
  );
  const of = (wanted: Severity): number => all.filter((one) => one.severity === wanted).length;
  const lines = all
    .filter((one) => SEVERITIES.indexOf(one.severity) >= SEVERITIES.indexOf(severity))
    .map((one) => formatDiagnostic(one, texts.get(one.file) ?? null));
  const infos = of('info') === 0 ? '' : `, ${of('info')} info`;
  const verdict = `${plural(rules.length, 'rule')} in ${plural(files.length, 'file')}. ${plural(of('error'), 'error')}, ${plural(of('warning'), 'warning')}${infos}.`;
  return { text: `${[...lines, ...(lines.length > 0 ? [''] : []), verdict].join('\n')}\n`, errors: of('error') };
}

/** Canonical fields, and the raw ones that Azure's logs are known to have. */
export function knownFields(): string[] {
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
export function checkTimelines(
  paths: readonly string[],
  look: { readonly width: number; readonly colour: boolean },
): { readonly text: string; readonly failed: number } {
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
    const text = readFileSync(path, 'utf8');
    const read = readTimeline(text, (name) => readOrNull(join(dirname(path), name)));
    const timeline = 'cases' in read ? withKnownRule(read, rules) : read;
    if (!('cases' in timeline)) {
      failed += 1;
      lines.push(...timeline.map((mistake) => `${shownPath(path)}:${mistake}`), '');
      continue;
    }
    const starts = caseLines(text);
    for (const [at, one] of timeline.cases.entries()) {
      const wrong = runCase(timeline, one, rules);
      if (wrong.length === 0) passed += 1;
      else failed += 1;
      if (wrong.length > 0)
        lines.push(...differenceLines({ place: `${shownPath(path)}:${starts[at]}`, name: one.name }, wrong, look));
    }
  }
  return { text: `${[...lines, `${plural(passed, 'case')} as expected, ${failed} not.`].join('\n')}\n`, failed };
}

/** A timeline of a rule that is not there would expect alerts, or none, of nothing. */
function withKnownRule(timeline: Timeline, rules: readonly Rule[]): Timeline | readonly string[] {
  if (rules.some(({ meta }) => [meta.name, meta.id].includes(timeline.rule))) return timeline;
  const near = nearest(
    timeline.rule,
    rules.filter(({ alerts }) => alerts).map(({ meta }) => meta.name),
  );
  const hint = near === null ? 'it must stand beside its timeline, or be built in' : `did you mean ${near}?`;
  return [`1:1: no rule is called ${timeline.rule}; ${hint}`];
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
