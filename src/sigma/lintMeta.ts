import { tacticTags } from './attack.ts';
import type { Problems } from './diagnostic.ts';
import { entryOf, type Scalar, type Span, type Tree, type TreeMap, treeAt } from './tree.ts';

/* Attributes that only people read, as SigmaHQ's conventions and schema want them. Slips are warnings, taste is info. */

/** @param isMain a rule of its own: no filter, and no correlation only counts it */
export function checkMeta(document: TreeMap, isMain: boolean, problems: Problems): void {
  checkTitle(document, problems);
  if (isMain) checkPresent(document, problems);
  checkWords(document, problems);
  checkDates(document, problems);
  checkTags(document, problems);
  checkDescription(document, problems);
  checkReferences(document, problems);
  checkFalsePositives(document, problems);
  checkStatus(document, problems);
  for (const key of ['tags', 'references', 'falsepositives', 'fields', 'scope']) checkTwice(document, key, problems);
}

function textAt(document: TreeMap, key: string): Scalar | null {
  const tree = treeAt(document, key);
  return tree?.kind === 'scalar' && tree.text.trim() !== '' ? tree : null;
}

function textsAt(document: TreeMap, key: string): Scalar[] {
  const tree = treeAt(document, key);
  const items: readonly Tree[] = tree?.kind === 'list' ? tree.items : tree === null ? [] : [tree];
  return items.filter((item): item is Scalar => item.kind === 'scalar' && item.text.trim() !== '');
}

const TITLE = { usual: 110, longest: 256 };

function checkTitle(document: TreeMap, problems: Problems): void {
  const title = textAt(document, 'title');
  if (title === null) return;
  const { text, span } = title;
  if (text.length > TITLE.longest)
    problems.warning('CW-3070', span, `the title has ${text.length} characters, Sigma allows ${TITLE.longest}`);
  else if (text.length > TITLE.usual)
    problems.info('CW-3070', span, `the title has ${text.length} characters`, `at most ${TITLE.usual} fit a table`);
  if (/^\p{Ll}/u.test(text)) problems.info('CW-3070', span, 'the title begins with a small letter');
  if (/[.\s]$/.test(text)) problems.info('CW-3070', span, 'the title ends with a full stop or space');
  if (/^detects?\b/i.test(text)) problems.info('CW-3070', span, 'every rule detects something', 'name what it finds');
}

const ASKED_FOR = ['status', 'author', 'date', 'references', 'tags', 'falsepositives'];

function checkPresent(document: TreeMap, problems: Problems): void {
  const missing = ASKED_FOR.filter((key) => textsAt(document, key).length === 0);
  if (missing.length === 0) return;
  const span = entryOf(document, 'title')?.keySpan ?? document.span;
  problems.info('CW-3071', span, `the rule has no ${missing.join(', no ')}`, 'SigmaHQ asks for it');
}

function checkWords(document: TreeMap, problems: Problems): void {
  const logsource = treeAt(document, 'logsource');
  const parts =
    logsource?.kind === 'map' ? ['product', 'service', 'category'].map((key) => textAt(logsource, key)) : [];
  for (const word of [textAt(document, 'level'), textAt(document, 'status'), ...parts]) {
    if (word === null || word.text === word.text.toLowerCase()) continue;
    problems.info('CW-3072', word.span, `"${word.text}" is not in small letters`, `write "${word.text.toLowerCase()}"`);
  }
}

function checkDates(document: TreeMap, problems: Problems): void {
  const [date, modified] = ['date', 'modified'].map((key) => textAt(document, key));
  for (const one of [date, modified]) {
    if (one && !/^\d{4}-\d{2}-\d{2}$/.test(one.text))
      problems.warning('CW-3073', one.span, `"${one.text}" is an old form of a date`, `write ${dayOf(one.text)}`);
  }
  if (date && modified && dayOf(modified.text) < dayOf(date.text))
    problems.warning('CW-3074', modified.span, `modified before it was written (${date.text})`);
  if (!date && modified) problems.info('CW-3074', modified.span, 'modified, but no date', 'say when it was written');
}

