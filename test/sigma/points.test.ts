import { describe, expect, it } from 'vitest';
import { Compiled } from '../../src/engine/compile.ts';
import { run, told } from '../../src/engine/engine.test-support.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { LIST_MODIFIERS, MODIFIERS } from '../../src/sigma/modifiers.ts';
import { compile, foreign, load, matched } from '../support/evaluate.ts';
import { type Case, LISTS } from './case.ts';
import { MODIFIER_POINTS } from './modifiers.ts';
import { POINTS } from './points.ts';

/** Every line of docs/sigma.md, through the real engine. */

function check(one: Case): void {
  const loaded = load(one.text, { placeholders: LISTS });
  const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error');
  const wanted = one.kind === 'errors' ? one.errors : [];
  expect(errors.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual(wanted);
  if (one.kind === 'warnings') expect(loaded.diagnostics.map(({ code }) => code)).toEqual(one.codes);
  if (one.kind === 'alerting') {
    expect(loaded.rules.flatMap(({ alerts, meta }) => (alerts ? [meta.title] : []))).toEqual(one.titles);
  }
  if (one.kind === 'matches') {
    const compiled = compile(loaded);
    const doesMatch = (event: JsonObject): boolean => matched(compiled, foreign(event)).length > 0;
    expect(one.yes.map(doesMatch)).toEqual(one.yes.map(() => true));
    expect(one.no.map(doesMatch)).toEqual(one.no.map(() => false));
  }
  if (one.kind === 'raises') {
    const compiled = new Compiled(loaded.rules);
    const facts = one.events.map(([at, event], index) => foreign(event, at, `e${index}`));
    const lines = told(compiled, run(compiled, facts, one.end));
    expect(lines.map((line) => line.replace(/ \[.*/, ''))).toEqual(one.alerts);
  }
}

describe.each(POINTS.map(({ about, cases }, at) => [`${at + 1} ${about}`, cases] as const))('point %s', (_, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => check(one));
});

describe.each(Object.entries(MODIFIER_POINTS))('modifier %s', (_, { cases }) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => check(one));
});

it('has a line for every modifier that is read, and names no case twice', () => {
  expect(Object.keys(MODIFIER_POINTS).sort()).toEqual([...MODIFIERS.keys(), ...LIST_MODIFIERS].sort());
  const names = [...POINTS, ...Object.values(MODIFIER_POINTS)].map(({ cases }) => cases.map(({ name }) => name));
  expect(names.filter((own) => own.length === 0 || new Set(own).size < own.length)).toEqual([]);
  expect(POINTS).toHaveLength(32);
});
