import { listAudit, verifyAudit } from '../app/remoteService.ts';
import { UserError } from '../lib/errors.ts';
import { visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { wrong } from './scanOptions.ts';
import { runVerb, type Verb } from './verbs.ts';

const AUDIT: CommandSpec = {
  name: 'audit',
  summary: 'Read and verify the audit log of a running service',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             What people and programs changed, newest first
  verify           Was an entry changed, added between or taken out?`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: 'Help for one of them: cosmowatch audit verify --help',
};

/** `cosmowatch audit SUBCOMMAND` */
export const runAudit: Verb = (...given) => runVerb(AUDIT, { list: runList, verify: runVerify }, ...given);

const LIST: CommandSpec = {
  name: 'audit list',
  summary: 'What people and programs changed, newest first',
  usage: '[options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--limit <N>', text: 'How many, at most 1000 (default 100)' },
        { flags: '--before <SEQ>', text: 'Only those before this number' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: REMOTE_EXITS,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'audit list takes no words');
  const page = {
    limit: numberIn('--limit', parsed.text('limit')) ?? 100,
    before: numberIn('--before', parsed.text('before')),
  };
  const { value, raw } = await listAudit(remoteIn(parsed, streams), page, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else
    for (const { seq, at, by, action, target, outcome } of value.items) {
      const what = `${action}${target === null ? '' : ` ${target}`}${outcome === 'failed' ? ', which failed' : ''}`;
      streams.out(`${seq}  ${at.slice(0, 19).replace('T', ' ')}  ${visible(by)}: ${visible(what)}\n`);
    }
  return 0;
}

function numberIn(option: string, value: string | null): number | null {
  if (value === null) return null;
  if (/^[1-9][0-9]{0,14}$/.test(value)) return Number(value);
  throw wrong(option, value, 'a whole number from 1');
}

const VERIFY: CommandSpec = {
  name: 'audit verify',
  summary: 'Was an entry changed, added between or taken out?',
  usage: '[options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--head <SEQ:HASH>', text: 'An end that was printed before: finds what was cut off' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Every entry carries a hash over itself and the entry before. Only who noted an
end elsewhere can prove that none was cut off after it, or all written anew.

Exit codes
  0  intact     1  broken, or it could not be asked     2  called wrongly

Example
  cosmowatch audit verify --data /var/lib/cosmowatch`,
};

async function runVerify(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(VERIFY, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'audit verify takes no words');
  const { value, raw } = await verifyAudit(remoteIn(parsed, streams), headIn(parsed.text('head')), signal);
  const { isIntact, rows, head, brokenAt, why } = value;
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (!isIntact) streams.out(`Broken at entry ${brokenAt}: ${visible(why ?? '')}\n`);
  else streams.out(`Intact: ${rows} entries.${head === null ? '' : ` End ${head.seq}:${head.hash}`}\n`);
  return isIntact ? 0 : 1;
}

/** @throws UserError CW-1002 */
function headIn(value: string | null): { readonly seq: number; readonly hash: string } | null {
  if (value === null) return null;
  const [, seq, hash] = /^([1-9][0-9]{0,14}):([0-9a-f]{64})$/.exec(value) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new UserError('CW-1002', '--head is no end of an audit log', {
    cure: 'give what audit verify printed: SEQ:HASH',
  });
}
