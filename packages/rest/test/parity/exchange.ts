/** One request to a worker and what it answered, as the recordings hold them. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What is asked. Header names in small letters. */
export interface Ask {
  readonly method: string;
  /** As it goes over the wire, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Which of the session's addresses is asked; default `main`. */
  readonly to?: string;
}

/** What came back: only the headers that clients look at. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers that are compared. */
const HEADERS: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'access-control-max-age',
  'vary',
  'allow',
  'cache-control',
  'content-type',
  'location',
  'www-authenticate',
  'x-content-type-options',
  'x-frame-options',
  'x-xss-protection',
]);
const TIMEOUT_MS = 120_000;

/** TLS of the asking side, where the address is `https:`. */
export interface ClientTls {
  readonly ca: string;
  readonly key?: string;
  readonly cert?: string;
}

/** Sends the request byte for byte as it is written down. @throws Error when nobody answers */
export async function send(baseUrl: string, ask: Ask, tls?: ClientTls): Promise<Answer> {
  const url = new URL(baseUrl);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const body = ask.body === undefined ? null : Buffer.from(ask.body, 'utf8');
  const isJson = body !== null && ask.headers?.['content-type'] === undefined;
  const needsLength = body !== null || ask.method === 'POST' || ask.method === 'PUT';
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = open({
    host: url.hostname,
    port: url.port,
    method: ask.method,
    path: ask.path,
    agent: false,
    timeout: TIMEOUT_MS,
    ...tls,
    headers: {
      ...(isJson ? { 'content-type': 'application/json' } : {}),
      ...(needsLength ? { 'content-length': String(body?.length ?? 0) } : {}),
      ...withoutBlanks(ask.headers ?? {}),
    },
  });
  request.once('response', (response) => {
    readAnswer(response).then(resolve, reject);
  });
  request.once('timeout', () => request.destroy(new Error(`${ask.method} ${ask.path}: no answer`)));
  request.once('error', reject);
  request.end(body ?? undefined);
  return promise;
}

/** An empty value leaves the header out: `content-type: ''` sends a body without one. */
function withoutBlanks(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers))
    if (HEADERS.has(name) || name.startsWith('x-test-')) headers[name] = String(value);
  return {
    status: response.statusCode ?? 0,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
