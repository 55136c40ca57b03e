import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACTIONS } from '../events/vocabulary.ts';
import { UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import { snakeCase } from '../sigma/attributes.ts';
import { loadRules } from '../sigma/load.ts';
import { BUILT_IN, readRuleFiles } from './rules.ts';
import { canScaffold, type Scaffold, scaffold } from './scaffold.ts';

export type NewRule = Omit<Scaffold, 'schemas'> & { readonly dir: string };

/** Where the schemas for editors are. */
const SCHEMAS = fileURLToPath(new URL('../../schemas', import.meta.url));

/**
 * Writes a rule and its timeline into a folder, which is made if it is not there.
 * @returns the two paths
 * @throws UserError CW-1002 for a name or action that cannot be used, CW-2004 if a file is there already or cannot be written
 */
export function writeScaffold(wanted: NewRule): { readonly rule: string; readonly timeline: string } {
  checkName(wanted);
  checkAction(wanted);
  const paths = {
    rule: join(wanted.dir, `${wanted.name}.yml`),
    timeline: join(wanted.dir, `${wanted.name}.test.yml`),
  };
  for (const path of Object.values(paths)) {
    if (existsSync(path))
      throw new UserError('CW-2004', `${path} is there already and was not touched`, {
        cure: 'another name, or --dir',
      });
  }
  const schemas = relative(resolve(wanted.dir), SCHEMAS).split(sep).join('/');
  const texts = scaffold({ ...wanted, schemas });
  const written: string[] = [];
  try {
    mkdirSync(wanted.dir, { recursive: true });
    for (const which of ['rule', 'timeline'] as const) {
      writeFileSync(paths[which], texts[which], { flag: 'wx' });
      written.push(paths[which]);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError('CW-2004', `no rule could be written to ${wanted.dir} (${code})`, {
      cure: 'give a folder that you may write to: --dir DIR',
    });
  }
  return paths;
}

function checkName({ name, dir }: NewRule): void {
  if (!/^[a-z][a-z0-9_]{2,79}$/.test(name)) {
    const better = snakeCase(name)
      .replace(/[^a-z0-9_]/g, '')
      .slice(0, 80);
    throw new UserError('CW-1002', `a rule cannot be called "${name}"`, {
      facts: ['its name is small letters, digits and _, at least three, and is that of its file too'],
      cure: /^[a-z][a-z0-9_]{2,}$/.test(better) ? `for example ${better}` : 'for example keys_replaced',
    });
  }
  const { rules } = loadRules(readRuleFiles(existsSync(dir) ? [BUILT_IN, dir] : [BUILT_IN]));
  const taken = rules.find(({ meta }) => meta.name === name || meta.name === `${name}_base`);
  if (taken === undefined) return;
  const { file, line } = taken.meta.place;
  throw new UserError('CW-1002', `a rule is called ${taken.meta.name} already`, {
    facts: [`${file}:${line}`],
    cure: 'give it another name',
  });
}

function checkAction({ action, kind }: NewRule): void {
  if (!(ACTIONS as readonly string[]).includes(action))
    throw new UserError('CW-1002', `there is no action ${action}`, {
      facts: suggestion(action, ACTIONS),
      cure: 'they are listed in docs/reference/actions.md',
    });
  if (canScaffold(action, kind)) return;
  throw new UserError('CW-1002', `no timeline can be made up for the ${kind} of ${action}`, {
    facts: [
      kind === 'absence'
        ? 'silence is that of an account: of an action that it goes on writing, cosmosdb.item.read for example'
        : 'it takes several records, or what was known before them',
    ],
    cure: 'make it with another action, then change both files; rules/cosmosdb has timelines of many',
  });
}
