import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import { suggestion } from '../../lib/nearest.ts';
import { BUILT_IN, isTimeline, listRuleFiles } from '../rules.ts';
import { type Case, readTimeline, recordsOf, type Timeline } from '../timeline.ts';

/** Records that make a rule fire, as if they had just been written. */
export interface Drill {
  /** What they show: the name of the case in the rule's timeline. */
  readonly name: string;
  /** The made-up account; a new one each time, so that drills never join. */
  readonly account: string;
  /** Lines of JSON with when each was written, oldest first; milliseconds since 1970. */
  readonly records: readonly { readonly line: string; readonly at: number }[];
  /** Up to when the records tell all; milliseconds since 1970. */
  readonly until: number;
}

/** How a made-up account begins: no other account should be called so. */
export const DRILL_ACCOUNT = 'cosmowatch-drill-';

/**
 * The first case of a rule's timeline that raises an alert and needs nothing to be known before.
 * @param rule its name or id @param dirs folders of rules beside the built-in ones @param suffix letters and digits that no drill had before
 * @throws UserError CW-5010 no timeline of the rule can be played
 */
export function drillOf(
  rule: { readonly name: string; readonly id: string },
  dirs: readonly string[],
  now: number,
  suffix: string,
): Drill {
  for (const timeline of timelinesOf(dirs)) {
    if (timeline.rule !== rule.name && timeline.rule !== rule.id) continue;
    const one = timeline.cases.find(isPlayable);
    if (one !== undefined) return played(timeline, one, now, `${DRILL_ACCOUNT}${suffix}`);
  }
  throw new UserError('CW-5010', `${rule.name} has no timeline that could be played`, {
    cure: `write a case that raises an alert: ${rule.name}.test.yml beside the rule (cosmowatch rules new shows one)`,
  });
}

/** @throws UserError CW-5010 with the rule that may have been meant */
export function drillable<Named extends { readonly name: string; readonly id: string }>(
  name: string,
  rules: readonly Named[],
): Named {
  const found = rules.find((one) => [name, `cosmosdb_${name}`].includes(one.name) || one.id === name.toLowerCase());
  if (found !== undefined) return found;
  throw new UserError('CW-5010', `no active rule is called ${name}`, {
    facts: suggestion(
      name,
      rules.map((one) => one.name),
    ),
    cure: 'cosmowatch rules list',
  });
}

function isPlayable({ alerts, declared, inventory }: Case): boolean {
  return alerts.length > 0 && declared === undefined && inventory === undefined;
}

function timelinesOf(dirs: readonly string[]): Timeline[] {
  return listRuleFiles([BUILT_IN, ...dirs])
    .filter(isTimeline)
    .flatMap((path) => {
      const read = readTimeline(readFileSync(path, 'utf8'), (name) => textOf(join(dirname(path), name)));
      return 'cases' in read ? [read] : [];
    });
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The last record, or the end of the case's clock, is now. */
function played(timeline: Timeline, one: Case, now: number, account: string): Drill {
  const length = Math.max(one.until ?? 0, ...one.records.map(({ at, repeat, every }) => at + (repeat - 1) * every));
  const start = Math.floor(now / 1000) - length;
  const renamed = { ...timeline, defaults: { ...timeline.defaults, account } };
  const offsets = one.records.flatMap(({ at, repeat, every }) =>
    Array.from({ length: repeat }, (_, nth) => at + nth * every),
  );
  const records = recordsOf(renamed, one, start)
    .map((line, at) => ({ line, at: (start + offsets[at]!) * 1000 }))
    .sort((a, b) => a.at - b.at);
  return { name: one.name, account, records, until: now };
}
