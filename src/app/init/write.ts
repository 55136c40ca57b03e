import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import { bicepFiles } from './bicep.ts';
import { configText } from './configText.ts';
import type { Plan } from './plan.ts';
import { setupText } from './setup.ts';
import { terraformText } from './terraform.ts';

/** Everything that `init` writes, by its path in the folder. */
export function filesOf(plan: Plan): ReadonlyMap<string, string> {
  return new Map([
    ['cosmowatch.yml', configText(plan)],
    ...[...bicepFiles(plan)].map(([name, text]): [string, string] => [`azure/${name}`, text]),
    ['azure/main.tf', terraformText(plan)],
    ['azure/setup.sh', setupText(plan)],
  ]);
}

/**
 * Writes all of them, or none if one is there already.
 * @returns their paths @throws UserError CW-8027, CW-2004
 */
export function writeFiles(files: ReadonlyMap<string, string>, dir: string, force: boolean): readonly string[] {
  const paths = [...files].map(([name, text]) => ({ path: join(dir, name), text }));
  const there = force ? [] : paths.filter(({ path }) => existsSync(path));
  if (there.length > 0)
    throw new UserError('CW-8027', 'what would be written is there already, and was not touched', {
      facts: there.map(({ path }) => path),
      cure: 'give another folder with --dir, or overwrite with --force',
    });
  try {
    for (const { path, text } of paths) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: force ? 'w' : 'wx', mode: path.endsWith('.sh') ? 0o755 : 0o644 });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError('CW-2004', `nothing could be written to ${dir} (${code})`, {
      cure: 'give a folder that you may write to: --dir DIR',
    });
  }
  return paths.map(({ path }) => path);
}
