import { Compiled } from '../../src/engine/compile.ts';
import { factOf, type IdTally, run } from '../../src/engine/engine.test-support.ts';
import type { Fact } from '../../src/events/fact.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { formatDiagnostic } from '../../src/sigma/diagnostic.ts';
import { type Loaded, type LoadOptions, loadRules } from '../../src/sigma/load.ts';

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

/** All rules count as raising alerts, so that what base rules match is seen too. */
export function compile({ rules }: Loaded): Compiled {
  return new Compiled(rules.map((rule) => ({ ...rule, alerts: true })));
}

/** Titles of the detections that an event matches, in the order of the rules. */
export function matched(compiled: Compiled, fact: Fact): string[] {
  return compiled.match(fact).map(({ rule }) => compiled.rules[rule]!.meta.title);
}

/** Titles of the correlations whose condition holds at an event, given those before it. */
export function fired(compiled: Compiled, facts: readonly Fact[]): string[] {
  const last = facts.at(-1)!;
  const at = last.time / 1e6;
  return run(compiled, facts, at)
    .episodes.filter((episode) => episode.last === at && !episode.ended && (episode.tally as IdTally).ids.has(last.id))
    .map(({ rule }) => compiled.rules[rule]!.meta.title);
}
