import { existsSync } from 'node:fs';
import type { Position } from '../events/event.ts';
import type { Rule } from '../ir/ir.ts';
import { UserError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import type { AskedRecord, RuleTrace } from '../report/why.ts';
import { PartsReader } from '../sigma/parts.ts';
import { listInputs, nodeIo } from '../sources/file.ts';
import { explainBest } from './explainRule.ts';
import { readJson } from './readJson.ts';
import { factsOfRecord } from './recordFacts.ts';
import { BUILT_IN, readRuleFiles, shownPath, validRules } from './rules.ts';

export interface ExplainRequest {
  /** A rule's name, id or title, or a file of rules. */
  readonly rule: string;
  /** `FILE`, `FILE:LINE`, `FILE:LINE:N` or `-`. */
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
  const { value, position } = await readRecord(request.record, signal);
  const { family, invalid, facts } = factsOfRecord(value, position);
  // A record of another product cannot be told by its log source; whoever asks about it means the rest of the rule.
  const options = { logsource: family === null ? 'ignore' : 'match' } as const;
  const rules = validRules(files, options, 'correct them first; cosmowatch rules lint tells them too');
  const context = { rules, parts: new PartsReader(files, options) };
  return meant(request.rule, isFile, rules).map((rule) => {
    const { traced, view } = explainBest(rule, facts, context);
    const text = (name: string): string | null => {
      const found = view.values(name)?.[0];
      return typeof found === 'string' ? found : null;
    };
    const place = { source: position.source === '-' ? 'stdin' : position.source, line: position.line };
    const [time, action] = [text('@timestamp'), text('event.action')];
    return { traced, record: { ...place, family, invalid, time, action, facts: facts.length } };
  });
}

/** The rules of a file that are not only there for others; else the one of this name, id or title. */
function meant(rule: string, isFile: boolean, rules: readonly Rule[]): readonly Rule[] {
  if (isFile) {
    const own = rules.filter(({ meta }) => meta.place.file === shownPath(rule));
    const alerting = own.filter(({ alerts }) => alerts);
    if (own.length > 0) return alerting.length > 0 ? alerting : own;
  }
  const folded = rule.toLowerCase();
  const found = rules.filter(
    ({ meta }) => meta.id === folded || [rule, `cosmosdb_${rule}`].includes(meta.name) || meta.title === rule,
  );
  if (found.length > 0) return found;
  const near = nearest(
    rule,
    rules.map(({ meta }) => meta.name),
  );
  throw new UserError('CW-1002', `no rule is called ${rule}`, {
    facts: near ? [`did you mean ${near} ?`] : [],
    cure: 'cosmowatch rules list; rules of your own: --rules DIR, or give their file',
  });
}

interface Found {
  readonly value: JsonObject;
  readonly position: Position;
}

async function readRecord(text: string, signal?: AbortSignal): Promise<Found> {
  const asked = placeIn(text);
  const { files, problems } = listInputs([asked.path], nodeIo);
  for (const { error } of problems) throw error;
  const [file] = files;
  if (file === undefined || files.length > 1)
    throw new UserError('CW-1002', `${asked.path} is a folder: give one file`, { cure: 'FILE:LINE' });
  const found: Found[] = [];
  const broken = new Map<number, string>();
  let count = 0;
  let before: Found | null = null;
  await readJson(
    file,
    nodeIo,
    {
      record: (value, position) => {
        count += 1;
        // A record written over several lines is meant by any of them.
        if (asked.line !== null && position.line < asked.line) before = { value, position };
        if (asked.line === null ? count === 1 : position.line === asked.line) found.push({ value, position });
      },
      invalid: (reason, position, detail) => broken.set(position.line, `${reason.replaceAll('_', ' ')}: ${detail}`),
    },
    signal,
  );
  return chosen(text, asked, { found, before, broken, count });
}

interface Asked {
  readonly path: string;
  readonly line: number | null;
  /** From 1, among the records of one line. */
  readonly nth: number | null;
}

function placeIn(text: string): Asked {
  const [, path = '', line, nth] = /^(.+?):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (path === '' || existsSync(text)) return { path: text, line: null, nth: null };
  return { path, line: Number(line), nth: nth === undefined ? null : Number(nth) };
}

interface ReadRecords {
  readonly found: readonly Found[];
  /** The last one that begins before the line. */
  readonly before: Found | null;
  readonly broken: ReadonlyMap<number, string>;
  readonly count: number;
}

function chosen(text: string, { path, line, nth }: Asked, { found, before, broken, count }: ReadRecords): Found {
  if (line !== null && broken.has(line))
    throw new UserError('CW-2003', `${path}:${line} is no record (${broken.get(line)})`);
  if (count === 0)
    throw new UserError('CW-2003', `${path} holds no record`, { facts: [...broken.values()].slice(0, 3) });
  if (line === null && count > 1)
    throw new UserError('CW-1002', `${path} holds ${count} records: say which`, { cure: `by its line: ${path}:2` });
  const own = found.length > 0 ? found : before === null ? [] : [before];
  if (own.length > 1 && nth === null)
    throw new UserError('CW-1002', `line ${line} of ${path} holds ${own.length} records: say which`, {
      cure: `for example the second: ${text}:2`,
    });
  const one = own[(nth ?? 1) - 1];
  if (one !== undefined) return one;
  throw new UserError('CW-1002', `no record at ${text}`, { facts: [`${path} holds ${count}`], cure: 'FILE:LINE' });
}
