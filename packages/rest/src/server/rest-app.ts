/**
 * The HTTP server, built from the resources. Fastify carries the requests and nothing more: it gets
 * no schemas, so that none of its validation or coercion replaces Java's behaviour (R1.03), and its
 * own error bodies never reach a client (R1.02).
 */
import type { Socket } from 'node:net';
import type { Logger } from '@sluice/api';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { RestError } from '../contract/rest-error.ts';
import type { ErrorBody } from '../contract/wire.ts';
import { acceptsJson } from './accepts-json.ts';
import type {
  Resource,
  ResourceAnswer,
  ResourceContext,
  ResourceHandler,
  ResourceMethod,
  ResourceRequest,
} from './resource.ts';

/** What the app needs beside its resources. */
export interface RestAppOptions {
  readonly resources: readonly Resource[];
  /** What to work on; `null` until the worker is ready: every path is 404 then (R9.06). */
  context(): ResourceContext | null;
  readonly logger: Logger;
  readonly requestTimeoutMs: number;
}

const ALL_METHODS: readonly ResourceMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Java has no bound; configs are kilobytes, and a bound keeps one request from filling memory. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;
/** Longer than any path that fits Node's header limit: names are bounded by that alone. */
const PARAM_LENGTH_MAX = 65_536;
const JSON_TYPE = 'application/json';
const STATUS_TEXTS: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [408, 'Request Timeout'],
  [413, 'Request Entity Too Large'],
  [415, 'Unsupported Media Type'],
  [431, 'Request Header Fields Too Large'],
]);

/** Makes the server; it does not listen yet. */
export function createRestApp(options: RestAppOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    // Without schemas there is nothing to compile; its compilers are 0.5 MB of code to load.
    schemaController: {
      compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas },
    },
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: PARAM_LENGTH_MAX,
      onBadUrl: (_path, _request, response) => {
        response.writeHead(400, { 'content-type': JSON_TYPE });
        response.end(JSON.stringify(errorBody(400, 'The path is not valid percent-encoding.')));
      },
    },
  });
  readBodiesAsText(app);
  app.setNotFoundHandler((_request, reply) => sendError(reply, httpError(404)));
  app.setErrorHandler((error, request, reply) => {
    const known = asRestError(error);
    if (known.status >= 500)
      options.logger.error(`${request.method} ${request.url} failed: ${known.message}`, {
        error: known.cause ?? known,
      });
    return sendError(reply, known);
  });
  logAccess(app, options.logger);
  for (const resource of byPath(options.resources)) mountResource(app, resource, options);
  return app;
}

/** Resources of one path, wherever they are written down, are one. */
function byPath(resources: readonly Resource[]): Iterable<Resource> {
  const paths = new Map<string, Resource>();
  for (const { path, methods } of resources)
    paths.set(path, { path, methods: { ...paths.get(path)?.methods, ...methods } });
  return paths.values();
}

function mountResource(app: FastifyInstance, resource: Resource, options: RestAppOptions): void {
  const allowed: string[] = [];
  for (const method of ALL_METHODS) {
    const handler = resource.methods[method];
    if (handler === undefined) {
      app.route({ method, url: resource.path, handler: methodNotAllowed, exposeHeadRoute: false });
      continue;
    }
    if (method === 'GET') allowed.push('HEAD');
    allowed.push(method);
    app.route({
      method,
      url: resource.path,
      exposeHeadRoute: method === 'GET',
      onRequest: (request, _reply, done) => {
        const isAccepted = acceptsJson(request.headers.accept);
        done(isAccepted ? undefined : httpError(406));
      },
      handler: (request, reply) => run(handler, options, request, reply),
    });
  }
  if (resource.methods.GET === undefined)
    app.route({ method: 'HEAD', url: resource.path, handler: methodNotAllowed });
  const methods = [...allowed, 'OPTIONS'];
  app.route({
    method: 'OPTIONS',
    url: resource.path,
    handler: (_request, reply) =>
      reply.type('text/plain').header('allow', methods.join(',')).send(methods.join(', ')),
  });
}

