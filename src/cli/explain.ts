import type { Clock } from '../lib/clock.ts';
import { ERRORS, type ErrorCode, UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import { RULE_CODES, type RuleCode } from '../sigma/diagnostic.ts';
import { COMMON_OPTIONS, type CommandSpec, helpOf, parseCommand } from './command.ts';
import type { Streams } from './streams.ts';

const EXPLAIN: CommandSpec = {
  name: 'explain',
  summary: 'Say what an error code means',
  usage: '<code>',
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: 'Example\n  cosmowatch explain CW-2001',
};

/** `cosmowatch explain CW-2001` */
export async function runExplain(words: readonly string[], streams: Streams, _clock: Clock): Promise<number> {
  const { args, help } = parseCommand(EXPLAIN, words);
  if (help || args.length === 0) {
    streams.out(helpOf(EXPLAIN));
    return help ? 0 : 2;
  }
  const code = args[0]!.toUpperCase();
  streams.out(textOf(code) ?? refuse(code, args[0]!));
  return 0;
}

function textOf(code: string): string | null {
  if (Object.hasOwn(ERRORS, code)) {
    const { means, exit } = ERRORS[code as ErrorCode];
    return `${code}: ${means}\nThe program ends with exit code ${exit}.\n`;
  }
  if (!Object.hasOwn(RULE_CODES, code)) return null;
  return `${code}: ${RULE_CODES[code as RuleCode]}\nSaid of rule files, with the place and the cure: cosmowatch rules lint\n`;
}

function refuse(code: string, given: string): never {
  const facts = suggestion(code, [...Object.keys(ERRORS), ...Object.keys(RULE_CODES)]);
  throw new UserError('CW-1002', `no error has the code ${given}`, { facts });
}
