import type { IncomingMessage, RequestOptions } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { ForwardError } from '../contract/forward-error.ts';
import { RestError, conflict } from '../contract/rest-error.ts';
import { nodeHttp, nodeHttps } from './http/node-http.ts';
import { readBody } from './http/read-body.ts';
import type { ResourceAnswer, ResourceRequest } from './resource.ts';

/** The query parameter that counts hops between workers. */
const FORWARD = 'forward';
/** As long as the asking client is made to wait itself. */
const TIMEOUT_MS = 90_000;

/** What sending requests on needs. */
export interface ForwarderOptions {
  /** For `https` workers: trust and identity of this worker (R1.19). Asked when first needed. */
  tls(): Promise<ConnectionOptions>;
  log(message: string): void;
}

/** Sends requests to the worker that can carry them out (R1.16 to R1.20). */
export class Forwarder {
  readonly #options: ForwarderOptions;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  /**
   * Follows a {@link ForwardError}; every other error is thrown again.
   *
   * @throws RestError 409 when the way is not known or two hops were not enough; 500 when the other
   *   worker does not answer; whatever the other worker answered from 400 on
   */
  async follow(error: unknown, request: ResourceRequest): Promise<ResourceAnswer> {
    if (!(error instanceof ForwardError)) throw error;
    const flag = request.query(FORWARD)[0]?.toLowerCase() ?? null;
    if (flag !== null && flag !== 'true') {
      this.#options.log(
        `Request '${request.method} ${request.path}' failed because it couldn't find the target ` +
          'Connect worker within two hops (between workers).',
      );
      throw conflict(
        'Cannot complete request because of a conflicting operation (e.g. worker rebalance)',
      );
    }
    if (error.workerUrl === null)
      throw conflict(
        'Cannot complete request momentarily due to no known leader URL, likely because a ' +
          'rebalance was underway.',
      );
    const url = forwardUrl(error.workerUrl, request, flag === null);
    this.#options.log(`Forwarding request ${request.method} ${url.href}`);
    return this.#ask(url, request);
  }

  async #ask(url: URL, request: ResourceRequest): Promise<ResourceAnswer> {
    const response = await this.#send(url, request).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RestError(500, `IO Error trying to forward REST request: ${reason}`, {
        cause: error,
      });
    });
    const text = (await readBody(response)) ?? '';
    const status = response.statusCode ?? 500;
    if (status >= 400) throw relayed(status, text);
    const { location } = response.headers;
    // The client goes on talking to the worker that it asked.
    const headers =
      location === undefined
        ? {}
        : { location: `${request.origin}${new URL(location, url).pathname}` };
    return text === '' ? { status, headers } : { status, text, headers };
  }

  async #send(url: URL, request: ResourceRequest): Promise<IncomingMessage> {
    const body = Buffer.from(request.body ?? '', 'utf8');
    const { authorization } = request.headers;
    const options: RequestOptions = {
      method: request.method,
      timeout: TIMEOUT_MS,
      headers: {
        accept: 'application/json',
        'user-agent': 'kafka-connect',
        'content-length': body.length,
        ...(body.length === 0 ? {} : { 'content-type': 'application/json' }),
        ...(authorization === undefined ? {} : { authorization }),
      },
    };
    const tls = url.protocol === 'https:' ? await this.#options.tls() : null;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent =
      tls === null
        ? nodeHttp().request(url, options)
        : nodeHttps().request(url, { ...options, ...tls });
    sent.once('response', resolve);
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    sent.once('error', reject);
    sent.end(body);
    return promise;
  }
}

/** The same path and query at the other worker, which may send it on once more at most. */
function forwardUrl(workerUrl: string, request: ResourceRequest, mayGoOn: boolean): URL {
  const url = new URL(request.path.replace(/^\/+/, ''), workerUrl);
  for (const name of ['includeTasks', 'onlyFailed'])
    for (const value of request.query(name)) url.searchParams.append(name, value);
  url.searchParams.set(FORWARD, String(mayGoOn));
  return url;
}

function relayed(status: number, text: string): RestError {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body)
      return new RestError(status, String(body.message));
  } catch {
    // No error body of a worker: something in between has answered.
  }
  return new RestError(status, `HTTP ${status}: ${text}`);
}
