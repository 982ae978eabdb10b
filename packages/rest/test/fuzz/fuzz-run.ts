/** Fires requests at a worker and looks at every answer. */
import { Agent, request as httpRequest } from 'node:http';
import type { ApiDocument, FuzzRequest } from './fuzz-requests.ts';
import { FuzzRequests } from './fuzz-requests.ts';

/** What came of a run. */
export interface FuzzOutcome {
  readonly requests: number;
  readonly byStatus: ReadonlyMap<number, number>;
  /** Answers that should not be: with the request that brought them. */
  readonly problems: readonly string[];
}

export interface FuzzOptions {
  readonly url: string;
  readonly requests: number;
  readonly seed: number;
  /** Which answers of 500 and more are as they should be. */
  isExpected5xx(request: FuzzRequest, status: number, message: string): boolean;
  /** Called after every thousand requests. */
  onProgress?(requests: number): void;
}

const AT_ONCE = 8;
const PROBLEMS_MAX = 20;
const TIMEOUT_MS = 60_000;

/** Asks the worker for its OpenAPI document and fuzzes from it. */
export async function fuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    const described = await ask(options.url, agent, {
      method: 'GET',
      path: '/sluice/v1/openapi.json',
      headers: {},
      body: null,
    });
    const requests = new FuzzRequests(JSON.parse(described.body) as ApiDocument, options.seed);
    const byStatus = new Map<number, number>();
    const problems: string[] = [];
    let sent = 0;
    const lane = async (): Promise<void> => {
      while (sent < options.requests && problems.length < PROBLEMS_MAX) {
        sent++;
        if (sent % 1000 === 0) options.onProgress?.(sent);
        const request = requests.next();
        const { status, body } = await ask(options.url, agent, request);
        byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
        const problem = problemOf(request, status, body, options);
        if (problem !== null)
          problems.push(
            `${problem}: ${JSON.stringify(request)} -> ${status} ${body.slice(0, 500)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return { requests: sent, byStatus, problems };
  } finally {
    agent.destroy();
  }
}

function problemOf(
  request: FuzzRequest,
  status: number,
  body: string,
  options: FuzzOptions,
): string | null {
  if (status < 400 || request.method === 'HEAD') return status < 500 ? null : unexpected(status);
  const message = messageOf(body, status);
  if (message === null) return 'not the error body';
  return status >= 500 && !options.isExpected5xx(request, status, message)
    ? unexpected(status)
    : null;
}

function unexpected(status: number): string {
  return `an unexpected ${status}`;
}

/** The message of an error body; null when it is none. */
function messageOf(body: string, status: number): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return null;
    const isErrorBody =
      'error_code' in parsed && 'message' in parsed && parsed.error_code === status;
    return isErrorBody ? String(parsed.message) : null;
  } catch {
    return null;
  }
}

async function ask(
  url: string,
  agent: Agent,
  { method, path, headers, body }: FuzzRequest,
): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number;
    readonly body: string;
  }>();
  const bytes = Buffer.from(body ?? '', 'utf8');
  const request = httpRequest({
    hostname,
    port,
    method,
    path,
    agent,
    timeout: TIMEOUT_MS,
    headers: { ...headers, 'content-length': String(bytes.length) },
  });
  request.once('error', reject);
  request.once('timeout', () => request.destroy(new Error(`${method} ${path}: no answer`)));
  request.once('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    response.once('error', reject);
    response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
  });
  request.end(bytes);
  return promise;
}

/**
 * The 500s that Java gives too: malformed, mis-shaped and missing bodies, an empty level, what one
 * worker alone can't do, offsets of a wrong shape, and a class that is not there when validating (R1.03, R1.63).
 */
export function isJavas5xx(_request: FuzzRequest, status: number, message: string): boolean {
  return status === 500 && EXPECTED.some((pattern) => pattern.test(message));
}

const EXPECTED: readonly RegExp[] = [
  /INCLUDE_SOURCE_IN_LOCATION/,
  /^The request has no body: /,
  /carries no config: null or missing/,
  /^One of the offsets is null/,
  /^Illegal null or empty Level name/,
  // Badly shaped source offsets, and what Kafka refuses of a sink's (R1.56, R1.57).
  /^Offsets may only contain primitive types as values/,
  /^Failed to alter consumer group offsets for connector/,
  // A connector's own refusal is a plain ConnectException (R1.03, R1.58).
  /^Offsets cannot be modified if the 'file' configuration is unspecified/,
  /^Kafka Connect in standalone mode does not support /,
  /^org\.apache\.kafka\.connect\.runtime\.rest\.errors\.BadRequestException: /,
];
