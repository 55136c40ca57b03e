import { getStatus } from '../app/remoteService.ts';
import { statusText } from '../report/serviceStatus.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { answerText, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { outLook } from './scanOptions.ts';
import type { Verb } from './verbs.ts';

const STATUS: CommandSpec = {
  name: 'status',
  summary: 'Say how a running service is',
  usage: '[options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: `Exit codes
  0  it is ready         1  it is not, or cannot be reached
  2  called wrongly

Example
  cosmowatch status --data /var/lib/cosmowatch`,
};

/** `cosmowatch status` */
export const runStatus: Verb = async (words, streams, clock, signal) => {
  const parsed = startCommand(STATUS, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'status takes no words');
  const remote = remoteIn(parsed, streams);
  const { value, raw } = await getStatus(remote, signal);
  streams.out(
    parsed.isOn('json') ? answerText(raw) : statusText(value, remote.url, clock.now(), outLook(parsed, streams)),
  );
  return value.ready ? 0 : 1;
};
