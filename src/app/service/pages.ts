import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Pages } from '../../api/pages.ts';

/** What Vite makes of `web/`. It lies beside what `npm run build` makes of `src/`, so it is found from both. */
const FOLDER = fileURLToPath(new URL('../../../dist/web', import.meta.url));

/** The console as it was built; null: it was not. */
export function builtPages(folder = FOLDER): Pages | null {
  let names: readonly string[];
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length + 1));
  } catch {
    return null;
  }
  // Those are answers to who takes them, not files of their own.
  const files = new Set(names.filter((name) => !/\.(br|gz)$/.test(name)));
  return files.has('index.html') ? { folder, files } : null;
}
