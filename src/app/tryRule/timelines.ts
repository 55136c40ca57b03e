import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RuleTestAnswer } from '../../api/contract.ts';
import type { Rule } from '../../ir/ir.ts';
import type { AlertDifference } from '../../report/timelineDiff.ts';
import { runCase } from '../runTimeline.ts';
import { caseLines, readTimeline, type Timeline } from '../timeline.ts';
import { type Draft, mistakesIn, ownRules, type Placed, place, type Surroundings } from './draft.ts';

/** A file beside a timeline: nothing else of the disk may be read by naming it. */
const BESIDE = /^[\w-]+(?:\.[\w-]+)*\.ya?ml$/;

/** The path of the timeline that belongs to a rule file, if it is there. */
export function timelineOf(path: string): string | null {
  const own = path.replace(/(\.ya?ml)$/, '.test$1');
  return existsSync(own) ? own : null;
}

/** Runs a timeline with a text in place of the rule's file. @param timeline null: the one beside the rule */
export function testDraft(draft: Draft, timeline: string | null, surroundings: Surroundings): RuleTestAnswer {
  const placed = place(draft, surroundings);
  // Timelines are written for the numbers that a rule has when nobody sets them.
  const { all, own, diagnostics } = ownRules(placed, placed.after, { placeholders: surroundings.lists });
  const mistakes = mistakesIn(diagnostics);
  if (mistakes.length > 0) return { mistakes, cases: [] };
  const text = timeline ?? besideOf(placed);
  if (text === null) return { mistakes: ['the rule has no timeline beside it: give one'], cases: [] };
  const read = readTimeline(text, (name) => sharedAt(placed, name));
  if (!('cases' in read)) return { mistakes: read, cases: [] };
  if (![...own, ...all].some(({ meta }) => [meta.name, meta.id].includes(read.rule)))
    return { mistakes: [`1:1: no rule is called ${read.rule}`], cases: [] };
  return { mistakes: [], cases: casesOf(read, caseLines(text), all) };
}

function besideOf({ path }: Placed): string | null {
  const own = path === null ? null : timelineOf(path);
  return own === null ? null : readFileSync(own, 'utf8');
}

function sharedAt({ path }: Placed, name: string): string | null {
  if (path === null || !BESIDE.test(name)) return null;
  const file = join(dirname(path), name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function casesOf(timeline: Timeline, lines: readonly number[], rules: readonly Rule[]): RuleTestAnswer['cases'] {
  return timeline.cases.map((one, at) => {
    const differences = runCase(timeline, one, rules);
    return {
      name: one.name,
      line: lines[at] ?? 0,
      passed: differences.length === 0,
      expected: one.alerts.length,
      differences: differences.map(wordsOf),
    };
  });
}

function wordsOf(one: AlertDifference): string {
  switch (one.kind) {
    case 'different':
      return `alert ${one.nth}, expected at ${one.at}: ${one.fields
        .map(({ name, expected, got }) => `${name} is ${got}, expected ${expected}`)
        .join('; ')}`;
    case 'missing':
      return `alert ${one.nth} did not come: ${one.fields.map(({ name, value }) => `${name} ${value}`).join(', ')}`;
    case 'unexpected':
      return `an alert that was not expected: ${one.fields.map(({ name, value }) => `${name} ${value}`).join(', ')}`;
  }
}
