import type { z } from 'zod';
import {
  alertTrail,
  exceptionItem,
  exceptionRequest,
  exceptionSpec,
  exceptionsList,
  silenceItem,
  silenceRequest,
  silenceSpec,
  silencesList,
  tuningPreview,
} from '../contract.ts';
import type { ApiPorts, TuningOutcome, TuningPort } from '../ports.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

interface Kind<Spec, Item> {
  /** `exceptions` */
  readonly name: 'exceptions' | 'silences';
  readonly one: string;
  readonly spec: z.ZodType<Spec>;
  readonly request: z.ZodType<Spec & { readonly name: string }>;
  readonly item: z.ZodType;
  readonly list: z.ZodType;
  port(ports: ApiPorts): TuningPort<Spec, Item>;
}

function done<T>(outcome: TuningOutcome<T>, what: string): T {
  switch (outcome.kind) {
    case 'done':
      return outcome.item;
    case 'unknown':
      throw new Refusal('CW-6003', `no such ${what}`, `GET /api/v1/${what}s lists those that the token may see.`);
    case 'refused':
      throw new Refusal('CW-6012', outcome.why, outcome.cure);
    case 'invalid':
      throw new Refusal('CW-6005', `the body is not valid: ${outcome.why}`, outcome.cure);
  }
}

function routesOf<Spec, Item>({ name, one, spec, request, item, list, port }: Kind<Spec, Item>): readonly Route[] {
  const path = `/api/v1/${name}`;
  return [
    call({
      method: 'GET',
      path,
      doc: `The ${name} that there are, of the configuration too, and what each has kept back`,
      scope: 'read',
      answer: list,
      handle: async ({ ports, by }) => ok({ items: await port(ports).list(by.sees) }),
    }),
    call({
      method: 'POST',
      path,
      doc: `Makes ${one === 'exception' ? 'an' : 'a'} ${one}`,
      scope: 'act',
      body: request,
      answer: item,
      status: 201,
      audit: `${name}.create`,
      handle: async ({ ports, by, body }) => {
        const { name: called, ...written } = body as Spec & { readonly name: string };
        const made = await port(ports).create(called, written as Spec, by.name, by.sees);
        return { status: 201, body: done(made, one) };
      },
    }),
    call({
      method: 'POST',
      path: `${path}/preview`,
      doc: `Which of the stored alerts ${one === 'exception' ? 'an' : 'a'} ${one} would keep back; changes nothing`,
      scope: 'read',
      isQuestion: true,
      body: spec,
      answer: tuningPreview,
      audit: `${name}.preview`,
      handle: async ({ ports, by, body }) => ok(done(await port(ports).preview(body as Spec, by.sees), one)),
    }),
    call({
      method: 'POST',
      path: `${path}/:id`,
      doc: `Other words for ${one === 'exception' ? 'an' : 'a'} ${one}; those of the configuration are changed there`,
      scope: 'act',
      body: spec,
      answer: item,
      audit: `${name}.update`,
      handle: async ({ ports, by, params, body }) =>
        ok(done(await port(ports).update(params['id']!, body as Spec, by.name, by.sees), one)),
    }),
    call({
      method: 'DELETE',
      path: `${path}/:id`,
      doc: `Ends ${one === 'exception' ? 'an' : 'a'} ${one}: what it kept back and is still open is told`,
      scope: 'act',
      answer: item,
      audit: `${name}.end`,
      handle: async ({ ports, by, params }) => ok(done(await port(ports).end(params['id']!, by.sees), one)),
    }),
  ];
}

export const TUNING_ROUTES: readonly Route[] = [
  ...routesOf({
    name: 'exceptions',
    one: 'exception',
    spec: exceptionSpec,
    request: exceptionRequest,
    item: exceptionItem,
    list: exceptionsList,
    port: ({ exceptions }) => exceptions,
  }),
  ...routesOf({
    name: 'silences',
    one: 'silence',
    spec: silenceSpec,
    request: silenceRequest,
    item: silenceItem,
    list: silencesList,
    port: ({ silences }) => silences,
  }),
  call({
    method: 'GET',
    path: '/api/v1/alerts/:id/trail',
    doc: 'How it was decided what an alert is, and who is told',
    scope: 'read',
    answer: alertTrail,
    handle: async ({ ports, by, params }) => {
      const found = await ports.alerts.get(params['id']!, by.sees);
      if (found === null)
        throw new Refusal('CW-6003', 'no such alert', 'GET /api/v1/alerts lists those that the token may see.');
      return ok({ items: ports.alerts.trail(found) });
    },
  }),
];
