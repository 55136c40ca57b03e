import { Secret } from '../lib/secret.ts';
import type { Problems } from '../sigma/diagnostic.ts';
import { entryOf, type Scalar, type Tree, type TreeMap } from '../sigma/tree.ts';
import type { ConfigCode } from './codes.ts';
import type { ConfigIo } from './io.ts';

type Plain = unknown;

/** How a secret is written. */
const WRITTEN = /^(env|file):(.*)$/s;

/**
 * A tree as plain data. Keys without a value are left out (a `null` that is written stays). Where `secrets` is true, texts `env:NAME` and `file:PATH` become a Secret; one
 * that is not there is reported and is an empty Secret, so that nothing else complains of it.
 */
export class PlainReader {
  /** Secrets that are not there. */
  readonly failed = new Set<Tree>();
  readonly #io: ConfigIo;
  readonly #problems: Problems<ConfigCode>;

  constructor(io: ConfigIo, problems: Problems<ConfigCode>) {
    this.#io = io;
    this.#problems = problems;
  }

  read(tree: Tree, secrets: boolean): Plain {
    if (tree.kind === 'list') return tree.items.map((item) => this.read(item, secrets));
    if (tree.kind === 'map') return this.readMap(tree, secrets);
    const written = secrets && typeof tree.value === 'string' ? WRITTEN.exec(tree.value) : null;
    return written === null ? tree.value : this.#secret(written[1] as 'env' | 'file', written[2]!, tree);
  }

  /** Labels are never secrets: they stand in every alert. */
  readMap(map: TreeMap, secrets: boolean): Readonly<Record<string, Plain>> {
    const entries = map.entries.filter(
      ({ value }) => !(value.kind === 'scalar' && value.value === null && value.text === ''),
    );
    return Object.fromEntries(entries.map(({ key, value }) => [key, this.read(value, secrets && key !== 'labels')]));
  }

  #secret(kind: 'env' | 'file', name: string, scalar: Scalar): Secret {
    const from = `${kind}:${name}`;
    const value = kind === 'env' ? this.#variable(name, scalar) : this.#file(name, scalar);
    if (value === null) this.failed.add(scalar);
    return new Secret(value ?? '', from);
  }

  #variable(name: string, { span }: Scalar): string | null {
    if (!/^[A-Za-z_]\w*$/.test(name))
      return this.#problems.error('CW-8009', span, 'env: needs the name of a variable', 'for example env:SLACK_URL');
    const value = this.#io.env(name);
    if (value !== undefined && value !== '') return value;
    const what = value === undefined ? 'is not set' : 'is empty';
    return this.#problems.error(
      'CW-8009',
      span,
      `the variable ${name} ${what}`,
      'set it for the process that runs cosmowatch, or name a file: file:PATH',
    );
  }

  #file(path: string, { span }: Scalar): string | null {
    if (path.trim() === '')
      return this.#problems.error('CW-8009', span, 'file: needs a path', 'for example file:/run/secrets/slack_url');
    const found = this.#io.readSecret(this.#io.resolve(path));
    if (found.kind === 'failed')
      return this.#problems.error(
        'CW-8009',
        span,
        `${path} could not be read: ${found.why}`,
        'relative paths begin at the folder of the configuration',
      );
    if (found.open)
      this.#problems.warning(
        'CW-8010',
        span,
        `every user may read ${path}`,
        `take that from them: chmod o-rwx ${path}`,
      );
    const text = found.text.replace(/\r?\n$/, '');
    if (text !== '') return text;
    return this.#problems.error('CW-8009', span, `${path} is empty`, 'write the secret into it, and nothing else');
  }
}

/** The map below a key, if there is one. */
export function mapBelow(root: TreeMap, key: string): TreeMap | null {
  const value = entryOf(root, key)?.value;
  return value?.kind === 'map' ? value : null;
}
