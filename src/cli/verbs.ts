import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import { type CommandSpec, helpOf, parseCommand } from './command.ts';
import type { Streams } from './streams.ts';

export type Verb = (words: readonly string[], streams: Streams, clock: Clock, signal: AbortSignal) => Promise<number>;

/** Runs a command that is several: by its first word, else its help. @throws UserError CW-1001 with the nearest word */
export async function runVerb(
  spec: CommandSpec,
  verbs: Readonly<Record<string, Verb>>,
  ...[words, streams, clock, signal]: Parameters<Verb>
): Promise<number> {
  const [verb, ...rest] = words;
  if (verb !== undefined && Object.hasOwn(verbs, verb)) return verbs[verb]!(rest, streams, clock, signal);
  const { args, help } = parseCommand(spec, words);
  if (help || args.length === 0) {
    streams.out(helpOf(spec));
    return help ? 0 : 2;
  }
  throw new UserError('CW-1001', `${spec.name} has no subcommand ${args[0]}`, {
    facts: suggestion(args[0]!, Object.keys(verbs)),
    cure: `cosmowatch ${spec.name} --help`,
  });
}
