import { Refusal } from '../../api/problem.ts';

/** What stands in the audit log for cosmowatch itself and for what is no person. */
const TAKEN: readonly string[] = ['main', 'loopback', 'cosmowatch', 'nobody', 'system'];

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._@+'-]*[\p{L}\p{N}\p{M}.)])?$/u;

/** Nothing in a name may look like something else where it is read later. @throws Refusal */
export function checkName(name: string): void {
  const cure = 'Use an address, or letters, digits, spaces and . _ @ + - between them.';
  if (!NAME.test(name)) throw new Refusal('CW-6005', 'the name has characters that names have not', cure);
  if (TAKEN.includes(name.toLowerCase())) throw new Refusal('CW-6005', 'the name stands for something else', cure);
}