async function run(
  handler: ResourceHandler,
  options: RestAppOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const context = options.context();
  if (context === null) throw httpError(404);
  const answering = Promise.resolve(handler(context, resourceRequest(request)));
  const answer = await withTimeout(answering, options.requestTimeoutMs, context);
  return send(reply, answer);
}

/** Answers 500 with what the herder is at when it takes too long; its work goes on (R1.05). */
async function withTimeout(
  answering: Promise<ResourceAnswer>,
  timeoutMs: number,
  context: ResourceContext,
): Promise<ResourceAnswer> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new RestError(500, `Request timed out. ${context.herder.stage()}`)),
    timeoutMs,
  );
  try {
    return await Promise.race([answering, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function send(reply: FastifyReply, answer: ResourceAnswer): FastifyReply {
  void reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.body === undefined) return reply.send();
  return reply.type(JSON_TYPE).send(JSON.stringify(answer.body));
}

function resourceRequest(request: FastifyRequest): ResourceRequest {
  const params = stringLists(request.params);
  const query = stringLists(request.query);
  return {
    param: (name) => params.get(name)?.[0] ?? '',
    query: (name) => query.get(name) ?? [],
    body: typeof request.body === 'string' ? request.body : null,
    origin: request.host === '' ? '' : `${request.protocol}://${request.host}`,
  };
}

/** Fastify's parameters are untyped objects of strings or lists of strings. */
function stringLists(values: unknown): ReadonlyMap<string, readonly string[]> {
  const entries = Object.entries(Object(values)).map(([key, value]): [string, string[]] => [
    key,
    (Array.isArray(value) ? value : [value]).map(String),
  ]);
  return new Map(entries);
}

/** Only JSON is taken (R1.01), and it is bound by the resources, not by Fastify. */
function readBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
}

function refuseSchemas(): never {
  throw new Error('Routes have no schemas: bodies are bound by the resources, as Java binds them.');
}

function methodNotAllowed(): never {
  throw httpError(405);
}

function asRestError(error: unknown): RestError {
  if (error instanceof RestError) return error;
  const status = statusOf(error);
  if (status !== null && status < 500) return httpError(status, error);
  const message = error instanceof Error ? error.message : String(error);
  return new RestError(500, message, { cause: error });
}

/** The status that Fastify gave to an error of its own, e.g. 415 for an unknown content type. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return null;
  const isFastifys = String(error.code).startsWith('FST_');
  return isFastifys && typeof error.statusCode === 'number' ? error.statusCode : null;
}

/** An error that has no more to say than its status, worded as JAX-RS words it. */
function httpError(status: number, cause?: unknown): RestError {
  const text = STATUS_TEXTS.get(status) ?? 'Error';
  return new RestError(status, `HTTP ${status} ${text}`, { cause });
}

function errorBody(status: number, message: string): ErrorBody {
  return { error_code: status, message };
}

function sendError(reply: FastifyReply, error: RestError): FastifyReply {
  return send(reply, { status: error.status, body: errorBody(error.status, error.message) });
}

/** Bytes that are no HTTP request: there is no request to answer through Fastify. */
function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const body = JSON.stringify(errorBody(status, `HTTP ${status} ${STATUS_TEXTS.get(status)}`));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_TEXTS.get(status)}\r\nContent-Type: ${JSON_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** One line a request in the extended NCSA form, plus the milliseconds it took (R1.06). */
function logAccess(app: FastifyInstance, logger: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    const bytes = reply.getHeader('content-length') ?? '-';
    const { referer = '-', 'user-agent': agent = '-' } = request.headers;
    logger.info(
      `${request.ip} - - [${new Date().toISOString()}] "${request.method} ${request.url} ` +
        `HTTP/${request.raw.httpVersion}" ${reply.statusCode} ${String(bytes)} ` +
        `"${referer}" "${agent}" ${Math.round(reply.elapsedTime)}`,
    );
    done();
  });
}
