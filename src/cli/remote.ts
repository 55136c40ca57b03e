import { type Remote, remoteOf } from '../app/remote.ts';
import { UserError } from '../lib/errors.ts';
import { jsonText } from '../report/lines.ts';
import type { OptionRow, Parsed } from './command.ts';
import type { Streams } from './streams.ts';

/** What every command takes that asks a running service. */
export const REMOTE_OPTIONS: readonly OptionRow[] = [
  { flags: '--url <URL>', text: 'Where the service is (default http://127.0.0.1:7070)' },
  { flags: '--data <DIR>', text: 'Take the token of this data folder (default: COSMOWATCH_TOKEN)' },
  { flags: '--json', text: 'Print the answer as JSON' },
];

export const REMOTE_EXITS = `Exit codes
  0  done                1  the service said no, or cannot be reached
  2  called wrongly`;

export function remoteIn({ text }: Parsed, { env }: Streams): Remote {
  return remoteOf(text('url'), text('data'), env['COSMOWATCH_TOKEN']);
}

/** @throws UserError CW-1001 if there are more or fewer words than a command takes */
export function refuseWords({ args }: Parsed, least: number, what: string, most = least): void {
  if (args.length >= least && args.length <= most) return;
  throw new UserError('CW-1001', what, { cure: 'put a text of several words into quotes' });
}

/** An answer for programs: as it came. */
export function answerText(raw: unknown): string {
  return `${jsonText(raw, 2)}\n`;
}
