import { type Diagnostic, formatDiagnostic } from '../sigma/diagnostic.ts';
import type { Span, Tree, TreeMap } from '../sigma/tree.ts';
import type { ConfigCode } from './codes.ts';
import type { ConfigFile, LoadedConfig } from './load.ts';
import { CORE } from './schema.ts';

/**
 * Every mistake with its place, its line and the cure. Values below `sources`, `receivers` and `sign_in` are covered in the lines: one of them may be
 * a secret in the wrong place. So is every line of a file that is not YAML.
 */
export function printDiagnostics(
  loaded: Pick<LoadedConfig, 'diagnostics' | 'root'>,
  file: ConfigFile | null,
): string[] {
  const text = file === null ? null : covered(file.text, loaded.root);
  return loaded.diagnostics.map((one) => formatDiagnostic(one, mayShow(one) ? text : null));
}

function mayShow({ code }: Diagnostic<ConfigCode>): boolean {
  return code !== 'CW-8003';
}

function covered(text: string, root: TreeMap): string {
  const lines = text.split(/(?<=\r\n|\r(?!\n)|\n)/);
  for (const { key, value } of root.entries) {
    // What stands below a key that does not exist was meant for anything.
    const mayBe = SECRET_KEYS.includes(key) || !Object.hasOwn(CORE.shape, key);
    for (const span of mayBe ? scalars(value) : []) cover(lines, span);
  }
  return lines.join('');
}

const SECRET_KEYS = ['sources', 'receivers', 'sign_in'];

/** Where values stand that may be secrets: not types and labels, and not what only says where a secret is. */
function scalars(tree: Tree): Span[] {
  if (tree.kind === 'list') return tree.items.flatMap(scalars);
  if (tree.kind === 'map')
    return tree.entries.flatMap(({ key, value }) => (key === 'type' || key === 'labels' ? [] : scalars(value)));
  return tree.text === '' || /^(env|file):/.test(tree.text) ? [] : [tree.span];
}

function cover(lines: string[], { line, column, length }: Span): void {
  const text = lines[line - 1] ?? '';
  lines[line - 1] = text.slice(0, column - 1) + '*'.repeat(length) + text.slice(column - 1 + length);
}
