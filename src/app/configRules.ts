import type { ConfigCode } from '../config/codes.ts';
import type { Config } from '../config/config.ts';
import { placeholders } from '../config/load.ts';
import { placeOf } from '../config/place.ts';
import type { Detection, Rule } from '../ir/ir.ts';
import { UserError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { type Diagnostic, formatDiagnostic, Problems } from '../sigma/diagnostic.ts';
import { loadRules } from '../sigma/load.ts';
import { PartsReader, type RuleParts } from '../sigma/parts.ts';
import type { TreeMap } from '../sigma/tree.ts';
import { BUILT_IN, isCalled, listRuleFiles, readRuleFiles } from './rules.ts';
import { unknownRules } from './tuningRules.ts';

/** The rules that a configuration uses. */
export interface ConfigRules {
  /** Those that are not used are there for rules that count them, and raise nothing. */
  readonly rules: readonly Rule[];
  readonly disabled: readonly { readonly rule: Rule; readonly reason: string }[];
  /** Names in the configuration that no rule has. */
  readonly diagnostics: readonly Diagnostic<ConfigCode>[];
  /** What is wrong with rule files, printed; `errors` of it keep them from being used. */
  readonly printed: readonly string[];
  readonly errors: number;
  /** The pieces of a rule, as its file has it. */
  readonly partsOf: (rule: Detection) => RuleParts | null;
}

/**
 * Reads the rules of a configuration: the built-in ones and those of its folders, with its numbers and lists.
 * @param folders beside those of the configuration
 * @throws UserError CW-2001, CW-2002, CW-2007: a folder beside those of the configuration that cannot be read
 */
export function readConfigRules(config: Config, root: TreeMap, folders: readonly string[] = []): ConfigRules {
  const problems = new Problems<ConfigCode>(config.file ?? '');
  const files = readRuleFiles([BUILT_IN, ...readableFolders(config, root, problems), ...folders]);
  const lists = { placeholders: placeholders(config) };
  const plain = loadRules(files, lists);
  const disabled = readDisabled(config, plain.rules, root, problems);
  checkParameters(config, plain.rules, root, problems);
  checkTuning(config, plain.rules, root, problems);
  const { parameters } = config.rules;
  const loaded = parameters.size === 0 || problems.failed ? plain : loadRules(files, { ...lists, parameters });
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const told = loaded.diagnostics.filter(({ severity }) => severity !== 'info');
  let reader: PartsReader | null = null;
  const off = new Set(disabled.map(({ rule }) => rule.meta.id));
  return {
    rules: loaded.rules.map((rule) => (off.has(rule.meta.id) ? { ...rule, alerts: false } : rule)),
    disabled,
    diagnostics: problems.found,
    printed: told.map((one) => formatDiagnostic(one, texts.get(one.file) ?? null)),
    errors: told.filter(({ severity }) => severity === 'error').length,
    partsOf: (rule) => {
      reader ??= new PartsReader(files, lists);
      return reader.partsOf(rule);
    },
  };
}

/** Those that cannot be read are told at their place, so that other mistakes are told too. */
function readableFolders(config: Config, root: TreeMap, problems: Problems<ConfigCode>): string[] {
  return config.rules.folders.filter((folder, at) => {
    try {
      listRuleFiles([folder]);
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { span } = placeOf(root, ['rules', 'folders', at]);
      problems.error(
        'CW-8222',
        span,
        `rules.folders[${at}] cannot be read: ${error.message.replace(/^rules: /, '')}`,
        'relative paths begin at the folder of the configuration',
      );
      return false;
    }
  });
}

function readDisabled(
  config: Config,
  rules: readonly Rule[],
  root: TreeMap,
  problems: Problems<ConfigCode>,
): ConfigRules['disabled'] {
  return config.rules.disable.flatMap(({ rule: name, reason }, at) => {
    const rule = rules.find((one) => isCalled(one, name));
    if (rule !== undefined) return [{ rule, reason }];
    const { span } = placeOf(root, ['rules', 'disable', at, 'rule']);
    problems.error(
      'CW-8011',
      span,
      'no rule has this name',
      near(
        name,
        rules.map(({ meta }) => meta.name),
        'cosmowatch rules list',
      ),
    );
    return [];
  });
}

function checkParameters(config: Config, rules: readonly Rule[], root: TreeMap, problems: Problems<ConfigCode>): void {
  const all = rules.flatMap(({ meta }) =>
    meta.parameters.map((parameter) => ({
      ...parameter,
      names: [`${meta.name}.${parameter.name}`, `${meta.id}.${parameter.name}`],
    })),
  );
  for (const [full, value] of config.rules.parameters) {
    const place = placeOf(root, ['rules', 'parameters', full]);
    const one = all.find(({ names }) => names.includes(full));
    const known = all.map(({ names }) => names[0]!);
    if (one === undefined)
      problems.error(
        'CW-8011',
        place.keySpan,
        'no rule has this parameter',
        near(full, known, 'docs/reference/rules.md says which there are'),
      );
    else if (one.min !== null && value < one.min)
      problems.error(
        'CW-8005',
        place.span,
        `${full} is at least ${one.min}`,
        `it is ${one.default} if you leave it out`,
      );
    else if (!Number.isInteger(value))
      problems.error('CW-8005', place.span, `${full} is a whole number`, `it is ${one.default} if you leave it out`);
  }
}

/** An exception or silence of a rule that there is not does nothing, and harms nothing. */
function checkTuning({ tuning }: Config, rules: readonly Rule[], root: TreeMap, problems: Problems<ConfigCode>): void {
  for (const key of ['exceptions', 'silences'] as const) {
    for (const { name, spec } of tuning[key]) {
      for (const { code, path, what, cure } of unknownRules(spec.match, rules)) {
        const { span } = placeOf(root, [key, name, ...path]);
        problems.warning(code, span, `${key}.${name}.match.rule ${what}`, cure);
      }
    }
  }
}

function near(name: string, known: readonly string[], otherwise: string): string {
  const found = nearest(name.slice(0, 100), known);
  return found === null ? otherwise : `did you mean "${found}"?`;
}
