import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '../src/accounts/settings.ts';
import { openApi } from '../src/api/openapi.ts';
import { ROUTES } from '../src/api/routes/index.ts';
import { KINDS } from '../src/app/configFile.ts';
import type { Plan } from '../src/app/init/plan.ts';
import { filesOf } from '../src/app/init/write.ts';
import { BUILT_IN, readRuleFiles } from '../src/app/rules.ts';
import { EXIT_CODES, STATS_MEANINGS } from '../src/cli/meanings.ts';
import { runProgram } from '../src/cli/program.ts';
import type { Streams } from '../src/cli/streams.ts';
import { configSchema, kindSchema } from '../src/config/jsonSchema.ts';
import { FIELDS, SENSITIVE } from '../src/events/fields.ts';
import { ACTIONS } from '../src/events/vocabulary.ts';
import { fixedClock } from '../src/lib/clock.ts';
import { ERRORS } from '../src/lib/errors.ts';
import { VERSION } from '../src/lib/version.ts';
import { RULE_CODES } from '../src/sigma/diagnostic.ts';
import { loadRules } from '../src/sigma/load.ts';
import { FORMS } from '../src/simulate/forms.ts';
import { MODIFIER_POINTS } from '../test/sigma/modifiers.ts';
import { POINTS } from '../test/sigma/points.ts';
import { configPage } from './configPage.ts';
import {
  actionsPage,
  cliPage,
  errorsPage,
  fieldsPage,
  formsPage,
  groupActions,
  rulesPage,
  settingsPage,
} from './reference.ts';
import { makeSchemas } from './schemas.ts';
import { sigmaPage } from './sigmaPage.ts';

/*
 * Writes docs/reference, docs/sigma.md and schemas from the tables in the code and in the tests. `--check` writes nothing, names the files
 * that are not what they would be, and exits with 1 if there are any.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every page by its file name. */
export async function makePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['actions.md', actionsPage(groupActions(ACTIONS))],
    ['cli.md', cliPage(await helps(), EXIT_CODES, STATS_MEANINGS)],
    ['errors.md', errors()],
    ['forms.md', formsPage(FORMS)],
    ['fields.md', fieldsPage(FIELDS, [...new Set(SENSITIVE.map(({ meaning }) => meaning))])],
    ['rules.md', rulesPage(loadRules(readRuleFiles([BUILT_IN])).rules)],
    ['settings.md', settings()],
    ['../configuration.md', configuration()],
    ['../sigma.md', sigmaPage(POINTS, MODIFIER_POINTS)],
  ]);
}

function configuration(): string {
  const docs = (kinds: typeof KINDS.sources | typeof KINDS.receivers) =>
    kinds.map((kind) => ({ type: kind.type, doc: kind.doc, schema: kindSchema(kind) }));
  return configPage(configSchema(KINDS), docs(KINDS.sources), docs(KINDS.receivers));
}

function errors(): string {
  const program = Object.entries(ERRORS).map(([code, row]) => ({ code, ...row }));
  const rules = Object.entries(RULE_CODES).map(([code, means]) => ({ code, means }));
  const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);
  return errorsPage(program.sort(byCode), rules.sort(byCode));
}

function settings(): string {
  const rows = SETTINGS.map(({ property, resource, topic, meaning, column }) => ({
    property,
    resource,
    topic,
    meaning,
    isInColumns: column !== undefined,
  }));
  return settingsPage(rows);
}

/** The help of the program and of each command that it names. */
async function helps(): Promise<{ name: string; help: string }[]> {
  const main = await helpFor([]);
  const found = [{ name: '', help: main }];
  for (const name of commandsIn(main)) {
    const help = await helpFor([name]);
    found.push({ name, help });
    for (const verb of subcommandsIn(help)) found.push({ name: `${name} ${verb}`, help: await helpFor([name, verb]) });
  }
  return found;
}

/** The commands that the help of the program lists, before its options. */
export function commandsIn(help: string): string[] {
  const lists = help.slice(0, help.indexOf('\nOptions'));
  return [...lists.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name!);
}

/** The subcommands that the help of a command lists. */
export function subcommandsIn(help: string): string[] {
  const [, list = ''] = /^Subcommands\n((?:.+\n)*)/m.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name!);
}

async function helpFor(words: readonly string[]): Promise<string> {
  let text = '';
  const streams: Streams = {
    out: (piece) => {
      text += piece;
    },
    err: (piece) => {
      throw new Error(piece);
    },
    isOutTerminal: false,
    isErrTerminal: false,
    columns: 80,
    env: {},
  };
  await runProgram([...words, '--help'], streams, fixedClock(0));
  return text;
}

/** The names of the pages that are missing or differ. */
export function stalePages(pages: ReadonlyMap<string, string>, read: (name: string) => string | null): string[] {
  return [...pages].filter(([name, text]) => read(name) !== text).map(([name]) => name);
}

function readFile(name: string): string | null {
  try {
    return readFileSync(join(ROOT, name), 'utf8');
  } catch {
    return null;
  }
}

/** What `init` writes, to look at. */
const EXAMPLE_PLAN: Plan = {
  subscriptions: ['00000000-0000-0000-0000-0000000000aa'],
  accounts: [
    '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders',
  ],
  transport: 'event_hubs',
  apis: ['nosql'],
  requests: 'all',
  auth: 'entra',
  name: 'cosmowatch',
  location: 'westeurope',
  resourceGroup: 'rg-cosmowatch',
};

/** Every generated file by its path from the root. */
async function makeFiles(): Promise<ReadonlyMap<string, string>> {
  const at = (folder: string, files: ReadonlyMap<string, string>): [string, string][] =>
    [...files].map(([name, text]) => [join(folder, name), text]);
  const api = new Map([['openapi.json', `${JSON.stringify(openApi(ROUTES, VERSION), null, 1)}\n`]]);
  return new Map([
    ...at('docs/reference', await makePages()),
    ...at('docs/reference', api),
    ...at('schemas', makeSchemas()),
    ...at('examples/event-hubs', filesOf(EXAMPLE_PLAN)),
  ]);
}

async function main(words: readonly string[]): Promise<number> {
  const files = await makeFiles();
  const stale = stalePages(files, readFile);
  if (words.includes('--check')) {
    for (const name of stale) process.stderr.write(`${name} is stale: npm run generate\n`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const name of stale) {
    const path = join(ROOT, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, files.get(name)!);
    process.stdout.write(`${name}\n`);
  }
  return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
