import type { Rule } from '../ir/ir.ts';
import { identity } from '../lib/hash.ts';
import { type Diagnostic, Problems, sortDiagnostics } from './diagnostic.ts';
import type { FilterDraft, RuleDraft } from './draft.ts';
import { link } from './link.ts';
import type { Overrides } from './parameters.ts';
import { type ReadDocument, type Reading, type RuleFile, readFile } from './read.ts';
import { didYouMean } from './suggest.ts';
import { treeAt } from './tree.ts';

export interface LoadOptions {
  /** Numbers that the user set, by `rule.parameter`; the rule by its name or id. */
  readonly parameters?: ReadonlyMap<string, number>;
  /** The lists behind `%placeholders%`. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  /** `ignore`: a rule's log source restricts nothing (any JSON is matched as it is). Default `match`. */
  readonly logsource?: 'match' | 'ignore';
}

export interface Loaded {
  /** In the order of files and documents. */
  readonly rules: Rule[];
  /** By file, line and column. */
  readonly diagnostics: Diagnostic[];
}

/**
 * Rule files to rules. Pure. Every problem of every file is reported; a rule with an error is left out, and so is what refers to it,
 * the others are loaded.
 */
export function loadRules(files: readonly RuleFile[], options: LoadOptions = {}): Loaded {
  const reading = startReading(options);
  const read = files.map((file) => readFile(file, reading));
  const documents = read.flatMap((file) => file.documents);
  const drafts = documents.map(({ draft }) => draft).filter((draft) => draft !== null);
  const rules = link(
    drafts.filter((draft): draft is RuleDraft => draft.kind !== 'filter'),
    drafts.filter((draft): draft is FilterDraft => draft.kind === 'filter'),
    brokenNames(documents),
    options.logsource ?? 'match',
  );
  const found = [
    ...read.flatMap((file) => file.whole.found),
    ...documents.flatMap(({ problems }) => problems.found),
    ...unusedOverrides(reading, rules).found,
  ];
  return {
    rules,
    diagnostics: sortDiagnostics(
      found,
      files.map(({ file }) => file),
    ),
  };
}

/** How files are read that are read together. */
export function startReading(options: LoadOptions): Reading {
  const titles = new Map<string, number>();
  return {
    placeholders: new Map(Object.entries(options.placeholders ?? {})),
    overrides: options.parameters ?? new Map(),
    usedOverrides: new Set(),
    nameless: (title) => {
      // As the hash folds them.
      const folded = title.toLowerCase();
      const count = (titles.get(folded) ?? 0) + 1;
      titles.set(folded, count);
      return identity('rule', title, count === 1 ? '' : count);
    },
  };
}

/** What documents that are not valid would be called, so that references to them are not taken for misspellings. */
function brokenNames(documents: readonly ReadDocument[]): Set<string> {
  const names = new Set<string>();
  for (const { draft, document } of documents) {
    if (draft !== null) continue;
    for (const key of ['id', 'name', 'title']) {
      const tree = treeAt(document, key);
      if (tree?.kind === 'scalar' && tree.text !== '') names.add(tree.text);
    }
  }
  return names;
}

/** `--set` for a rule that is not there, or that has no parameters. */
function unusedOverrides({ overrides, usedOverrides }: Reading, rules: readonly Rule[]): Problems {
  const problems = new Problems('--set');
  const known = rules.flatMap(({ meta }) => meta.parameters.map((parameter) => `${meta.name}.${parameter.name}`));
  for (const full of unread(overrides, usedOverrides)) {
    const hint =
      didYouMean(full, known) ?? (known.length > 0 ? `there are ${known.join(', ')}` : 'no rule has parameters');
    problems.error('CW-3017', null, `no rule has the parameter "${full}"`, hint);
  }
  return problems;
}

function unread(overrides: Overrides, used: ReadonlySet<string>): string[] {
  return [...overrides.keys()].filter((full) => !used.has(full));
}
