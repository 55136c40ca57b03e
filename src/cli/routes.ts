import { existsSync } from 'node:fs';
import { configAt } from '../app/configFile.ts';
import { getAlert } from '../app/remoteAlerts.ts';
import { alertsOf, type RoutedAlert, readAlerts, tryRoutes } from '../app/tryRoutes.ts';
import { printDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed, startCommand } from './command.ts';
import { REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import type { Streams } from './streams.ts';
import { runVerb, type Verb } from './verbs.ts';

type RoutedDecision = ReturnType<typeof tryRoutes>['decisions'][number];

const ROUTES: CommandSpec = {
  name: 'routes',
  summary: 'Say where an alert would go, and why',
  usage: '<subcommand> [options]',
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  before: `Subcommands
  test <alert>     Where an alert would go by the routes of a configuration`,
  after: 'Help: cosmowatch routes test --help',
};

/** `cosmowatch routes SUBCOMMAND` */
export const runRoutes: Verb = (...given) => runVerb(ROUTES, { test: runTest }, ...given);

const TEST: CommandSpec = {
  name: 'routes test',
  summary: 'Say where an alert would go by the routes of a configuration',
  usage: '<alert> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--config <FILE>', text: 'The configuration (default cosmowatch.yml)' },
        { flags: '--label <NAME=TEXT>', text: 'A label of the source it came from', many: true },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  before: `Alerts
  FILE                 What scan --format json or ndjson printed; - is standard
                       input
  ID                   An alert of a running service, or the beginning of its id`,
  after: `Exit codes
  0  somebody is told     1  nobody is     2  called wrongly

Example
  cosmowatch scan logs/ --format ndjson | cosmowatch routes test -`,
};

async function runTest(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(TEST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'routes test takes one file or id');
  const { config } = configAt(parsed.text('config') ?? 'cosmowatch.yml', streams.env, streams.err);
  const labels = labelsIn(parsed);
  const alerts = await alertsFor(parsed, streams, signal);
  const routed = alerts.map((alert) => ({ alert, ...tryRoutes(config, alert, labels) }));
  if (parsed.isOn('json')) streams.out(`${JSON.stringify(routed.map(asJson), null, 2)}\n`);
  else for (const one of routed) streams.out(textOf(one, routed.length === 1));
  return routed.every(({ decisions }) => decisions.length > 0) ? 0 : 1;
}

function labelsIn({ many }: Parsed): Readonly<Record<string, string>> {
  return Object.fromEntries(
    many('label').map((word) => {
      const at = word.indexOf('=');
      if (at < 1)
        throw new UserError('CW-1002', `--label ${word} is not NAME=TEXT`, { cure: '--label environment=production' });
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

/** What looks like an id and is no file is one. */
async function alertsFor(parsed: Parsed, streams: Streams, signal: AbortSignal): Promise<readonly RoutedAlert[]> {
  const word = parsed.args[0]!;
  if (!/^[0-9a-f]{4,32}$/i.test(word) || existsSync(word)) return readAlerts(word, signal);
  const { raw } = await getAlert(remoteIn(parsed, streams), word, signal);
  return alertsOf([raw], 0, word);
}

type Routed = { readonly alert: RoutedAlert } & ReturnType<typeof tryRoutes>;

function asJson({ alert, decisions, looked }: Routed): object {
  return { id: alert.id, rule: alert.rule, level: alert.level, account: alert.account, decisions, looked };
}

function textOf({ alert, decisions, looked }: Routed, isWhole: boolean): string {
  const place =
    alert.account === null ? 'no account' : visible(alert.account.slice(alert.account.lastIndexOf('/') + 1));
  const head = `[${visible(alert.level)}] ${place}: ${visible(alert.rule)}`;
  const told = decisions.map(({ receiver }) => receiver).join(', ') || 'nobody';
  if (!isWhole) return `${head} -> ${told}\n`;
  const goes = decisions.map(({ receiver, path, why, ...how }) => `  -> ${receiver}, by ${path}: ${why}${waits(how)}`);
  const steps = looked.map(({ path, matched, why }) => `  ${matched ? 'yes' : 'no '} ${path}: ${why}`);
  const lines = [head, '', ...(goes.length === 0 ? ['  -> nobody'] : goes)];
  if (steps.length > 0) lines.push('', 'Routes that were asked', ...steps);
  return `${lines.join('\n')}\n`;
}

function waits({
  groupWait,
  repeat,
  groupBy,
  digest,
}: Pick<RoutedDecision, 'groupWait' | 'repeat' | 'groupBy' | 'digest'>): string {
  if (digest !== null) return '; in a digest, where it takes one';
  const first = groupWait === 0 ? '' : `; waits ${printDuration(groupWait / 1000)}`;
  const together = groupBy === null ? '' : `; together by ${groupBy.join(', ')}`;
  return `${first}${together}${repeat === null ? '' : `; again every ${printDuration(repeat / 1000)}`}`;
}
