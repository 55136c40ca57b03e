import { backUpFolder, restoreFolder } from '../app/databaseCommands.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import type { Streams } from './streams.ts';

const BACKUP: CommandSpec = {
  name: 'backup',
  summary: 'Copy the database of a running service, or of one at rest',
  usage: '--data <DIR> <FILE>',
  sections: [
    {
      title: 'Options',
      options: [{ flags: '--data <DIR>', text: 'The data folder of the service' }, ...COMMON_OPTIONS],
    },
  ],
  after: `The service goes on meanwhile. FILE is there complete and checked, or not at
all; one that is there already is never written over. It holds what the
database holds: keep it where only you can read it.

Examples
  cosmowatch backup --data /var/lib/cosmowatch backups/today.db`,
};

const RESTORE: CommandSpec = {
  name: 'restore',
  summary: 'Put a backup in the place of a database',
  usage: '--data <DIR> <FILE>',
  sections: [
    {
      title: 'Options',
      options: [{ flags: '--data <DIR>', text: 'The data folder; no service may run on it' }, ...COMMON_OPTIONS],
    },
  ],
  after: `The backup is checked before anything is moved. The database that was there is
kept beside it, as cosmowatch.db.before-TIME.

Examples
  cosmowatch restore --data /var/lib/cosmowatch backups/today.db`,
};

/** `cosmowatch backup` */
export async function runBackup(words: readonly string[], streams: Streams): Promise<number> {
  return runWith(BACKUP, words, streams, backUpFolder);
}

/** `cosmowatch restore` */
export async function runRestore(words: readonly string[], streams: Streams, clock: Clock): Promise<number> {
  return runWith(RESTORE, words, streams, (folder, file) => restoreFolder(folder, file, clock.now()));
}

function runWith(
  spec: CommandSpec,
  words: readonly string[],
  streams: Streams,
  run: (folder: string, file: string) => string,
): number {
  const parsed = startCommand(spec, words, streams.out);
  if (parsed === null) return 0;
  const [file, ...others] = parsed.args;
  const folder = parsed.text('data');
  if (folder === null || file === undefined || others.length > 0) {
    throw new UserError('CW-1001', `${spec.name} needs a data folder and one file`, {
      cure: `cosmowatch ${spec.name} --data DIR FILE`,
    });
  }
  const told = run(folder, file);
  if (!parsed.isOn('quiet')) streams.err(told);
  return 0;
}
