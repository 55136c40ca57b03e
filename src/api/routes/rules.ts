import {
  backtestAnswer,
  backtestRequest,
  lintAnswer,
  lintRequest,
  ruleDetail,
  rulesList,
  ruleTestAnswer,
  ruleTestRequest,
} from '../contract.ts';
import { instantOf } from '../instant.ts';
import { later, Refusal } from '../problem.ts';
import { type Answer, call, ok, type Route } from '../route.ts';

/** Seconds after which another text may be tried. */
const TRY_AGAIN = 5;

/** @throws Refusal another text is being tried */
function tried(answer: unknown): Answer {
  if (answer !== null) return ok(answer);
  throw later('CW-6041', 'another rule is being tried', TRY_AGAIN);
}

export const RULE_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/rules',
    doc: 'The rules that are loaded, and what they found in the last 30 days',
    scope: 'read',
    answer: rulesList,
    handle: async ({ ports, by }) => ok({ items: await ports.rules.list(by.sees) }),
  }),
  call({
    method: 'GET',
    path: '/api/v1/rules/:id',
    doc: 'One rule, by its name or id: its file, its timeline, what it means, on which accounts it can fire',
    scope: 'read',
    answer: ruleDetail,
    handle: async ({ ports, by, params }) => {
      const found = await ports.rules.get(params['id']!, by.sees);
      if (found !== null) return ok(found);
      throw new Refusal('CW-6003', 'no such rule', 'GET /api/v1/rules lists them.');
    },
  }),
  call({
    method: 'POST',
    path: '/api/v1/rules/lint',
    doc: 'What is wrong with a text of rules, with line and column',
    scope: 'read',
    isQuestion: true,
    body: lintRequest,
    answer: lintAnswer,
    handle: async ({ ports, body }) => tried(await ports.rules.lint(body)),
  }),
  call({
    method: 'POST',
    path: '/api/v1/rules/test',
    doc: 'Runs the timeline of a rule against a text that takes its place',
    scope: 'act',
    isQuestion: true,
    body: ruleTestRequest,
    answer: ruleTestAnswer,
    handle: async ({ ports, body: { timeline, ...draft } }) => tried(await ports.rules.test(draft, timeline)),
  }),
  call({
    method: 'POST',
    path: '/api/v1/rules/backtest',
    doc: 'A rule as it runs against a text that takes its place, over stored control-plane records',
    scope: 'act',
    isQuestion: true,
    body: backtestRequest,
    answer: backtestAnswer,
    handle: async ({ ports, by, clock, body: { since, ...draft } }) =>
      tried(await ports.rules.backtest(draft, instantOf('since', since, clock.now()), by.sees)),
  }),
];
