/** Requests made from the OpenAPI document: mostly as it says, and often not. */
import { Random } from './random.ts';

/** What the fuzzer reads of an OpenAPI document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, ApiSchema>> };
}
interface ApiOperation {
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: ApiSchema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: ApiSchema }>>;
  };
}
interface ApiSchema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: ApiSchema;
  readonly items?: ApiSchema;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly ApiSchema[];
}

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const NAMES = [
  'a',
  'b',
  'one two',
  'ü',
  'x/y',
  '%',
  '',
  '.',
  '..',
  '__proto__',
  'root',
  'Foo',
  '0',
];
const TEXTS = [
  '',
  'a',
  'FileStreamSource',
  'true',
  '-1',
  '9007199254740993',
  'é☃𝄞',
  '\u0000',
  '"\\',
  '${env:X}',
  '{}',
  'x'.repeat(5000),
];
const LITERALS = [
  'null',
  'true',
  '0',
  '-0',
  '1e999',
  '1.50',
  '[]',
  '{}',
  '""',
  '[[[[]]]]',
  '"\\ud800"',
];
const TYPES = ['application/json', 'application/json; charset=utf-8', 'text/plain', 'x', ''];
const ACCEPTS = ['*/*', 'application/json', 'text/plain', 'application/json;q=0', 'é', ''];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE'];
const DEPTH_MAX = 6;

/** Makes one request after another. The same seed gives the same requests. */
export class FuzzRequests {
  readonly #random: Random;
  readonly #document: ApiDocument;
  readonly #operations: readonly {
    readonly path: string;
    readonly method: string;
    readonly operation: ApiOperation;
  }[];

  constructor(document: ApiDocument, seed: number) {
    this.#document = document;
    this.#random = new Random(seed);
    this.#operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  }

  next(): FuzzRequest {
    const random = this.#random;
    const { path, method, operation } = random.pick(this.#operations);
    const headers: Record<string, string> = {};
    if (random.chance(0.1)) headers['accept'] = random.pick(ACCEPTS);
    let body: string | null = null;
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    if (schema !== undefined || random.chance(0.1)) {
      body = this.#broken(this.#json(schema ?? {}, 0));
      headers['content-type'] = random.chance(0.1) ? random.pick(TYPES) : 'application/json';
    }
    return {
      method: random.chance(0.05) ? random.pick(METHODS) : method.toUpperCase(),
      path: this.#path(path) + this.#query(operation),
      headers: Object.fromEntries(
        Object.entries(headers).filter(([, value]) => /^[\x20-\x7e]+$/.test(value)),
      ),
      body,
    };
  }

  #path(template: string): string {
    const random = this.#random;
    const filled = template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      const isTask = name === 'task' && random.chance(0.8);
      const text = isTask ? String(random.below(3)) : random.pick(NAMES);
      return random.chance(0.02) ? '%zz' : encodeURIComponent(text);
    });
    if (random.chance(0.03)) return `${filled}/`;
    return random.chance(0.02) ? `${filled}/extra;x=1` : filled;
  }

  #query({ parameters }: ApiOperation): string {
    const random = this.#random;
    const pairs = parameters
      .filter((parameter) => parameter.in === 'query' && random.chance(0.4))
      .map(({ name, schema }) => {
        const values = schema.enum ?? schema.items?.enum ?? ['true', 'false', '1', ''];
        const value = random.chance(0.2) ? random.pick(TEXTS) : random.pick(values);
        return `${name}=${encodeURIComponent(value.slice(0, 100))}`;
      });
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  }

  /** Text of a schema's kind, now and then of another kind. */
  #json(schema: ApiSchema, depth: number): string {
    const random = this.#random;
    if (depth > DEPTH_MAX || random.chance(0.05)) return random.pick(LITERALS);
    const resolved = this.#resolved(schema);
    const [type] = [resolved.type ?? 'object'].flat();
    if (resolved.oneOf !== undefined) return this.#json(random.pick(resolved.oneOf), depth + 1);
    if (resolved.enum !== undefined) return JSON.stringify(random.pick(resolved.enum));
    if (type === 'object') return this.#object(resolved, depth);
    if (type === 'array') {
      const items = Array.from({ length: random.below(4) }, () =>
        this.#json(resolved.items ?? {}, depth + 1),
      );
      return `[${items.join(',')}]`;
    }
    if (type === 'integer') return String(random.below(2 ** 31) - 2 ** 30);
    return JSON.stringify(random.pick(TEXTS));
  }

  #object(schema: ApiSchema, depth: number): string {
    const random = this.#random;
    const members = Object.entries(schema.properties ?? {})
      .filter(([name]) => schema.required?.includes(name) === true || random.chance(0.5))
      .map(([name, member]) => `${JSON.stringify(name)}:${this.#json(member, depth + 1)}`);
    const extra = schema.additionalProperties;
    const extras = extra === undefined ? (random.chance(0.1) ? 1 : 0) : random.below(4);
    for (let made = 0; made < extras; made++)
      members.push(`${JSON.stringify(random.pick(KEYS))}:${this.#json(extra ?? {}, depth + 1)}`);
    return `{${members.join(',')}}`;
  }

  #resolved(schema: ApiSchema): ApiSchema {
    if (schema.$ref === undefined) return schema;
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    return this.#document.components.schemas[name] ?? {};
  }

  /** Takes out or puts in a character now and then. */
  #broken(text: string): string {
    const random = this.#random;
    if (!random.chance(0.15)) return text;
    const at = random.below(text.length + 1);
    return (
      text.slice(0, at) + random.pick(['', '{', '"', '\\', ',', '\u0000', 'é']) + text.slice(at + 1)
    );
  }
}

const KEYS = [
  'connector.class',
  'name',
  'tasks.max',
  'topics',
  'topic',
  'file',
  '__proto__',
  'constructor',
  'key.converter',
  'transforms',
  'transforms.a.type',
  '',
];
