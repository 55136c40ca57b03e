import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../src/lib/errors.ts';
import { RULE_CODES } from '../src/sigma/diagnostic.ts';

/*
 * What no compiler and no linter says about the shape of this program. Each test names the places that break it, so that a failure is
 * a list of things to repair. Exceptions stand here, with their reason, and are meant to become fewer.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface File {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

function filesBelow(folder: string, wanted: RegExp): File[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => wanted.test(path) && statSync(join(ROOT, path)).isFile())
    .sort()
    .map(fileAt);
}

function fileAt(path: string): File {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, lines: text.replace(/\n$/, '').split('\n') };
}

const sources = filesBelow('src', /\.ts$/);
const product = sources.filter(({ path }) => !/\.test(-support)?\.ts$/.test(path));

/** `path:line: text` of each line that matches, comments and texts in quotes left out. */
function places(files: readonly File[], pattern: RegExp): string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => (pattern.test(codeOf(line)) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
}

function codeOf(line: string): string {
  if (/^\s*(\/\/|\/\*|\*)/.test(line)) return '';
  return line.replace(/'(?:[^'\\]|\\.)*'/g, "''").replace(/\s\/\/ .*$/, '');
}

function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
}

describe('size', () => {
  const lengths = product.map(({ lines }) => lines.length);

  it('half of the files have at most 110 lines, nine of ten at most 320', () => {
    expect(percentile(lengths, 0.5)).toBeLessThanOrEqual(110);
    expect(percentile(lengths, 0.9)).toBeLessThanOrEqual(320);
  });

  it('no file has more than 600 lines, but the contract of the API: a list of shapes that its readers want in one place', () => {
    const long = product.filter(({ lines, path }) => lines.length > 600 && path !== 'src/api/contract/base.ts');
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('half of the functions have at most 12 lines, nine of ten at most 45', () => {
    const functions = product.flatMap(functionsOf);
    expect(functions.length).toBeGreaterThan(100);
    const sizes = functions.map(({ size }) => size);
    expect(percentile(sizes, 0.5)).toBeLessThanOrEqual(12);
    expect(percentile(sizes, 0.9)).toBeLessThanOrEqual(45);
  });

  it('no function has more than 100 lines', () => {
    expect(product.flatMap(functionsOf).filter(({ size }) => size > 100)).toEqual([]);
  });

  it('functions are found where they are', () => {
    const text = `export function one(): void {
  call(
    1,
  );
}

const two = async (a: number) => {
  return a;
};

class Three {
  readonly #four = 4;

  async *five(
    a: number,
  ): AsyncGenerator<number> {
    yield a;
  }

  get six(): number {
    return 6;
  }
}

const table = [
  field('seven', 'eight'),
  {
    nine(a) {
      return a;
    },
  },
];
function ten() {}
`;
    const found = functionsOf({ path: 'x.ts', text, lines: text.trimEnd().split('\n') });
    expect(found.map(({ name, size }) => [name, size])).toEqual([
      ['one', 5],
      ['two', 3],
      ['five', 5],
      ['six', 3],
      ['ten', 1],
    ]);
  });
});

/**
 * Top-level functions and the methods of top-level classes, found by their indentation: the formatter keeps it. Functions inside
 * functions count as part of them.
 */
function functionsOf({ path, lines }: File): { readonly path: string; readonly name: string; readonly size: number }[] {
  const found: { path: string; name: string; size: number }[] = [];
  for (let at = 0; at < lines.length; at++) {
    const start = functionStart(lines[at]!);
    if (start === null) continue;
    const end = lines.findIndex((line, i) => i >= at && endOf(line, start.indent, i === at));
    if (end < 0 || !isFunctionEnd(lines[end]!, start.indent, end === at)) continue;
    found.push({ path, name: start.name, size: end - at + 1 });
    at = end;
  }
  return found;
}

function functionStart(line: string): { readonly name: string; readonly indent: string } | null {
  const top =
    /^(?:export )?(?:async )?function\*? (\w+)|^(?:export )?const (\w+)\b.*(?:=>|=> [{(])$|^(?:export )?const (\w+) = .*=> \{$/;
  const method = /^ {2}(?:static |async |override |get |set )*\*?(#?\w+)(?:<.*>)?\((?:.*\{)?$/;
  const name = top.exec(line)?.slice(1).find(Boolean);
  if (name !== undefined) return { name, indent: '' };
  const found = method.exec(line);
  return found && !/^(if|for|while|switch|catch)$/.test(found[1]!) ? { name: found[1]!, indent: '  ' } : null;
}

/** The first line at the same depth that closes something for good (a `)` that a `{` follows only ends the parameters). */
function endOf(line: string, indent: string, isFirst: boolean): boolean {
  if (isFirst) return line.endsWith('{}');
  const closes = line.startsWith(indent) && /^[})]/.test(line.slice(indent.length));
  return closes && !line.endsWith('{');
}

function isFunctionEnd(line: string, indent: string, isFirst: boolean): boolean {
  return isFirst || line === `${indent}}` || (indent === '' && (line === '};' || line === ');'));
}

describe('purity', () => {
  /** Path: why it may. */
  const MAY_TELL_TIME: Readonly<Record<string, string>> = {
    'src/lib/clock.ts': 'it is the clock',
  };

  it('only the clock touches time, timers and chance', () => {
    const others = product.filter(({ path }) => MAY_TELL_TIME[path] === undefined);
    const pattern =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bperformance\.now\b|\bhrtime\b|\brandomUUID\b|\brandomBytes\b/;
    expect(places(others, pattern)).toEqual([]);
  });

  it('only the edges touch the process', () => {
    const inner = product.filter(
      ({ path }) => !/^src\/(main|cli\/|app\/|lib\/|sources\/|store\/|notify\/(?:safeHttp|sockets)\.ts)/.test(path),
    );
    expect(places(inner, /\bprocess\.\w/)).toEqual([]);
    const reading = inner.filter(({ text }) =>
      /from 'node:(?:fs|http|https|child_process|os)|import \{(?! isIP \})[^}]*\} from 'node:net/.test(text),
    );
    expect(reading.map(({ path }) => path)).toEqual([]);
  });

  it('the simulator takes types from events, and nothing that runs', () => {
    const imports = product
      .filter(({ path }) => path.startsWith('src/simulate/'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/^import [^;]*from '(\.\.\/[^']+)';$/gm)].map(([all]) => ({ path, all })),
      );
    expect(imports.filter(({ all }) => all.includes("'../events/") && !all.startsWith('import type '))).toEqual([]);
  });

  it('every import names its file', () => {
    const loose = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/from '(\.[^']*)'/g)]
        .filter(([, to]) => !/\.(ts|json)$/.test(to!))
        .map(([, to]) => `${path}: ${to}`),
    );
    expect(loose).toEqual([]);
  });
});

