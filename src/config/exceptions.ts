import { type Diagnostic, Problems, sortDiagnostics } from '../sigma/diagnostic.ts';
import { type TreeMap, treeAt } from '../sigma/tree.ts';
import { readYamlAs } from '../sigma/yaml.ts';
import type { ExceptionSpec, Lists } from '../tuning/spec.ts';
import { CONFIG_YAML, type ConfigCode } from './codes.ts';
import { tellIssues } from './issues.ts';
import type { ConfigFile } from './load.ts';
import { CORE } from './schema.ts';
import { PlainReader } from './secrets.ts';
import { type Named, readTuning } from './tuning.ts';

export interface LoadedExceptions {
  readonly exceptions: readonly Named<ExceptionSpec>[];
  readonly lists: Lists;
  readonly diagnostics: readonly Diagnostic<ConfigCode>[];
}

/** The exceptions of a configuration and the lists that they name; nothing else of it is looked at, and no secret is read. */
export function loadExceptions({ name, text }: ConfigFile, now: number): LoadedExceptions {
  const problems = new Problems<ConfigCode>(name);
  const root = readYamlAs(CONFIG_YAML, text, problems)[0] ?? EMPTY;
  const none = { kind: 'failed', why: '' } as const;
  const io = { env: () => undefined, resolve: (path: string) => path, readSecret: () => none, now: () => now };
  const reader = new PlainReader(io, problems);
  const lists = readLists(root, reader, problems);
  // Silences postpone what people are told, and a scan tells nobody.
  const only = { ...root, entries: root.entries.filter(({ key }) => key === 'exceptions') };
  const { exceptions, diagnostics } = readTuning({ root: only, file: name, reader, problems, lists, now });
  return { exceptions, lists, diagnostics: sortDiagnostics([...problems.found, ...diagnostics], []) };
}

const EMPTY: TreeMap = { kind: 'map', entries: [], span: { line: 1, column: 1, length: 1 } };

function readLists(root: TreeMap, reader: PlainReader, problems: Problems<ConfigCode>): Lists {
  const tree = treeAt(root, 'lists');
  if (tree === null) return {};
  const result = CORE.shape.lists.safeParse(reader.read(tree, false));
  if (result.success) return result.data;
  tellIssues(result.error.issues, root, ['lists'], problems);
  return {};
}
