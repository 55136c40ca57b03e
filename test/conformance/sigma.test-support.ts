import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Compiled } from '../../src/engine/compile.ts';
import { factOf, run } from '../../src/engine/engine.test-support.ts';
import type { Fact } from '../../src/events/fact.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { formatDiagnostic } from '../../src/sigma/diagnostic.ts';
import { type Loaded, type LoadOptions, loadRules } from '../../src/sigma/load.ts';

/** Other projects' cases: not part of this repository; without them the tests that need them are skipped. */
const DATA = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));
export const present = existsSync(DATA);
if (!present) console.warn(`skipped: no conformance data at ${DATA}`);

/** A file of cases; nothing where there is no data. */
export function cases<T>(path: string): T[] {
  return present ? (JSON.parse(readFileSync(`${DATA}/${path}`, 'utf8')) as T[]) : [];
}

/** A file of cases by topic. */
export function topics<T>(path: string): Readonly<Record<string, readonly T[]>> {
  return present ? (JSON.parse(readFileSync(`${DATA}/${path}`, 'utf8')) as Record<string, T[]>) : {};
}

export function filesBelow(folder: string): { file: string; text: string }[] {
  if (!present) return [];
  return readdirSync(`${DATA}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

/** Rules of one text, whatever log source they name. */
export function load(text: string, options: LoadOptions = {}): Loaded {
  return loadRules([{ file: 'rule.yml', text }], { logsource: 'ignore', ...options });
}

export function errors({ diagnostics }: Loaded, text: string): string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map((each) => formatDiagnostic(each, text));
}

/** Any JSON as a fact: its own fields and nothing of ours, so that rules see it as it is. */
export function foreign(raw: JsonObject, at = 0, id = `e${at}`): Fact {
  return { ...factOf({ at, id, raw, family: 'ActivityLog', action: '', account: null }), fields: {} };
}

/** Titles of the detections that an event matches, in the order of the rules. */
export function matched(compiled: Compiled, fact: Fact): string[] {
  return compiled.match(fact).map(({ rule }) => compiled.rules[rule]!.meta.title);
}

/** Titles of the correlations whose condition holds at an event, given those before it. */
export function fired(compiled: Compiled, facts: readonly Fact[]): string[] {
  const last = facts.at(-1)!;
  const { episodes } = run(compiled, facts, last.time / 1e6);
  return episodes
    .filter((episode) => episode.last === last.time / 1e6 && !episode.ended)
    .filter(({ tally }) => (tally as unknown as { ids: ReadonlySet<string> }).ids.has(last.id))
    .map(({ rule }) => compiled.rules[rule]!.meta.title);
}

/** All rules count as raising alerts, so that what base rules match is seen too. */
export function compile({ rules }: Loaded): Compiled {
  return new Compiled(rules.map((rule) => ({ ...rule, alerts: true })));
}
