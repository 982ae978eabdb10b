import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@sluice/api';
import { FakeHerder } from '../../test/fake-herder.ts';
import { send, type Answer } from '../../test/parity/exchange.ts';
import { RESOURCES } from './all-resources.ts';
import { openApiDocument } from './openapi/openapi-document.ts';
import { SCHEMAS, type JsonSchema } from './openapi/schemas.ts';
import { RestServer } from './rest-server.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };

async function withServer(
  run: (
    ask: (method: string, path: string, body?: string) => Promise<Answer>,
    herder: FakeHerder,
  ) => Promise<void>,
): Promise<void> {
  await using server = await RestServer.start({
    props: { listeners: 'http://127.0.0.1:0' },
    logger,
  });
  const herder = new FakeHerder();
  server.mount(herder);
  await run(
    (method, path, body) =>
      send(server.localUrl, { method, path, ...(body === undefined ? {} : { body }) }),
    herder,
  );
}

test('/metrics is text as Prometheus reads it', async () => {
  await withServer(async (ask) => {
    const answer = await ask('GET', '/metrics');
    assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(
      answer.body,
      '# HELP kafka_connect_worker_connector_count The number of connectors\\nof this worker, with a \\\\.\n' +
        '# TYPE kafka_connect_worker_connector_count gauge\n' +
        'kafka_connect_worker_connector_count 2\n' +
        '# HELP kafka_connect_source_task_poll_total Polls.\n' +
        '# TYPE kafka_connect_source_task_poll_total counter\n' +
        'kafka_connect_source_task_poll_total{connector="a \\"b\\"\\n\\\\",task="0"} 1.5\n' +
        'kafka_connect_source_task_poll_total{connector="c",task="1"} NaN\n' +
        'kafka_connect_source_task_poll_total{connector="d",task="2"} -Inf\n',
    );
  });
});

test('the health detail is as bad as the worst part, and starting before the worker is ready', async () => {
  await withServer(async (ask, herder) => {
    const body = (await ask('GET', '/sluice/v1/health')).body;
    assert.match(body, /^\{"status":"degraded","stage":"The worker is idle\.","uptime_ms":10/);
    herder.isReady = false;
    assert.match((await ask('GET', '/sluice/v1/health')).body, /^\{"status":"starting"/);
  });
});

test('progress, stalled tasks, errors and lint answer what the herder knows', async () => {
  await withServer(async (ask) => {
    assert.match((await ask('GET', '/sluice/v1/connectors/a/progress')).body, /"records_in":5/);
    assert.equal((await ask('GET', '/sluice/v1/connectors/b/progress')).status, 404);
    assert.match((await ask('GET', '/sluice/v1/stalled-tasks')).body, /"stage":"put"/);
    assert.match((await ask('GET', '/sluice/v1/errors')).body, /"code":"CONNECT_DATA"/);
    assert.equal((await ask('GET', '/sluice/v1/errors?connector=b')).body, '[]');
    assert.match(
      (await ask('POST', '/sluice/v1/lint', '{"topcs":1}')).body,
      /"suggestion":"topics"/,
    );
    assert.equal((await ask('POST', '/sluice/v1/lint', '[]')).status, 400);
  });
});

test('a preview takes a config and 1 to 100 records', async () => {
  await withServer(async (ask, herder) => {
    const preview = (body: string): Promise<Answer> => ask('POST', '/sluice/v1/preview', body);
    assert.equal((await preview('{"config":{"a":1}}')).status, 200);
    assert.equal((await preview('{"config":{},"records":100}')).status, 200);
    assert.deepEqual(herder.insight.previews, [
      { config: { a: '1' }, records: 5 },
      { config: {}, records: 100 },
    ]);
    for (const body of ['[]', '{}', '{"config":{},"records":0}', '{"config":{},"records":101}'])
      assert.equal((await preview(body)).status, 400, body);
    for (const body of ['{"config":{},"records":1.5}', '{"config":{},"more":1}', '{"records":2}'])
      assert.equal((await preview(body)).status, 400, body);
    assert.equal((await preview('{"config":[]}')).status, 400);
    assert.equal((await preview('{"config"')).status, 400);
  });
});

test('the OpenAPI document describes every path that is no business of workers alone', async () => {
  const document = openApiDocument(RESOURCES, '4.3.1');
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = RESOURCES.flatMap(({ path, methods }) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.isInternal !== true)
      .map(([method]) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
  assert.deepEqual(described.sort(), served.sort());
  assert.ok(!described.includes('PUT /connectors/{connector}/fence'));
  await withServer(async (ask) => {
    const answer = await ask('GET', '/sluice/v1/openapi.json');
    assert.equal(answer.status, 200);
    assert.match(answer.body, /^\{"openapi":"3\.1\.0"/);
  });
});

test('every reference of the OpenAPI document leads to a schema, and every schema is used', () => {
  const text = JSON.stringify(openApiDocument(RESOURCES, '4.3.1'));
  const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
  assert.deepEqual(new Set(names), new Set(Object.keys(SCHEMAS)));
});

test('what the server answers is of the shape that the document describes', async () => {
  await withServer(async (ask) => {
    await ask('POST', '/connectors', '{"name":"a","config":{"connector.class":"Foo"}}');
    const document = openApiDocument(RESOURCES, '4.3.1');
    let checked = 0;
    for (const [path, { get }] of Object.entries(document.paths)) {
      const schema = get?.responses['200']?.content?.['application/json']?.schema;
      if (schema === undefined) continue;
      const asked = path
        .replace('{connector}', 'a')
        .replace('{task}', '0')
        .replace('{plugin}', 'Foo')
        .replace('{logger}', 'root');
      const answer = await ask('GET', asked);
      if (answer.status !== 200) continue;
      const value: unknown = JSON.parse(answer.body);
      assert.deepEqual(mismatches(value, schema, '$'), [], path);
      checked++;
    }
    assert.ok(checked >= 18, `only ${checked} were checked`);
  });
});

/** Where a value is not as its schema says; enough of JSON Schema for these schemas. */
function mismatches(value: unknown, given: JsonSchema, where: string): readonly string[] {
  const schema = resolved(given);
  if (schema.oneOf !== undefined) {
    const isOne = schema.oneOf.some((one) => mismatches(value, one, where).length === 0);
    return isOne ? [] : [`${where}: none of the alternatives`];
  }
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [`${where}: ${JSON.stringify(value)} is no ${types.join(' or ')}`];
  if (schema.enum !== undefined && !schema.enum.some((one) => one === value))
    return [`${where}: ${JSON.stringify(value)} is none of ${schema.enum.join(', ')}`];
  if (Array.isArray(value))
    return value.flatMap((item, at) => mismatches(item, schema.items ?? {}, `${where}[${at}]`));
  if (typeof value !== 'object' || value === null) return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  const found = Object.entries(value).flatMap(([name, member]) => {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    if (known !== undefined) return mismatches(member, known, `${where}.${name}`);
    return schema.properties === undefined ? [] : [`${where}.${name}: not described`];
  });
  return [...missing.map((name) => `${where}.${name}: missing`), ...found];
}

function resolved(schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.split('/').at(-1);
  const found = Object.entries(SCHEMAS).find(([one]) => one === name)?.[1];
  return found ?? schema;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object')
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
