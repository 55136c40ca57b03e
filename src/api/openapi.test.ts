import { describe, expect, it } from 'vitest';
import { openApi } from './openapi.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes/index.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: { readonly $ref?: string } }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const document = openApi(ROUTES, '0.1.0') as Document;
const text = JSON.stringify(document);

function operationOf({ method, path }: Route): Operation | undefined {
  return document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
}

it('is OpenAPI 3.1 and plain JSON', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(JSON.parse(text)).toEqual(document);
});

it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s is in it', (_name, route) => {
  const operation = operationOf(route)!;
  expect(operation.summary).toBe(route.doc);
  const named = operation.parameters?.filter((one) => one.in === 'path').map(({ name }) => name) ?? [];
  expect(named).toEqual([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  expect(operation.requestBody === undefined).toBe(
    route.kind === 'call' ? route.body === null : route.kind === 'stream' || route.types.length === 0,
  );
  expect(operation.security).toContainEqual(route.isForPeople ? { session: [] } : { token: [] });
  expect(operation.security.some((one) => Object.keys(one).length === 0)).toBe(
    route.isOpenOnLoopback === true || route.scope === null,
  );
  expect(operation.responses['default']).toBeDefined();
});

it('has nothing that is no route', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
  expect(operations.length).toBe(ROUTES.length);
});

it('names each operation once', () => {
  const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

describe('shapes', () => {
  it('every reference leads somewhere', () => {
    const missing = [...text.matchAll(/"\$ref":"([^"]+)"/g)]
      .map(([, ref]) => ref!)
      .filter((ref) => !(ref.replace('#/components/schemas/', '') in document.components.schemas));
    expect(missing).toEqual([]);
    expect(text).not.toContain('#/$defs');
  });

  it('are there by name', () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Alert', 'AlertPage', 'LiveEvent', 'Problem', 'Receipt', 'Status', 'Token']),
    );
  });

  it('what is sent is closed, what is answered may grow', () => {
    const comment = operationOf(ROUTES.find(({ path }) => path.endsWith('/comment'))!)!;
    expect(comment.requestBody!.content['application/json']!.schema).toMatchObject({ additionalProperties: false });
    expect(document.components.schemas['Alert']).not.toHaveProperty('additionalProperties');
  });
});
