/**
 * What happens to a request, from its arrival to its answer: path, method, types and guards are
 * looked at in the order in which Java's worker does, then the resource runs. Every error body is
 * `{error_code, message}`, whoever made the error (R1.02).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@sluice/api';
import type { RequestTracer } from '../contract/request-tracer.ts';
import { RestError } from '../contract/rest-error.ts';
import type { Forwarder } from './forward.ts';
import { accessLogLine } from './http/access-log.ts';
import type { CorsPolicy } from './http/cors.ts';
import { asRestError, errorAnswer, httpError } from './http/http-errors.ts';
import { acceptedJson, acceptsText, bodyTypeVerdict } from './http/media-types.ts';
import { readBody } from './http/read-body.ts';
import { parseTarget, type RequestTarget } from './http/request-target.ts';
import type { ResponseHeaders } from './http/response-headers.ts';
import { RouteTable } from './http/route-table.ts';
import { writeAnswer } from './http/write-answer.ts';
import {
  METHODS,
  type Operation,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceMethod,
  type ResourceRequest,
} from './resource.ts';

/** What REST extensions put before and beside the resources. */
export interface Guard {
  /** Null lets the request pass. */
  check(request: ResourceRequest): Promise<ResourceAnswer | null>;
}

/** What the app needs beside its resources. */
export interface RestAppOptions {
  resources(): readonly Resource[];
  /** What to work on; `null` until the worker is ready: every path is 404 then (R9.06). */
  context(): ResourceContext | null;
  guards(): readonly Guard[];
  readonly logger: Logger;
  readonly requestTimeoutMs: number;
  /** `null`: requests are not traced. */
  readonly tracer: RequestTracer | null;
  readonly cors: CorsPolicy;
  readonly responseHeaders: ResponseHeaders;
  readonly forwarder: Forwarder;
}

/** As Java's worker lists methods: in the order of their hash codes. */
const METHOD_ORDER = ['HEAD', 'DELETE', 'POST', 'GET', 'OPTIONS', 'PUT', 'PATCH'] as const;
const NOT_FOUND = 404;
const TOO_LARGE = 413;

/** Answers requests. One per set of listeners that show the same resources. */
export class RestApp {
  readonly #options: RestAppOptions;
  #routes: { readonly resources: readonly Resource[]; readonly table: RouteTable } | null = null;

  constructor(options: RestAppOptions) {
    this.#options = options;
  }

