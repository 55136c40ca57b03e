import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

/*
 * What a browser loads before it can show anything, and what each page adds, as gzip makes them: read from the manifest that Vite writes.
 * `COSMOWATCH_SIZES=1 npx vitest run test/web/bundle.test.ts` prints them.
 */

const WEB = fileURLToPath(new URL('../../dist/web/', import.meta.url));
const isBuilt = existsSync(`${WEB}manifest.json`);

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly src?: string;
}

const KB = 1000;
const MOST_FIRST = 250 * KB;
/** A page, with all that it loads at once and the first load does not have. */
const MOST_PAGE = 60 * KB;

describe.skipIf(!isBuilt)(
  isBuilt ? 'sizes of the console' : 'sizes of the console: not built, `npm run build:web` does it',
  () => {
    const chunks = isBuilt ? (JSON.parse(readFileSync(`${WEB}manifest.json`, 'utf8')) as Record<string, Chunk>) : {};
    const entry = Object.keys(chunks).find((key) => chunks[key]!.isEntry) ?? '';
    const first = filesOf(entry);

    it('the first load, with styles and the page itself', () => {
      const size = sizeOf([...first, 'index.html', 'theme.js']);
      told('first load', size);
      expect(size).toBeGreaterThan(0);
      expect(size).toBeLessThanOrEqual(MOST_FIRST);
    });

    const pages = Object.keys(chunks).filter((key) => key.startsWith('src/pages/'));
    it.each(pages)('%s', (key) => {
      const size = sizeOf([...filesOf(key)].filter((file) => !first.has(file)));
      told(key, size);
      expect(size).toBeLessThanOrEqual(MOST_PAGE);
    });

    it('the editor and the charts are loaded only where they are shown', () => {
      const names = [...first].join();
      expect(names).not.toMatch(/Raw|BandChart|LevelLanes|uPlot|Find-/);
      expect(pages.length).toBeGreaterThan(3);
    });

    function filesOf(key: string, seen = new Set<string>(), files = new Set<string>()): ReadonlySet<string> {
      const chunk = chunks[key];
      if (chunk === undefined || seen.has(key)) return files;
      seen.add(key);
      files.add(chunk.file);
      for (const css of chunk.css ?? []) files.add(css);
      for (const other of chunk.imports ?? []) filesOf(other, seen, files);
      return files;
    }

    function sizeOf(files: readonly string[]): number {
      return files.reduce((sum, file) => sum + gzipSync(readFileSync(WEB + file), { level: 9 }).length, 0);
    }

    function told(what: string, size: number): void {
      if (process.env['COSMOWATCH_SIZES'] === '1') process.stdout.write(`${(size / KB).toFixed(1)} kB  ${what}\n`);
    }
  },
);
