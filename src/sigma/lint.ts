import { nearest } from '../lib/nearest.ts';
import { isUuid } from './attributes.ts';
import { boundNames } from './bound.ts';
import { KEYWORDS, parseCondition, patternMatches, patternsOf } from './condition.ts';
import { type Diagnostic, Problems, sortDiagnostics } from './diagnostic.ts';
import { expandActions } from './documents.ts';
import { checkDetection } from './lintDetection.ts';
import { checkFields, type KnownFields } from './lintFields.ts';
import { checkMeta } from './lintMeta.ts';
import type { RuleFile } from './read.ts';
import { RULE_ATTRIBUTES } from './ruleAttributes.ts';
import { entryOf, type Scalar, type Tree, type TreeMap, treeAt } from './tree.ts';
import { readYaml } from './yaml.ts';

export interface LintOptions extends KnownFields {
  /** Every file beside the rules, to see which rules have a test; null: not looked at. */
  readonly files?: readonly string[] | null;
}

/** Style and likely slips: what `loadRules` lets pass. Warnings (and CW-3007), by file, line and column. */
export function lintRules(files: readonly RuleFile[], options: LintOptions = {}): Diagnostic[] {
  const titles = new Map<string, string>();
  const found = files.flatMap((file) => lintFile(file, options, titles));
  return sortDiagnostics(
    found,
    files.map(({ file }) => file),
  );
}

function lintFile({ file, text }: RuleFile, options: LintOptions, titles: Map<string, string>): Diagnostic[] {
  const unread = new Problems(file);
  const documents = expandActions(readYaml(text, unread), unread);
  const problems = new Problems(file);
  const named = referencedIn(documents);
  for (const document of documents) {
    const isCounted = isReferenced(document, named);
    checkAttributes(document, isCounted, problems);
    checkMeta(document, !isCounted && entryOf(document, 'filter') === null, problems);
    for (const key of ['detection', 'filter']) {
      checkSelections(document, key, problems);
      const map = treeAt(document, key);
      if (map?.kind === 'map') checkDetection(map, problems);
    }
    checkGroups(document, problems);
  }
  checkTitles(documents, titles, problems);
  checkFields(documents, options, problems);
  checkFile(file, problems);
  checkTest(file, options, problems);
  return problems.found;
}

function textOf(tree: Tree | null): string {
  return tree?.kind === 'scalar' ? tree.text : '';
}

/** What the correlations of a file refer to: such rules need no level of their own. */
function referencedIn(documents: readonly TreeMap[]): Set<string> {
  const named = new Set<string>();
  for (const document of documents) {
    const correlation = treeAt(document, 'correlation');
    const rules = correlation?.kind === 'map' ? treeAt(correlation, 'rules') : null;
    for (const rule of rules?.kind === 'list' ? rules.items : rules ? [rules] : []) named.add(textOf(rule));
    const touchedBy = treeAt(document, 'touched_by');
    if (touchedBy?.kind === 'map') named.add(textOf(treeAt(touchedBy, 'rule')));
  }
  return named;
}

function isReferenced(document: TreeMap, named: ReadonlySet<string>): boolean {
  return ['id', 'name', 'title'].some((key) => named.has(textOf(treeAt(document, key))));
}

/** A key near one of these is a slip, one that begins with `x-` somebody's own. */
const ATTRIBUTES = Object.keys(RULE_ATTRIBUTES);

function checkAttributes(document: TreeMap, referenced: boolean, problems: Problems): void {
  const wanted = entryOf(document, 'filter') ? ['id'] : referenced ? ['id'] : ['id', 'level', 'description'];
  const title = entryOf(document, 'title');
  for (const key of wanted) {
    if (textOf(treeAt(document, key)) === '')
      problems.warning('CW-3052', title?.keySpan ?? document.span, `the rule has no ${key}`);
  }
  const id = treeAt(document, 'id');
  if (id && textOf(id) !== '' && !isUuid(textOf(id))) {
    problems.warning(
      'CW-3053',
      id.span,
      `id "${textOf(id)}" is no UUID`,
      'other tools refuse it; make one with uuidgen',
    );
  }
  for (const { key, keySpan } of document.entries) {
    if (ATTRIBUTES.includes(key) || key.startsWith('x-')) continue;
    const near = nearest(key, ATTRIBUTES);
    if (near === null)
      problems.info('CW-3082', keySpan, `"${key}" is no attribute of Sigma or ours`, 'x-... is your own');
    else problems.warning('CW-3062', keySpan, `"${key}" is no attribute of a rule`, `did you mean "${near}"?`);
  }
  const tags = treeAt(document, 'tags');
  for (const tag of tags?.kind === 'list' ? tags.items : []) checkTag(tag, problems);
}