describe('the console', () => {
  const pages = filesBelow('web/src', /\.tsx?$/);

  it('knows nothing of the program but what the API takes and gives', () => {
    const imports = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/from '((?:\.\.\/)+src\/[^']+)'/g)].map(([, to]) => `${path}: ${to}`),
    );
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((one) => !/\/src\/api\/contract\.ts$/.test(one))).toEqual([]);
  });

  it('what logs say never becomes markup or an address', () => {
    expect(places(pages, /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write/)).toEqual(
      [],
    );
  });

  it('only its clock tells the time', () => {
    const others = pages.filter(({ path }) => path !== 'web/src/clock.ts');
    expect(places(others, /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/)).toEqual([]);
  });
});

describe('types', () => {
  it.each([
    ['any', /(?::|\bas|<|\|)\s*any\b(?!\s*\()/],
    ['a cast that says nothing', /\bas never as\b|\bas unknown as unknown\b/],
    ['a default export', /^export default\b/],
    ['an enum', /^\s*(?:export )?(?:const )?enum \w/],
    ['a silenced compiler', /@ts-(?:ignore|nocheck|expect-error)/],
  ])('%s stands nowhere', (_what, pattern) => {
    expect(places(sources, pattern)).toEqual([]);
  });
});

describe('texts', () => {
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter((path) =>
    existsSync(join(ROOT, path)),
  );
  const all = [
    ...sources,
    ...filesBelow('web', /\.(tsx?|css|html|md)$/),
    ...['test', 'scripts', 'bin', 'bench', 'examples'].flatMap((folder) =>
      filesBelow(folder, /\.(ts|js|ya?ml|md|json)$/),
    ),
    ...['rules', 'docs'].flatMap((folder) => filesBelow(folder, /\.(ya?ml|md)$/)),
    ...documents.map(fileAt),
  ].filter(({ path }) => path !== 'test/architecture.test.ts');

  it('nothing is left for later without being said in docs/limits.md', () => {
    expect(mentions(all, /\bTODO\b|\bFIXME\b|\bXXX\b|\bnot implemented\b|\bcoming soon\b/i)).toEqual([]);
  });

  it('no path of a machine that somebody works at', () => {
    expect(mentions(all, /\/work\/(?:main|shared)\b|\/home\/\w+\/|\/Users\/\w+\/|[A-Z]:\\Users\\/)).toEqual([]);
  });

  it('what lies outside the repository is only read by tests that pass without it', () => {
    const outside = all.filter(({ text }) => /\.\.\/shared\b/.test(text));
    const bad = outside.filter(
      ({ path, text }) => !/\.test(-support)?\.ts$/.test(path) || !/skipIf|runIf|existsSync/.test(text),
    );
    expect(bad.map(({ path }) => path)).toEqual([]);
  });

  it('what a page links to is there', () => {
    const pages = all.filter(({ path }) => path.endsWith('.md'));
    const broken = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
        .filter(([, to]) => !existsSync(join(ROOT, path, '..', to!)))
        .map(([, to]) => `${path}: ${to}`),
    );
    expect(broken).toEqual([]);
  });

  it('the changelog tells of this version', () => {
    const { version } = JSON.parse(fileAt('package.json').text) as { version: string };
    expect(fileAt('CHANGELOG.md').text).toContain(`\n## ${version}`);
  });

  function mentions(files: readonly File[], pattern: RegExp): string[] {
    return files.flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim().slice(0, 100)}`] : [])),
    );
  }
});

describe('error codes', () => {
  const known = new Set<string>([...Object.keys(ERRORS), ...Object.keys(RULE_CODES)]);
  const code = /\bCW-\d{4}\b/g;

  it('every code in the sources is in a table', () => {
    const strange = [...product, ...filesBelow('bin', /\.js$/)].flatMap(({ path, text }) =>
      [...text.matchAll(code)].filter(([found]) => !known.has(found)).map(([found]) => `${path}: ${found}`),
    );
    expect(strange).toEqual([]);
  });

  it('every code is used, and not only in its table', () => {
    const elsewhere = [...product, ...filesBelow('bin', /\.js$/)].filter(
      ({ path }) => !['src/lib/errors.ts', 'src/sigma/diagnostic.ts', 'src/sigma/lintCodes.ts'].includes(path),
    );
    const used = new Set(elsewhere.flatMap(({ text }) => [...text.matchAll(code)].map(([found]) => found)));
    expect([...known].filter((one) => !used.has(one))).toEqual([]);
  });

  it('every code is explained in docs/reference/errors.md', () => {
    const told = new Set([...fileAt('docs/reference/errors.md').text.matchAll(code)].map(([found]) => found));
    expect([...known].filter((one) => !told.has(one))).toEqual([]);
  });
});

describe('rules', () => {
  it('every rule has a timeline beside it, and every timeline a rule', () => {
    const files = filesBelow('rules', /\.ya?ml$/);
    const paths = new Set(files.map(({ path }) => path));
    const isShared = ({ text }: File): boolean => /^templates:/m.test(text) && !/^cases:/m.test(text);
    const tests = files.filter(({ path }) => path.endsWith('.test.yml'));
    const alone = files.filter(
      ({ path }) => !path.endsWith('.test.yml') && !paths.has(path.replace(/\.yml$/, '.test.yml')),
    );
    const orphans = tests.filter((file) => !isShared(file) && !paths.has(file.path.replace('.test.yml', '.yml')));
    expect([...alone, ...orphans].map(({ path }) => path)).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const { text } = fileAt('ARCHITECTURE.md');
  const folders = [...new Set(product.flatMap(({ path }) => /^src\/(\w+)\//.exec(path)?.[1] ?? []))];
  const inCheck = (
    createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as { forbidden: ForbiddenImport[] }
  ).forbidden;

  it('tells of every folder of src', () => {
    expect(folders.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('its table of imports is the one that is checked', () => {
    const rows = new Map(
      [...text.matchAll(/^\| `(\w+)` \| ([^|]*) \|$/gm)].map(([, folder, may]) => [folder!, words(may!)]),
    );
    const wrong = folders.flatMap((name) => {
      const rule = inCheck.find((one) => one.name === `${name}-imports`);
      if (rule === undefined) return [];
      const allowed = words(/\^src\/\(([^)]*)\)/.exec(rule.to.pathNot ?? '')?.[1] ?? '').filter((one) => one !== name);
      const told = rows.get(name) ?? [];
      return [...told].sort().join() === [...allowed].sort().join()
        ? []
        : [`${name}: ${told} in the text, ${allowed} in the check`];
    });
    expect(wrong).toEqual([]);
  });

  function words(list: string): string[] {
    return (list.match(/\w+/g) ?? []).filter((word) => word !== 'nothing');
  }
});

interface ForbiddenImport {
  readonly name: string;
  readonly to: { readonly pathNot?: string };
}
