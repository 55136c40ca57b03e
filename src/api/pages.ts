import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { PAGE_HEADERS } from './headers.ts';
import type { Route } from './route.ts';

/** The console as it was built. */
export interface Pages {
  readonly folder: string;
  /** Paths below the folder, with `/`: nothing else is ever read. */
  readonly files: ReadonlySet<string>;
}

/** What the build gives a name with a hash of its content, so that it never changes under that name. */
const HASHED = 'assets/';
const FOREVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

/**
 * Files of the console, and its first page for each path that is neither a file nor of the API: which page that is, the browser knows.
 * @returns whether it answers; false: nothing of the console is there
 */
export function pageHandler(
  app: FastifyInstance,
  pages: Pages | null,
  routes: readonly Route[],
): (method: string, path: string, reply: FastifyReply) => boolean {
  if (pages !== null)
    app.register(fastifyStatic, { root: pages.folder, serve: false, preCompressed: true, cacheControl: false });
  const taken = new Set(routes.map(({ path }) => firstOf(path)));
  return (method, path, reply) => {
    const isPage = (method === 'GET' || method === 'HEAD') && !taken.has(firstOf(path));
    const file = isPage ? fileAt(path, pages) : null;
    if (file === null) return false;
    void reply.headers(PAGE_HEADERS).code(200);
    if (pages === null) void reply.type('text/html; charset=utf-8').send(NOT_BUILT);
    else void reply.header('cache-control', file.startsWith(HASHED) ? FOREVER : ASK_AGAIN).sendFile(file, pages.folder);
    return true;
  };
}

/** Null: a file that was there in another build, and must not be answered with a page. */
function fileAt(path: string, pages: Pages | null): string | null {
  const name = path.slice(1);
  if (pages?.files.has(name)) return name;
  return name.startsWith(HASHED) ? null : 'index.html';
}

/** `/API/v1/x` is meant for the API too. */
function firstOf(path: string): string {
  return path.split('/', 2)[1]!.toLowerCase();
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>cosmowatch</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 4em auto; padding: 0 1em; color-scheme: light dark }</style>
<h1>The console was not built</h1>
<p>The service runs; its API and the command line work. In the folder of the program, build the console and start the service again:</p>
<pre>npm run build</pre>
</html>
`;