function checkTag(tag: Tree, problems: Problems): void {
  const text = textOf(tag);
  if (/^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(text)) return;
  problems.warning('CW-3054', tag.span, `tag "${text}" is not written namespace.name`, 'in lower case: attack.t1485');
}

function checkSelections(document: TreeMap, key: string, problems: Problems): void {
  const map = treeAt(document, key);
  if (map?.kind !== 'map') return;
  const used = usedBy(document, map);
  for (const entry of map.entries) {
    if (['condition', 'timeframe', 'rules'].includes(entry.key)) continue;
    if ((KEYWORDS as readonly string[]).includes(entry.key.toLowerCase())) {
      problems.warning(
        'CW-3056',
        entry.keySpan,
        `selection "${entry.key}" is named like a word of conditions`,
        'give it another name',
      );
    }
    if (!used(entry.key)) {
      problems.warning('CW-3055', entry.keySpan, `no condition uses "${entry.key}"`, 'use it, or take it out');
    }
    checkOffsets(entry.value, problems);
  }
}

/** Whether the condition, or the condition of a level, means a selection. A condition that cannot be read, or that names a selection which
 * is not there (an error of its own), uses everything. */
function usedBy(document: TreeMap, detection: TreeMap): (name: string) => boolean {
  const condition = treeAt(detection, 'condition');
  const scalars = (condition?.kind === 'list' ? condition.items : [condition]).filter(
    (tree) => tree?.kind === 'scalar',
  );
  const levels = treeAt(document, 'levels');
  for (const level of levels?.kind === 'list' ? levels.items : []) {
    const when = level.kind === 'map' ? treeAt(level, 'when') : null;
    if (when?.kind === 'scalar') scalars.push(when);
  }
  const names = detection.entries.map(({ key }) => key);
  const patterns: string[] = [];
  for (const scalar of scalars) {
    const parsed = parseCondition(scalar as Scalar, new Problems(''));
    if (parsed === null) return () => true;
    patterns.push(...patternsOf(parsed));
  }
  patterns.push(...boundNames(document).map(({ text }) => text));
  const misspelt = patterns.some((pattern) => !names.some((name) => patternMatches(pattern, name)));
  return misspelt ? () => true : (name) => patterns.some((pattern) => patternMatches(pattern, name));
}

function checkOffsets(selection: Tree, problems: Problems): void {
  const maps = selection.kind === 'list' ? selection.items : [selection];
  for (const map of maps) {
    for (const { key, keySpan } of map.kind === 'map' ? map.entries : []) {
      const modifiers = key.split('|').slice(1);
      if (!modifiers.includes('base64offset') || modifiers.includes('contains')) continue;
      problems.warning(
        'CW-3063',
        keySpan,
        '|base64offset finds a part, so a whole value never equals it',
        'add |contains',
      );
    }
  }
}

function checkTest(file: string, { files = null }: LintOptions, problems: Problems): void {
  if (files === null) return;
  const test = file.replace(/\.ya?ml$/, '.test.yml');
  const name = test.slice(test.lastIndexOf('/') + 1);
  if (!files.includes(test)) problems.warning('CW-3060', null, `no test beside it (${name})`);
}

/** @param titles where each title of the files before stood */
function checkTitles(documents: readonly TreeMap[], titles: Map<string, string>, problems: Problems): void {
  for (const document of documents) {
    const title = treeAt(document, 'title');
    const key = textOf(title).trim().toLowerCase();
    if (title === null || key === '') continue;
    const other = titles.get(key);
    if (other === undefined) titles.set(key, `${problems.file}:${title.span.line}`);
    else if (other !== `${problems.file}:${title.span.line}`)
      problems.warning('CW-3085', title.span, `the title is already that of ${other}`, 'alerts would look alike');
  }
}

function checkGroups(document: TreeMap, problems: Problems): void {
  const correlation = entryOf(document, 'correlation');
  if (correlation?.value.kind !== 'map' || entryOf(correlation.value, 'group-by') !== null) return;
  problems.info('CW-3097', correlation.keySpan, 'no group-by: all events count together', "Sigma's schema asks for it");
}

function checkFile(file: string, problems: Problems): void {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  if (/^[a-z0-9_]+\.yml$/.test(name)) return;
  const better = `${name
    .replace(/\.ya?ml$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')}.yml`;
  problems.info('CW-3084', null, `others would call the file ${better}`, 'small letters, digits, _ and .yml');
}
