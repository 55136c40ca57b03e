import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import { VERSION } from '../lib/version.ts';
import type { Log } from '../telemetry/log.ts';
import { checkHost, hostsOf } from './access.ts';
import { type Admitted, admit, askedOf, mayStill } from './admit.ts';
import { LIMITS, type Limits } from './body.ts';
import { makeFastify } from './fastify.ts';
import { SECURITY_HEADERS, STRICT_TRANSPORT } from './headers.ts';
import { openApi } from './openapi.ts';
import { type Pages, pageHandler } from './pages.ts';
import type { ApiPorts } from './ports.ts';
import { later } from './problem.ts';
import { answerError, listenError, methodsOf, notFound } from './refused.ts';
import { Room } from './room.ts';
import type { Route, Tools } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { runCall, runPush, runStream } from './run.ts';
import { LiveStream, STREAM_LIMITS, type StreamLimits } from './stream.ts';

export interface ApiOptions {
  readonly ports: ApiPorts;
  readonly clock: Clock;
  readonly log: Log;
  /** Under which address others reach us; null: not set. */
  readonly externalUrl: string | null;
  /** Machines whose word is taken for whom they ask: addresses and ranges. Default: none. */
  readonly proxies?: () => readonly string[];
  /** The console; null: it was not built. */
  readonly pages?: Pages | null;
  /** Told of each answer. `route`: as in the table, `''` for what is none. */
  readonly answered?: (method: string, route: string, status: number, seconds: number) => void;
  readonly limits?: Partial<Limits>;
  readonly streamLimits?: Partial<StreamLimits>;
}

/** The HTTP server: the table of routes behind one set of checks. Nothing is answered before `listen`. */
export class ApiServer {
  readonly #app: FastifyInstance;
  readonly #tools: Tools;
  #isClosing = false;

  constructor(options: ApiOptions) {
    const { ports, clock, log, externalUrl, proxies = () => [] } = options;
    const limits = { ...LIMITS, ...options.limits };
    const live = new LiveStream(ports.events, clock, { ...STREAM_LIMITS, ...options.streamLimits });
    const room = new Room(limits.atOnce);
    const document = once(() => openApi(ROUTES, VERSION));
    this.#tools = { ports, clock, log, live, room, limits, document, externalUrl, proxies };
    this.#app = makeFastify(limits);
    this.#hooks(options);
    for (const route of ROUTES) this.#add(route);
  }

  /**
   * @returns the address: `http://127.0.0.1:7070`; port 0 takes any that is free
   * @throws UserError if that address cannot be had
   */
  async listen(host: string, port: number): Promise<string> {
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      throw listenError(error, host, port);
    }
    const address = this.#app.server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  }

  /** Takes nothing new, finishes what runs, ends streams. When the signal aborts first, what still runs is cut off. */
  async close(signal?: AbortSignal): Promise<void> {
    this.#isClosing = true;
    this.#tools.live.close();
    const cut = (): void => this.#app.server.closeAllConnections();
    if (signal?.aborted) cut();
    signal?.addEventListener('abort', cut, { once: true });
    await this.#app.close();
    signal?.removeEventListener('abort', cut);
  }

  #hooks({ log, externalUrl, answered, pages = null }: ApiOptions): void {
    const hosts = hostsOf(externalUrl);
    const isHttps = externalUrl?.startsWith('https:') === true;
    this.#app.addHook('onRequest', async (request, reply) => {
      reply.headers(SECURITY_HEADERS);
      if (isHttps) reply.header('strict-transport-security', STRICT_TRANSPORT);
      if (this.#isClosing) throw later('CW-6009', 'the service is stopping', 5);
      checkHost(askedOf(request, null), hosts);
    });
    // A connection that is kept would hold up the end.
    this.#app.addHook('onSend', async (_request, reply) => {
      if (this.#isClosing) reply.header('connection', 'close');
    });
    this.#app.addHook('onResponse', async (request, reply) => {
      answered?.(request.method, request.routeOptions.url ?? '', reply.statusCode, reply.elapsedTime / 1000);
    });
    this.#app.setErrorHandler((error, request, reply) => answerError(error, request, reply, log));
    const page = pageHandler(this.#app, pages, ROUTES);
    this.#app.setNotFoundHandler(async (request, reply) => {
      const path = request.url.split('?', 1)[0]!;
      if (!page(request.method, path, reply)) throw notFound(request.method, path, ROUTES);
    });
  }

  #add(route: Route): void {
    const admitted = new WeakMap<FastifyRequest, Admitted>();
    const { limits } = this.#tools;
    this.#app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: methodsOf(route).includes('HEAD'),
      bodyLimit: route.kind === 'push' ? limits.sent : limits.json,
      // Before the body is read.
      onRequest: async (request, reply) => {
        const granted = admit(route, request, this.#tools);
        admitted.set(request, granted);
        // However it ends.
        reply.raw.once('close', () => granted.push?.hold.release());
      },
      handler: (request, reply) => this.#run(route, request, reply, admitted.get(request)!),
    });
  }

  async #run(route: Route, request: FastifyRequest, reply: FastifyReply, admitted: Admitted): Promise<void> {
    const tools = this.#tools;
    const { by, session, push } = admitted;
    switch (route.kind) {
      case 'call':
        return runCall(route, request, reply, { ...tools, by, session });
      case 'push':
        return runPush(route, request, reply, { ...tools, by }, push!);
      case 'stream': {
        const isAllowed = (): boolean => mayStill(route, request, tools);
        return runStream(request, reply, { live: tools.live, by, isAllowed });
      }
    }
  }
}

/** Made when it is asked for first. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