/** `2024/1/9` and `2024-01-09T10:00:00Z` as `2024-01-09`. */
function dayOf(text: string): string {
  const [year = '', month = '', day = ''] = text.split(/[-/T ]/);
  return [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
}

/** What follows the dot, by namespace. Source: appendix on tags of Sigma 2.1. */
const NAMESPACES: ReadonlyMap<string, RegExp> = new Map([
  ['attack', /^(?:t\d{4}(?:\.\d{3})?|[gsma]\d{4}|ds\d{4})$/],
  ['car', /^\d{4}-\d{2}-\d{3}$/],
  ['cve', /^\d{4}-\d{4,}$/],
  ['d3fend', /^(?:d3f?-[a-z0-9-]+|model|harden|detect|isolate|deceive|evict)$/i],
  ['detection', /^(?:dfir|emerging-threats|threat-hunting)$/],
  ['stp', /^[1-5][auk]?$/],
  ['tlp', /^(?:red|amber|amber-strict|green|clear|white)$/],
]);

function checkTags(document: TreeMap, problems: Problems): void {
  for (const { text, span } of textsAt(document, 'tags')) {
    const at = text.indexOf('.');
    if (at < 0 || !/^[a-z0-9_.-]+$/.test(text)) continue;
    const [namespace, name] = [text.slice(0, at), text.slice(at + 1)];
    const form = NAMESPACES.get(namespace);
    if (form === undefined)
      problems.info(
        'CW-3075',
        span,
        `"${namespace}" is no namespace of Sigma`,
        `it has ${[...NAMESPACES.keys()].join(', ')}`,
      );
    else if (!form.test(name) && !(namespace === 'attack' && isTactic(name))) reportTag(text, span, problems);
  }
}

function isTactic(name: string): boolean {
  return tacticTags().includes(name);
}

function reportTag(text: string, span: Span, problems: Problems): void {
  const dashed = text.replaceAll('_', '-').replace('.', '.');
  if (isTactic(dashed.slice('attack.'.length)))
    problems.info('CW-3076', span, `tactics are written with dashes since Sigma 2`, `write "${dashed}"`);
  else if (/^cve\.\d{4}\.\d+$/.test(text))
    problems.info('CW-3076', span, 'a CVE number is written with a dash', `write "${text.replace(/\.(\d+)$/, '-$1')}"`);
  else
    problems.warning(
      'CW-3076',
      span,
      `"${text}" is no tag of its namespace`,
      'attack: a tactic, or t1485 and the like',
    );
}

const DESCRIPTION = { least: 16, longest: 65_535 };

function checkDescription(document: TreeMap, problems: Problems): void {
  const description = textAt(document, 'description');
  if (description === null) return;
  const { text, span } = description;
  if (text.trim().length < DESCRIPTION.least)
    problems.info('CW-3078', span, `the description has ${text.trim().length} characters`, 'say what happened');
  if (text.length > DESCRIPTION.longest)
    problems.warning(
      'CW-3078',
      span,
      `the description has ${text.length} characters`,
      `Sigma allows ${DESCRIPTION.longest}`,
    );
  if (/https?:\/\//i.test(text)) problems.info('CW-3079', span, 'a link in the description', 'put it into references');
}

function checkReferences(document: TreeMap, problems: Problems): void {
  for (const { text, span } of textsAt(document, 'references')) {
    if (!/^https?:\/\/[^\s/]+/i.test(text))
      problems.info('CW-3081', span, `"${text.slice(0, 60)}" is no address of a page`, 'it begins with https://');
  }
}

/** Entries that tell a reader nothing: what is harmless should be said, or nothing. */
const EMPTY_WORDS =
  /^(?:none|no|nothing|n\/a|na|nil|null|tbd|never|false positives?|pen-?test(?:s|ing)?|penetration tests?(?:ing)?)\.?$/i;
const SLIPS =
  /\b(?:unkown|unknow|unknwon|ligitimate|legitmate|legitimat|legitim|legitimit|administrater|adminstrator|maintainance|maintenence)\b/i;

function checkFalsePositives(document: TreeMap, problems: Problems): void {
  for (const { text, span } of textsAt(document, 'falsepositives')) {
    const slip = SLIPS.exec(text);
    if (EMPTY_WORDS.test(text.trim()) || text.trim().length < 2)
      problems.info('CW-3080', span, `"${text}" tells nothing`, 'say what is harmless, or Unknown');
    else if (/^\p{Ll}/u.test(text)) problems.info('CW-3080', span, `"${text.slice(0, 40)}" begins with a small letter`);
    if (slip !== null) problems.info('CW-3080', span, `"${slip[0]}" is misspelt`);
  }
}

function checkStatus(document: TreeMap, problems: Problems): void {
  const status = textAt(document, 'status');
  if (status?.text.toLowerCase() !== 'deprecated' || entryOf(document, 'related')) return;
  problems.info(
    'CW-3083',
    status.span,
    'a deprecated rule names what replaces it',
    'add related: [{id: ..., type: obsolete}]',
  );
}

function checkTwice(document: TreeMap, key: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const { text, span } of textsAt(document, key)) {
    if (seen.has(text))
      problems.warning('CW-3077', span, `"${text.slice(0, 60)}" stands twice in ${key}`, 'take one out');
    seen.add(text);
  }
}
