import type { Field } from '../src/events/fields.ts';
import type { Bound, Correlation, Detection, LevelRule, Rule, RuleMeta, Step, Technique } from '../src/ir/ir.ts';
import { SIGNS } from '../src/ir/print.ts';
import { printCorrelation } from '../src/ir/printCorrelation.ts';
import { printDuration } from '../src/lib/duration.ts';
import { outline } from './outline.ts';

/* Pages of docs/reference as pure functions of the tables in the code. */

const MADE = '<!-- Made by `npm run generate`. Change the table in the code, not this page. -->';

/** A page: heading, where it comes from, what stands in it. Blank lines between the parts, one newline at the end. */
export function page(title: string, parts: readonly string[]): string {
  return `${[`# ${title}`, MADE, ...parts].join('\n\n')}\n`;
}

/** A Markdown table. Cells may hold anything. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replace(/\r?\n/g, ' ').replaceAll('|', '\\|');
}

const code = (text: string): string => `\`${text}\``;

export interface ErrorRow {
  readonly code: string;
  readonly means: string;
}

export function errorsPage(
  programs: readonly (ErrorRow & { readonly exit: number })[],
  rules: readonly ErrorRow[],
): string {
  return page('Errors', [
    'Every error that a user can meet has a code that never changes its meaning. `cosmowatch explain CW-2001` says the same in the terminal.',
    '## Of the program',
    table(
      ['code', 'means', 'exit code'],
      programs.map(({ code: name, means, exit }) => [code(name), means, String(exit)]),
    ),
    '## In rule files',
    'Told with file, line and column, all at once. An error leaves its rule out; a warning and an info do not. What is numbered from CW-3051 on only `cosmowatch rules lint` says.',
    table(
      ['code', 'means'],
      rules.map(({ code: name, means }) => [code(name), means]),
    ),
  ]);
}

export function fieldsPage(fields: readonly Field[], dropped: readonly string[]): string {
  return page('Fields', [
    'What a rule may ask of an event. Names follow the Elastic Common Schema where it has one, and mean the same in every log. Beside them every field of the record stands under its own name and dotted path (`properties.statusCode`), without regard to case.',
    table(
      ['field', 'type', 'meaning'],
      fields.map(({ name, type, meaning }) => [code(name), type, meaning]),
    ),
    '## What is never kept',
    'Fields of the raw record with such names are dropped before anything is stored or asked, wherever they stand: '.concat(
      `${dropped.join('; ')}.`,
    ),
  ]);
}

/** @param forms by log, then by form: what it is called there, and what it cannot tell */
export function formsPage(
  forms: Readonly<Record<string, Readonly<Record<string, { readonly form: string; readonly lacks: string }>>>>,
): string {
  const rows = Object.entries(forms).flatMap(([family, own]) =>
    Object.entries(own).map(([form, { form: name, lacks }]) => [code(family), code(form), name, lacks]),
  );
  return page('Forms of the logs', [
    'Every log comes out of Azure in several forms. All are recognised by what is in them, and what several forms tell of one act is put together. What one form alone cannot tell stands here; `cosmowatch simulate --variant FORM` writes it, and tests hold that everything else is the same in every form. A log without a form is not handed out in it.',
    table(['log', 'form', 'what it is', 'cannot tell'], rows),
  ]);
}

export function actionsPage(groups: readonly { readonly name: string; readonly actions: readonly string[] }[]): string {
  return page('Actions', [
    'The values of `event.action`. An operation that no action stands for keeps the name that Azure logs, in lower case, and stays visible to rules.',
    ...groups.map(({ name, actions }) =>
      [`## ${name}`, '', ...actions.map((action) => `- ${code(action)}`)].join('\n'),
    ),
  ]);
}

/** Actions by what they are about: `cosmosdb.keys.list` is in the group `cosmosdb.keys`. */
export function groupActions(
  actions: readonly string[],
): { readonly name: string; readonly actions: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const action of actions) {
    const name = action.slice(0, action.lastIndexOf('.'));
    groups.set(name, [...(groups.get(name) ?? []), action]);
  }
  return [...groups].map(([name, own]) => ({ name, actions: own }));
}

export interface SettingRow {
  readonly property: string;
  readonly resource: string;
  readonly topic: string;
  readonly meaning: string;
  readonly isInColumns: boolean;
}

export function settingsPage(settings: readonly SettingRow[]): string {
  const titles: Readonly<Record<string, string>> = {
    account: 'Of an account or cluster',
    vault: "Of the vault that holds an account's key",
    backup_vault: 'Of a backup vault',
  };
  const resources = [...new Set(settings.map(({ resource }) => resource))];
  return page('Settings', [
    'Changes of these are told: one event `cosmosdb.account.setting_changed` each, with `cosmosdb.change.property` as written here, the value before and after, and whether that is weaker.',
    ...resources.flatMap((resource) => [
      `## ${titles[resource] ?? resource}`,
      table(
        ['property', 'topic', 'meaning', 'also told by'],
        settings
          .filter((setting) => setting.resource === resource)
          .map(({ property, topic, meaning, isInColumns }) => [
            code(property),
            topic,
            meaning,
            isInColumns ? 'ControlPlaneRequests' : '',
          ]),
      ),
    ]),
  ]);
}

