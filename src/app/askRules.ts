import { existsSync } from 'node:fs';
import { FactView } from '../engine/view.ts';
import { normalise } from '../events/normalise.ts';
import type { Rule } from '../ir/ir.ts';
import { UserError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { LEFT_OUT_WORDS } from '../report/leftOut.ts';
import { sourceText } from '../report/place.ts';
import type { AskedRecord, RuleTrace } from '../report/why.ts';
import { PartsReader } from '../sigma/parts.ts';
import { ask, nearestIn, ruleSet } from './ask.ts';
import { explainRule } from './explainRule.ts';
import { type Found, findRecord } from './findRecord.ts';
import { type AskedFact, factsOf, factsOfOther, type RecordFacts } from './recordFacts.ts';
import { BUILT_IN, isCalled, readRuleFiles, shownPath, unknownRule, validRules } from './rules.ts';

export interface ExplainRequest {
  /** A rule's name, id or title, or a file of rules. */
  readonly rule: string;
  /** As `findRecord` reads it. */
  readonly record: string;
  /** Files and folders of rules beside the built-in ones. */
  readonly rules: readonly string[];
}

export interface Explained {
  readonly traced: RuleTrace;
  readonly record: AskedRecord;
}

/**
 * Why rules match one record, or do not: one explanation for each rule that is meant.
 * @throws UserError for a rule or record that is not there, and rules that are not valid
 */
export async function askRules(request: ExplainRequest, signal?: AbortSignal): Promise<Explained[]> {
  const isFile = /\.ya?ml$/.test(request.rule) && existsSync(request.rule);
  const files = readRuleFiles([BUILT_IN, ...request.rules, ...(isFile ? [request.rule] : [])]);
  const { value, place } = await readRecord(request.record, signal);
  const { record, ...about } = asked(value);
  // A record of another product cannot be told by its log source; whoever asks about it means the rest of the rule.
  const options = { logsource: about.family === null ? 'ignore' : 'match' } as const;
  const rules = validRules(files, options, 'correct them first; cosmowatch rules lint tells them too');
  const [set, reader] = [ruleSet(rules), new PartsReader(files, options)];
  return meant(request.rule, isFile, rules).map((rule) => {
    const answer = ask(rule, record, set);
    const fact = nearestIn(answer)?.fact ?? null;
    const [time, action] = [textOf(record.facts[0]!, '@timestamp'), fact && textOf(fact, 'event.action')];
    // A rule of silence is asked about the record itself.
    const facts = set.waits(rule) ? 1 : record.facts.length;
    const { isSign } = record;
    return { traced: explainRule(answer, reader), record: { ...about, place, time, action, facts, isSign } };
  });
}

function textOf(fact: AskedFact, name: string): string | null {
  const found = new FactView(fact).values(name)?.[0];
  return typeof found === 'string' ? found : null;
}

/** What can be asked of a record: its facts, or itself where there are none. Its time may lie anywhere. */
function asked(value: JsonObject): Pick<AskedRecord, 'family' | 'invalid'> & { readonly record: RecordFacts } {
  const read = normalise(value, { source: '', line: 1, index: 0 }, { now: Number.POSITIVE_INFINITY });
  if (read.kind === 'event') return { family: read.event.family, invalid: null, record: factsOf(read.event) };
  return { family: null, invalid: read.kind === 'invalid' ? read.detail : null, record: factsOfOther(value) };
}

/** @throws UserError CW-2003: what stands there is no record */
async function readRecord(named: string, signal?: AbortSignal): Promise<Extract<Found, { kind: 'record' }>> {
  const found = await findRecord(named, signal);
  if (found.kind === 'record') return found;
  const { source, line } = found.place;
  throw new UserError(
    'CW-2003',
    `line ${line} of ${sourceText(source)} is no record: ${LEFT_OUT_WORDS[found.reason] ?? found.reason}`,
    { cure: `cosmowatch logs explain ${source}:${line} says more` },
  );
}

/** The rules of a file that are not only there for others; else the one of this name, id or title. */
function meant(rule: string, isFile: boolean, rules: readonly Rule[]): readonly Rule[] {
  if (isFile) {
    const own = rules.filter(({ meta }) => meta.place.file === shownPath(rule));
    const alerting = own.filter(({ alerts }) => alerts);
    if (own.length > 0) return alerting.length > 0 ? alerting : own;
  }
  const found = rules.filter((one) => isCalled(one, rule) || one.meta.title === rule);
  if (found.length > 0) return found;
  throw unknownRule(rule, rules, 'cosmowatch rules list; rules of your own: --rules DIR, or give their file');
}
