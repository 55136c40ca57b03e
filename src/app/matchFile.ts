import { UserError } from '../lib/errors.ts';
import { listInputs, nodeIo } from '../sources/file.ts';
import type { LeftOut } from './contract.ts';
import { LeftOuts } from './leftOut.ts';
import { type EventMatch, EventMatcher } from './matchEvents.ts';
import { readJson } from './readJson.ts';
import { readRuleFiles, validRules } from './rules.ts';

export interface MatchRequest {
  /** Files and folders of rules; only these are asked. */
  readonly rules: readonly string[];
  /** A file, folder or glob; `-`: standard input. */
  readonly events: string;
}

export interface MatchSink {
  told(match: EventMatch): void;
  /** A piece of the input is done: whoever waits at the other end of a pipe should see it. */
  flush(): void;
}

export interface MatchOutcome {
  readonly rules: number;
  readonly correlations: number;
  /** Names of rules that can match nothing: they need a list that is not there, or say that they are unsupported. */
  readonly disarmed: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Asks rules about events as they are, while they are read.
 * @throws UserError for rules that are not valid, and files that cannot be read
 */
export async function matchFile(request: MatchRequest, sink: MatchSink, signal?: AbortSignal): Promise<MatchOutcome> {
  const cure = `correct them first; they are told too by: cosmowatch rules lint ${request.rules.join(' ')}`;
  const rules = validRules(readRuleFiles(request.rules), { logsource: 'ignore' }, cure);
  if (rules.length === 0)
    throw new UserError('CW-2001', `no rule in ${request.rules.join(', ')}`, {
      cure: 'give a folder with .yml files of rules, or one of them',
    });
  const matcher = new EventMatcher(rules);
  const { files, problems } = listInputs([request.events], nodeIo);
  for (const { error } of problems) throw error;
  const leftOut = new LeftOuts();
  for (const file of files) {
    await readJson(
      file,
      nodeIo,
      {
        record: (value) => sink.told(matcher.match(value)),
        invalid: (reason, position, detail) => leftOut.add(reason, position, detail),
        piece: () => sink.flush(),
      },
      signal,
    );
  }
  const correlations = rules.filter(({ kind }) => kind === 'correlation').length;
  const disarmed = rules
    .filter((rule) => rule.kind === 'detection' && rule.match.kind === 'constant')
    .map(({ meta }) => meta.name);
  return { rules: rules.length, correlations, disarmed, leftOut: leftOut.list() };
}
