import type { Herder } from '../contract/herder.ts';
import type { LoggerControl } from '../contract/logger-control.ts';
import type { SchemaName } from './openapi/schemas.ts';
import type { JsonFragments } from './resources/json-fragments.ts';

/** What a resource is told of a request, whatever HTTP server carries it. */
export interface ResourceRequest {
  readonly method: string;
  /** As it was asked for, percent-encoded, without the query. */
  readonly path: string;
  /** One part of the path, percent-decoded. */
  param(name: string): string;
  /** Every value of a query parameter, in order; empty when it is absent. */
  query(name: string): readonly string[];
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body's text; null without one. */
  readonly body: string | null;
  /** Scheme and authority as the client asked for them, e.g. `http://localhost:8083`. */
  readonly origin: string;
}

/** What a resource answers. Without a body or a text the answer is empty. */
export interface ResourceAnswer {
  readonly status: number;
  /** Written as JSON. */
  readonly body?: unknown;
  /** Written as it is, in place of `body`. */
  readonly text?: string;
  /** Of `text`; default `application/json`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What resources work on. */
export interface ResourceContext {
  readonly herder: Herder;
  readonly loggers: LoggerControl | null;
  readonly topicTracking: TopicTracking;
  readonly fragments: JsonFragments;
  /** Told of what is odd in a request, and of requests sent on. */
  warn(message: string): void;
}

/** `topic.tracking.enable` and `topic.tracking.allow.reset`. */
export interface TopicTracking {
  readonly isEnabled: boolean;
  readonly isResetAllowed: boolean;
}

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type ResourceMethod = (typeof METHODS)[number];

type ResourceHandler = (
  context: ResourceContext,
  request: ResourceRequest,
) => ResourceAnswer | Promise<ResourceAnswer>;

/** A query parameter, for the OpenAPI document. */
export interface QueryParameter {
  readonly name: string;
  readonly type: 'boolean' | 'string' | 'strings' | 'integer';
  readonly about: string;
  readonly values?: readonly string[];
}

/**
 * One method of one path: what it does and how it is documented. The documentation is not used to
 * check anything: bodies are bound as Java binds them (R1.03).
 */
export interface Operation {
  readonly run: ResourceHandler;
  /** One sentence. */
  readonly about: string;
  readonly query?: readonly QueryParameter[];
  /** The schema of the body that is asked for. */
  readonly takes?: SchemaName;
  /** Successful statuses with the schema of their bodies; null: empty. */
  readonly gives: Readonly<Record<number, SchemaName | null>>;
  /** Statuses of errors that are part of the contract, beside 404, 409 and 500. */
  readonly refuses?: readonly number[];
  /** May be sent on to another worker (R1.16). */
  readonly isForwardable?: boolean;
  /** Answers whatever the client accepts, as its type is not JSON. */
  readonly isAnyTypeAccepted?: boolean;
  /** Does not look at the type of a body, as there is none. */
  readonly isBodyTypeIgnored?: boolean;
  /** Between workers: not documented. */
  readonly isInternal?: boolean;
}

/** Which listeners show a path: `admin` ones are those of `admin.listeners` (R1.71). */
export type Audience = 'main' | 'admin';

/** One path with all of its methods: what is not listed answers 405. */
export interface Resource {
  /** With `:name` for a variable part. */
  readonly path: string;
  /** Default `main`. */
  readonly audience?: Audience;
  readonly methods: Readonly<Partial<Record<ResourceMethod, Operation>>>;
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
  return value === undefined || value === '' ? defaultValue : value.toLowerCase() === 'true';
}
