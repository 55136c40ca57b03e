import { z } from 'zod';
import { CSRF_HEADER, liveEvent, problem } from './contract.ts';
import type { Route } from './route.ts';

/*
 * The OpenAPI 3.1 document, made from the table of routes and the shapes of the contract: neither can change without it.
 */

type Schema = Record<string, unknown>;

/** Named shapes, each once, for `$ref`. */
class Components {
  readonly schemas: Record<string, unknown> = {};

  of(schema: z.ZodType): Schema {
    const made = z.toJSONSchema(schema, {
      // Answers may grow, so they are not closed; what is sent is, by its own schema.
      io: 'input',
      override: ({ jsonSchema }) => {
        delete jsonSchema.readOnly;
      },
    });
    const {
      $schema: _,
      $defs,
      ...rest
    } = JSON.parse(JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/')) as Schema & { $defs?: Schema };
    Object.assign(this.schemas, $defs);
    return rest;
  }
}

export function openApi(routes: readonly Route[], version: string): unknown {
  const components = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'cosmowatch',
      version,
      description: 'Security detection for Azure Cosmos DB: send log records, see and change alerts.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' }, tokenInQuery: TOKEN_IN_QUERY, session: SESSION },
    },
  };
}

const TOKEN_IN_QUERY = { type: 'apiKey', in: 'query', name: 'token' };

/** As it is called over https. */
const SESSION = { type: 'apiKey', in: 'cookie', name: '__Host-cosmowatch' };

function operation(route: Route, components: Components): Schema {
  const security: Schema[] = [...(route.isForPeople === true ? [] : [{ token: [] }]), { session: [] }];
  if (route.isOpenOnLoopback === true || route.scope === null) security.push({});
  if (route.kind === 'push' && route.takesTokenInQuery) security.push({ tokenInQuery: [] });
  const parameters = [...pathParameters(route.path), ...queryParameters(route, components)];
  const body = requestBody(route, components);
  return {
    operationId: operationId(route),
    summary: route.doc,
    description: whoMay(route),
    security,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: body }),
    responses: {
      ...answers(route, components),
      default: { description: 'Refused', content: { 'application/json': { schema: components.of(problem) } } },
    },
  };
}

function whoMay({ scope, method, isForPeople }: Route): string {
  if (scope === null) return 'Anybody may.';
  const header =
    method === 'GET' || method === 'OPTIONS' ? '' : ` With a session, the header \`${CSRF_HEADER}\` is needed.`;
  const who = isForPeople === true ? 'Only with a session' : 'The token';
  return `${who} ${isForPeople === true ? 'whose role has' : 'needs'} the scope \`${scope}\`.${header}`;
}

function operationId({ method, path }: Route): string {
  const words = path.replace('/api/v1/', '').split(/[^a-z0-9]+/i);
  return [method.toLowerCase(), ...words.filter(Boolean)].join('_');
}

function pathParameters(path: string): Schema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: Route, components: Components): Schema[] {
  if (route.kind !== 'call' || route.query === null) return [];
  const { properties = {} } = components.of(route.query) as { properties?: Record<string, Schema> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function requestBody(route: Route, components: Components): Schema | null {
  if (route.kind === 'call' && route.body !== null) {
    return { content: { 'application/json': { schema: components.of(route.body) } } };
  }
  if (route.kind !== 'push' || route.types.length === 0) return null;
  const types = route.types.filter((type) => type !== '');
  return { required: true, content: Object.fromEntries(types.map((type) => [type, {}])) };
}

function answers(route: Route, components: Components): Schema {
  switch (route.kind) {
    case 'stream': {
      const description = `Each \`data\` is a LiveEvent`;
      components.of(liveEvent);
      return { 200: { description, content: { 'text/event-stream': { schema: { type: 'string' } } } } };
    }
    case 'push':
      return { 200: answer(route.answer, components) };
    case 'call':
      return { [route.status]: answer(route.answer, components) };
  }
}

function answer(schema: z.ZodType | null, components: Components): Schema {
  if (schema === null) return { description: 'Done' };
  return { description: 'Done', content: { 'application/json': { schema: components.of(schema) } } };
}
