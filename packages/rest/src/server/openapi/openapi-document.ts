import { merged } from '../http/route-table.ts';
import { METHODS, ok, type Operation, type QueryParameter, type Resource } from '../resource.ts';
import { SCHEMAS, type JsonSchema, type SchemaName } from './schemas.ts';

/** One path's method in an OpenAPI document. */
interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
    readonly description?: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
      }
    >
  >;
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

const JSON_TYPE = 'application/json';
const FORWARD: QueryParameter = {
  name: 'forward',
  type: 'boolean',
  about: 'Whether the worker may send the request on to another.',
};
/** What any operation may answer. */
const ERRORS = [404, 409, 500] as const;

/** `GET /sluice/v1/openapi.json` */
export function openApiResource(described: readonly Resource[]): Resource {
  const self: Resource = {
    path: '/sluice/v1/openapi.json',
    methods: {
      GET: {
        about: 'This description of the API.',
        gives: { 200: 'Anything' },
        run: ({ herder }) => ok(openApiDocument([...described, self], herder.serverInfo().version)),
      },
    },
  };
  return self;
}

/** Describes resources; what workers only ask of each other is left out. */
export function openApiDocument(resources: readonly Resource[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const { path, methods } of merged(resources)) {
    const operations: Record<string, OpenApiOperation> = {};
    for (const method of METHODS) {
      const operation = methods[method];
      if (operation === undefined || operation.isInternal === true) continue;
      operations[method.toLowerCase()] = describe(method, path, operation);
    }
    if (Object.keys(operations).length > 0) paths[path.replaceAll(/:(\w+)/g, '{$1}')] = operations;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice: the REST API of Kafka Connect, and more under /sluice/v1',
      version,
      description: 'Bodies of errors are {"error_code", "message"}; malformed bodies answer 500.',
    },
    paths,
    components: { schemas: SCHEMAS },
  };
}

function describe(method: string, path: string, operation: Operation): OpenApiOperation {
  const { about, query = [], takes, isForwardable } = operation;
  const all = isForwardable === true ? [...query, FORWARD] : query;
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`,
    summary: about,
    parameters: [
      ...names.map((name) => ({
        name,
        in: 'path' as const,
        required: true,
        schema: { type: name === 'task' ? 'integer' : 'string' },
      })),
      ...all.map((parameter) => ({
        name: parameter.name,
        in: 'query' as const,
        required: false,
        description: parameter.about,
        schema: querySchema(parameter),
      })),
    ],
    ...(takes === undefined ? {} : { requestBody: { required: true, content: jsonOf(takes) } }),
    responses: responsesOf(operation),
  };
}

function querySchema({ type, values }: QueryParameter): JsonSchema {
  const one: JsonSchema = {
    type: type === 'strings' ? 'string' : type,
    ...(values === undefined ? {} : { enum: values }),
  };
  return type === 'strings' ? { type: 'array', items: one } : one;
}

function responsesOf({ gives, refuses = [] }: Operation): OpenApiOperation['responses'] {
  const answers = Object.entries(gives).map(([status, schema]) => [
    status,
    schema === null ? { description: 'Done.' } : { description: 'Done.', content: jsonOf(schema) },
  ]);
  const errors = [...refuses, ...ERRORS].map((status) => [
    String(status),
    { description: 'Refused or failed.', content: jsonOf('ErrorBody') },
  ]);
  return Object.fromEntries([...answers, ...errors]);
}

function jsonOf(name: SchemaName): Readonly<Record<string, { readonly schema: JsonSchema }>> {
  const type = name === 'Text' ? 'text/plain' : JSON_TYPE;
  return { [type]: { schema: { $ref: `#/components/schemas/${name}` } } };
}