  /** Answers one request, whatever happens. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const { logger, cors, responseHeaders, tracer } = this.#options;
    if (tracer !== null) this.#trace(tracer, request, response);
    const began = performance.now();
    const at = new Date();
    response.once('close', () =>
      logger.info(accessLogLine(request, response, at, performance.now() - began)),
    );
    const headers = cors.headersFor(request.method ?? '', request.headers);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    responseHeaders.apply(response, at.getTime());
    const jsonType = acceptedJson(request.headers.accept) ?? undefined;
    this.#answer(request)
      .then((answer) => writeAnswer(response, answer, jsonType))
      .catch((error: unknown) => this.#refuse(request, response, asRestError(error)))
      .catch((error: unknown) => {
        logger.error(`${request.method} ${request.url} can't be answered`, { error });
        response.destroy();
      });
  }

  #trace(tracer: RequestTracer, request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '/', headers } = request;
    const [path = ''] = url.split('?', 1);
    const span = tracer.begin({ method, path, headers });
    response.once('close', () =>
      span.end(response.writableFinished ? response.statusCode : null, this.#routeOf(url)),
    );
  }

  #routeOf(url: string): string | null {
    try {
      return this.#table().find(parseTarget(url).segments)?.resource.path ?? null;
    } catch {
      // A path that is refused belongs to none.
      return null;
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, error: RestError): void {
    // The client has gone: that is no failure, and nobody is there to be told.
    if (response.destroyed) return;
    if (error.status >= 500)
      this.#options.logger.error(`${request.method} ${request.url} failed: ${error.message}`, {
        error: error.cause ?? error,
      });
    // The rest of a body that is too large is not waited for.
    if (error.status === TOO_LARGE) response.setHeader('connection', 'close');
    writeAnswer(response, errorAnswer(error));
  }

  async #answer(message: IncomingMessage): Promise<ResourceAnswer> {
    const context = this.#options.context();
    if (context === null) throw httpError(NOT_FOUND);
    const target = parseTarget(message.url ?? '/');
    const match = this.#table().find(target.segments);
    if (match === null) throw httpError(NOT_FOUND);
    const { resource, params } = match;
    const request = resourceRequest(message, target, params);
    if (message.method === 'OPTIONS') return this.#describe(resource, request);
    const operation = operationOf(resource, message.method);
    if (operation === null) throw httpError(405);
    checkTypes(message, operation);
    const stopped = await this.#withTimeout(this.#stopped(request), context);
    if (stopped !== null) return stopped;
    const full = { ...request, body: await readBody(message) };
    const isUntyped = full.body !== null && message.headers['content-type'] === undefined;
    if (isUntyped && operation.takes !== undefined) throw httpError(415);
    return this.#withTimeout(this.#run(operation, context, full), context);
  }

  /** What guards answer has the type that the answer would have had. */
  async #describe(resource: Resource, request: ResourceRequest): Promise<ResourceAnswer> {
    const answer = allowed(resource, request.headers['accept']);
    const stopped = await this.#stopped(request);
    if (stopped === null) return answer;
    return answer.contentType === undefined
      ? stopped
      : { ...stopped, contentType: answer.contentType };
  }

  async #stopped(request: ResourceRequest): Promise<ResourceAnswer | null> {
    for (const guard of this.#options.guards()) {
      const answer = await guard.check(request);
      if (answer !== null) return answer;
    }
    return null;
  }

  async #run(
    operation: Operation,
    context: ResourceContext,
    request: ResourceRequest,
  ): Promise<ResourceAnswer> {
    try {
      return await operation.run(context, request);
    } catch (error) {
      if (operation.isForwardable !== true) throw error;
      return this.#options.forwarder.follow(error, request);
    }
  }

  /** Answers 500 with what the herder is at when it takes too long; its work goes on (R1.05). */
  async #withTimeout<T>(answering: Promise<T>, { herder }: ResourceContext): Promise<T> {
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new RestError(500, `Request timed out. ${herder.stage()}`)),
      this.#options.requestTimeoutMs,
    );
    try {
      return await Promise.race([answering, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Extensions may add resources when the worker is mounted, so the table is made when first used. */
  #table(): RouteTable {
    const resources = this.#options.resources();
    if (this.#routes?.resources !== resources)
      this.#routes = { resources, table: new RouteTable(resources) };
    return this.#routes.table;
  }
}

function operationOf(resource: Resource, method: string | undefined): Operation | null {
  const asked = method === 'HEAD' ? 'GET' : method;
  const known = METHODS.find((one): one is ResourceMethod => one === asked);
  return known === undefined ? null : (resource.methods[known] ?? null);
}

function checkTypes({ headers }: IncomingMessage, operation: Operation): void {
  const verdict = bodyTypeVerdict(headers['content-type']);
  if (verdict === 'broken') throw httpError(400);
  if (verdict === 'refused' && operation.isBodyTypeIgnored !== true) throw httpError(415);
  if (operation.isAnyTypeAccepted === true) return;
  if (acceptedJson(headers.accept) === null) throw httpError(406);
}

function allowed(resource: Resource, accept: string | undefined): ResourceAnswer {
  const methods = METHOD_ORDER.filter(
    (method) => method === 'OPTIONS' || operationOf(resource, method) !== null,
  );
  const headers = { allow: methods.join(',') };
  if (!acceptsText(accept)) return { status: 200, text: '', headers };
  return { status: 200, text: methods.join(', '), contentType: 'text/plain', headers };
}

function resourceRequest(
  message: IncomingMessage,
  { path, query }: RequestTarget,
  params: ReadonlyMap<string, string>,
): ResourceRequest {
  const { host } = message.headers;
  const scheme = 'encrypted' in message.socket ? 'https' : 'http';
  return {
    method: message.method ?? '',
    path,
    param: (name) => params.get(name) ?? '',
    query: (name) => query.getAll(name),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, value?.toString()]),
    ),
    body: null,
    origin: host === undefined ? '' : `${scheme}://${host}`,
  };
}