export function cliPage(
  helps: readonly { readonly name: string; readonly help: string }[],
  exits: readonly (readonly [string, string])[],
  stats: Readonly<Record<string, string>>,
): string {
  return page('Command line', [
    ...helps.map(({ name, help }) => `## ${`cosmowatch ${name}`.trim()}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\``),
    '## Exit codes',
    table(['code', 'means'], exits),
    '## What `scan --stats` writes',
    table(
      ['name', 'means'],
      Object.entries(stats).map(([name, means]) => [code(name), means]),
    ),
  ]);
}

export function rulesPage(rules: readonly Rule[]): string {
  const told = rules.filter((rule) => rule.alerts);
  return page('Rules', [
    'What cosmowatch looks for. The files are in [rules](../../rules); each has its test beside it. In commands, a word in braces stands for what the alert names.',
    table(
      ['rule', 'level', 'title'],
      told.map(({ meta }) => [`[${code(meta.name)}](#${meta.name})`, meta.level, meta.title]),
    ),
    ...told.map((rule) => ruleSection(rule, rules)),
  ]);
}

function ruleSection(rule: Rule, all: readonly Rule[]): string {
  const { meta } = rule;
  const parts = [
    `## ${meta.name}`,
    `**${meta.title}.** ${oneLine(meta.description)}`,
    ...impactsOf(meta.impact),
    `\`\`\`text\n${conditionOf(rule, all)}\n\`\`\``,
    facts(rule),
  ];
  if (meta.parameters.length > 0) parts.push(parametersOf(rule));
  if (meta.falsePositives.length > 0) parts.push(list('Also fires on:', meta.falsePositives));
  if (meta.mitigation.length > 0) parts.push(list('What to do:', meta.mitigation.map(stepText)));
  return parts.join('\n\n');
}

function facts(rule: Rule): string {
  const rows: [string, string][] = [
    ['level', levelText(rule.meta.level, rule.levels)],
    ['one alert', foldText(rule)],
    ['ATT&CK', techniques(rule.meta.attack)],
    ['as published', techniques(rule.meta.published)],
    ['id', code(rule.meta.id)],
  ];
  return table(
    ['', ''],
    rows.filter(([, text]) => text !== ''),
  );
}

/** What a rule asks. */
function conditionOf(rule: Rule, all: readonly Rule[]): string {
  if (rule.kind === 'detection') return outline(rule.match);
  return printCorrelation(rule, (id) => all.find(({ meta }) => meta.id === id)?.meta.name ?? id);
}

function levelText(own: string, levels: readonly LevelRule[]): string {
  const special = levels.map(({ when, level }) => `${level} if ${whenText(when)}`);
  return [...special, special.length === 0 ? own : `else ${own}`].join(', ');
}

function whenText(when: LevelRule['when']): string {
  switch (when.kind) {
    case 'selection':
      return code(when.name);
    case 'rule':
      return `${code(when.name)} is part of it`;
    case 'count':
      return `count ${SIGNS[when.op]} ${when.value}`;
    case 'touched':
      return 'somebody touched the logging before';
  }
}

function foldText(rule: Detection | Correlation): string {
  if (rule.kind === 'correlation')
    return `per ${rule.groupBy.map(({ name }) => code(name)).join(', ')}, while it holds`;
  const { by, gap } = rule.fold ?? { by: ['cosmosdb.account'], gap: 3600 };
  return `per ${by.map(code).join(', ')}, hits at most ${printDuration(gap)} apart`;
}

function techniques(mapping: readonly (Technique & Bound)[]): string {
  return mapping.map((one) => `${one.tactic} ${one.technique} ${boundText(one)}`.trim()).join(', ');
}

function impactsOf(impacts: RuleMeta['impact']): string[] {
  if (impacts.length === 0) return [];
  if (impacts.length === 1) return [`*Why it matters:* ${oneLine(impacts[0]!.text)}`];
  return [
    list(
      '*Why it matters:*',
      impacts.map((one) => `${one.text} ${boundText(one)}`),
    ),
  ];
}

/** `(if a or b, unless c)`. */
function boundText({ when = [], unless = [] }: Bound): string {
  const names = (word: string, of: readonly string[]) =>
    of.length === 0 ? [] : [`${word} ${of.map((name) => code(name)).join(' or ')}`];
  const parts = [...names('if', when), ...names('unless', unless)];
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}

function parametersOf(rule: Rule): string {
  const { name: own, parameters } = rule.meta;
  const lines = parameters.map(({ name, default: normal, min, description }) => {
    const least = min === null ? '' : `, at least ${min}`;
    return `${code(`--set ${own}.${name}=${normal}`)} (default ${normal}${least}): ${oneLine(description)}`;
  });
  return list('Parameters:', lines);
}

function stepText(step: Step): string {
  const text = oneLine(`${step.text} ${boundText(step)}`);
  return step.command === null ? text : `${text}<br>${code(step.command)}`;
}

function list(title: string, items: readonly string[]): string {
  return `${title}\n\n${items.map((item) => `- ${oneLine(item)}`).join('\n')}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
