import type { Herder } from '../contract/herder.ts';
import type { LoggerControl } from '../contract/logger-control.ts';

/** What a resource is told of a request, whatever HTTP server carries it. */
export interface ResourceRequest {
  /** One part of the path, percent-decoded. */
  param(name: string): string;
  /** Every value of a query parameter, in order; empty when it is absent. */
  query(name: string): readonly string[];
  /** The body's text; null without one. */
  readonly body: string | null;
  /** Scheme and authority as the client asked for them, e.g. `http://localhost:8083`. */
  readonly origin: string;
}

/** What a resource answers. Without a body the answer is empty. */
export interface ResourceAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What resources work on. */
export interface ResourceContext {
  readonly herder: Herder;
  readonly loggers: LoggerControl | null;
}

export type ResourceMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type ResourceHandler = (
  context: ResourceContext,
  request: ResourceRequest,
) => ResourceAnswer | Promise<ResourceAnswer>;

/** One path with all of its methods: what is not listed answers 405. */
export interface Resource {
  /** With `:name` for a variable part. */
  readonly path: string;
  readonly methods: Readonly<Partial<Record<ResourceMethod, ResourceHandler>>>;
}

/** 200 with a JSON body. */
export function ok(body: unknown): ResourceAnswer {
  return { status: 200, body };
}

/** A flag as `Boolean.valueOf` reads it: true in any case, everything else is false. */
export function booleanParameter(
  request: ResourceRequest,
  name: string,
  defaultValue: boolean,
): boolean {
  const value = request.query(name)[0];
  return value === undefined ? defaultValue : value.toLowerCase() === 'true';
}
