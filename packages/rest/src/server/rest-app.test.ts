import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, test } from 'node:test';
import type { Logger } from '@sluice/api';
import { FakeHerder } from '../../test/fake-herder.ts';
import type { LoggerControl } from '../contract/logger-control.ts';
import { RestServer } from './rest-server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const LEVEL = { level: 'INFO', last_modified: null };
const NO_TASK_CONFIGS =
  'Kafka Connect in standalone mode does not support externally setting task configurations.';
const NO_FENCING =
  'Kafka Connect in standalone mode does not support exactly-once source connectors.';
const servers = new AsyncDisposableStack();
after(() => servers.disposeAsync());

function silentLogger(lines: string[] = []): Logger {
  const note = (message: string): void => {
    lines.push(message);
  };
  return { trace: note, debug: note, info: note, warn: note, error: note };
}

const loggers: LoggerControl = {
  loggers: () => new Map([['root', LEVEL]]),
  logger: (name) => (name === 'root' ? LEVEL : null),
  setLevel: (name, level) => [`${name}=${level}`],
};

interface Question {
  readonly method?: string;
  readonly url: string;
  readonly payload?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives up after so long. */
  readonly timeoutMs?: number;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

async function setUp(options: { readonly requestTimeoutMs?: number } = {}): Promise<{
  readonly herder: FakeHerder;
  readonly lines: string[];
  readonly ask: (question: Question) => Promise<Answer>;
}> {
  const herder = new FakeHerder();
  const lines: string[] = [];
  const server = servers.use(
    await RestServer.start({
      props: { listeners: 'http://127.0.0.1:0' },
      logger: silentLogger(lines),
      requestTimeoutMs: () => options.requestTimeoutMs ?? 10_000,
    }),
  );
  server.mount(herder, loggers);
  return { herder, lines, ask: (question) => asked(server.localUrl, question) };
}

async function asked(baseUrl: string, question: Question): Promise<Answer> {
  const { method = 'GET', url, payload, headers = JSON_TYPE } = question;
  const { hostname, port } = new URL(baseUrl);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest({ hostname, port, method, path: url, headers, agent: false });
  request.once('error', reject);
  if (question.timeoutMs !== undefined)
    request.setTimeout(question.timeoutMs, () => request.destroy(new Error('given up')));
  request.once('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    response.once('end', () => {
      const isJson = String(response.headers['content-type']).startsWith('application/json');
      const body: unknown = isJson && text !== '' ? JSON.parse(text) : null;
      resolve({ status: response.statusCode ?? 0, body, text, headers: response.headers });
    });
  });
  request.end(payload);
  return promise;
}

async function withConnector(name: string): ReturnType<typeof setUp> {
  const running = await setUp();
  const answer = await running.ask({
    method: 'POST',
    url: '/connectors',
    payload: JSON.stringify({ name, config: { 'connector.class': 'Foo' } }),
  });
  assert.equal(answer.status, 201);
  return running;
}

function error(status: number, message: string): unknown {
  return { error_code: status, message };
}

test('R1.21 GET / tells version and cluster', async () => {
  const { ask } = await setUp();
  const answer = await ask({ url: '/' });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, {
    version: '4.3.1-sluice',
    commit: 'abc',
    kafka_cluster_id: 'cluster-1',
  });
});

test('R1.22 GET /health is 503 while starting and 200 after', async () => {
  const { ask, herder } = await setUp();
  herder.isReady = false;
  const starting = await ask({ url: '/health' });
  assert.equal(starting.status, 503);
  assert.match(starting.text, /"status":"starting".*The worker is idle/);
  herder.isReady = true;
  const healthy = await ask({ url: '/health' });
  assert.equal(healthy.status, 200);
  assert.match(healthy.text, /"status":"healthy"/);
});

test('R1.23 expand gives a map, names without it, and unknown values an empty entry', async () => {
  const { ask } = await withConnector('a');
  assert.deepEqual((await ask({ url: '/connectors' })).body, ['a']);
  assert.deepEqual((await ask({ url: '/connectors?expand=foo' })).body, { a: {} });
  const both = await ask({ url: '/connectors?expand=info&expand=status&search=x' });
  assert.match(both.text, /^\{"a":\{"status":\{"name":"a".*"info":\{"name":"a"/);
});

test('R1.24 R1.46 POST creates, trims the name, and tells the Location on the host that was asked', async () => {
  const { ask, herder } = await setUp();
  const payload = '{"name":" a/b c% ","config":{"connector.class":"Foo","tasks.max":1}}';
  const headers = { ...JSON_TYPE, host: 'example:1234' };
  const answer = await ask({ method: 'POST', url: '/connectors?forward=true', payload, headers });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['location'], 'http://example:1234/connectors/a%2Fb%20c%25');
  assert.match(
    answer.text,
    /"config":\{"connector.class":"Foo","tasks.max":"1","name":"a\/b c%"\}/,
  );
  assert.equal(herder.targetState('a/b c%'), 'STARTED');
  const again = await ask({ method: 'POST', url: '/connectors', payload });
  assert.deepEqual(again.body, error(409, 'Connector a/b c% already exists'));
});

test('R1.46 a name in the config must be the name of the request', async () => {
  const { ask } = await setUp();
  const message = "Connector name configuration (b) doesn't match connector name in the URL (a)";
  const payload = '{"name":"a","config":{"name":"b"}}';
  const post = await ask({ method: 'POST', url: '/connectors', payload });
  assert.deepEqual(post.body, error(400, message));
  const put = await ask({ method: 'PUT', url: '/connectors/a/config', payload: '{"name":"b"}' });
  assert.deepEqual(put.body, error(400, message));
});

test('R1.46 initial_state is handed on', async () => {
  const { ask, herder } = await setUp();
  const payload = '{"name":"a","config":{},"initial_state":"stopped"}';
  await ask({ method: 'POST', url: '/connectors', payload });
  assert.equal(herder.targetState('a'), 'STOPPED');
});

test('R1.25 R1.26 R1.29 R1.30 R1.32 reads answer what the herder tells', async () => {
  const { ask } = await withConnector('a b');
  for (const path of ['', '/config', '/status', '/tasks', '/tasks/0/status']) {
    const answer = await ask({ url: `/connectors/a%20b${path}` });
    assert.equal(answer.status, 200, path);
    const slash = await ask({ url: `/connectors/a%20b${path}/` });
    assert.equal(slash.status, 200, `${path}/`);
    const missing = await ask({ url: `/connectors/none${path}` });
    assert.deepEqual(missing.body, error(404, 'Connector none not found'));
  }
  const noTask = await ask({ url: '/connectors/a%20b/tasks/7/status' });
  assert.deepEqual(noTask.body, error(404, 'No status found for task a b-7'));
  const noNumber = await ask({ url: '/connectors/a%20b/tasks/x/status' });
  assert.deepEqual(noNumber.body, error(404, 'HTTP 404 Not Found'));
});

test('R1.31 R12.01 tasks-config is gone since 4.0', async () => {
  const { ask } = await withConnector('a');
  assert.equal((await ask({ url: '/connectors/a/tasks-config' })).status, 404);
});

test('R1.27 PUT config is 201 with Location when new and 200 after', async () => {
  const { ask } = await setUp();
  const put = { method: 'PUT', url: '/connectors/%C3%BC/config', payload: '{"x":true}' } as const;
  const created = await ask(put);
  assert.equal(created.status, 201);
  assert.match(String(created.headers['location']), /\/connectors\/%C3%BC$/);
  const updated = await ask(put);
  assert.equal(updated.status, 200);
  assert.equal(updated.headers['location'], undefined);
});

test('R1.28 PATCH merges and null removes', async () => {
  const { ask } = await withConnector('a');
  const url = '/connectors/a/config';
  const answer = await ask({
    method: 'PATCH',
    url,
    payload: '{"connector.class":null,"y":2}',
  });
  assert.equal(answer.status, 200);
  assert.deepEqual((await ask({ url })).body, { name: 'a', y: '2' });
});

test('R1.33 R1.48 restart is 204 without flags and 202 with the planned status with one', async () => {
  const { ask, herder } = await withConnector('a');
  for (const query of ['', '?includeTasks=false&onlyFailed=nonsense']) {
    const plain = await ask({ method: 'POST', url: `/connectors/a/restart${query}` });
    assert.deepEqual([plain.status, plain.text], [204, '']);
  }
  const flagged = await ask({ method: 'POST', url: '/connectors/a/restart?includeTasks=TRUE' });
  assert.equal(flagged.status, 202);
  assert.ok(herder.calls.includes('restart {"includeTasks":true,"onlyFailed":false} a'));
});

test('R1.04 R1.34 R1.35 R1.36 R1.37 commands answer as Java does, with an empty body', async () => {
  const { ask, herder } = await withConnector('a');
  const commands = [
    ['PUT', '/pause', 202],
    ['PUT', '/resume', 202],
    ['PUT', '/stop', 204],
    ['POST', '/tasks/0/restart', 204],
    ['DELETE', '', 204],
  ] as const;
  for (const [method, path, status] of commands) {
    const answer = await ask({ method, url: `/connectors/a${path}`, headers: {} });
    assert.deepEqual([answer.status, answer.text], [status, ''], path);
  }
  assert.deepEqual(herder.calls.slice(-4), [
    'pause a',
    'resume a',
    'stop a',
    'restart task 0 of a',
  ]);
});

test('a command takes an empty body, "" and no content type', async () => {
  const { ask } = await withConnector('a');
  const url = '/connectors/a/pause';
  assert.equal((await ask({ method: 'PUT', url, payload: '""' })).status, 202);
  assert.equal((await ask({ method: 'PUT', url, payload: '' })).status, 202);
  const headers = { 'content-length': '0' };
  assert.equal((await ask({ method: 'PUT', url, headers })).status, 202);
});

test('R1.44 R1.61 R1.62 plug-ins are listed, connectors only by default', async () => {
  const { ask, herder } = await setUp();
  assert.equal((await ask({ url: '/connector-plugins/' })).status, 200);
  await ask({ url: '/connector-plugins?connectorsOnly=false' });
  assert.deepEqual(herder.calls, ['plugins true', 'plugins false']);
  assert.deepEqual((await ask({ url: '/connector-plugins/Foo/config' })).body, []);
  const unknown = await ask({ url: '/connector-plugins/Bar/config' });
  assert.deepEqual(unknown.body, error(404, 'Unknown plugin Bar.'));
});

test('R1.63 validate compares the class with the path and fails as Java does', async () => {
  const { ask } = await setUp();
  const validate = (plugin: string, payload: string): Promise<Answer> =>
    ask({ method: 'PUT', url: `/connector-plugins/${plugin}/config/validate`, payload });
  const good = await validate('Foo', '{"connector.class":"org.example.FooConnector"}');
  assert.equal(good.status, 200);
  const other = await validate('Foo', '{"connector.class":"BarConnector"}');
  assert.deepEqual(
    other.body,
    error(400, 'Included connector type BarConnector does not match request type Foo'),
  );
  const none = await validate('Foo', '{}');
  assert.deepEqual(
    none.body,
    error(
      500,
      'org.apache.kafka.connect.runtime.rest.errors.BadRequestException: ' +
        'Connector config {} contains no connector type',
    ),
  );
});

test('R1.43 and R9.04 the endpoints between workers answer what the herder says', async () => {
  const { ask } = await setUp();
  const tasks = await ask({ method: 'POST', url: '/connectors/a/tasks', payload: '[]' });
  assert.deepEqual(tasks.body, error(500, NO_TASK_CONFIGS));
  const fence = await ask({ method: 'PUT', url: '/connectors/a/fence', headers: {} });
  assert.deepEqual(fence.body, error(500, NO_FENCING));
});

test('R1.67 and R1.68 loggers are read and set', async () => {
  const { ask } = await setUp();
  assert.deepEqual((await ask({ url: '/admin/loggers/' })).body, { root: LEVEL });
  assert.deepEqual((await ask({ url: '/admin/loggers/root' })).body, LEVEL);
  assert.deepEqual(
    (await ask({ url: '/admin/loggers/nope' })).body,
    error(404, 'Logger nope not found.'),
  );
  const put = (payload: string): Promise<Answer> =>
    ask({ method: 'PUT', url: '/admin/loggers/a.b', payload });
  assert.deepEqual((await put('{"level":"debug"}')).body, ['a.b=DEBUG']);
  assert.equal((await put('{}')).status, 400);
  assert.equal((await put('{"level":"loud"}')).status, 404);
});

test('R1.01 R1.02 unknown path, wrong method and wrong content type have the error body', async () => {
  const { ask } = await setUp();
  const nope = await ask({ url: '/nope', headers: { accept: 'text/html' } });
  assert.deepEqual(nope.body, error(404, 'HTTP 404 Not Found'));
  for (const method of ['PUT', 'DELETE', 'PATCH'] as const) {
    const wrong = await ask({ method, url: '/connectors', headers: {} });
    assert.deepEqual(wrong.body, error(405, 'HTTP 405 Method Not Allowed'));
  }
  const head = await ask({ method: 'HEAD', url: '/connectors/a/restart' });
  assert.equal(head.status, 405);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    const headers = { 'content-type': type };
    const answer = await ask({ method: 'POST', url: '/connectors', payload: 'x=1', headers });
    assert.deepEqual(answer.body, error(415, 'HTTP 415 Unsupported Media Type'));
  }
  const accept = await ask({ url: '/', headers: { accept: 'text/plain' } });
  assert.deepEqual(accept.body, error(406, 'HTTP 406 Not Acceptable'));
});

test('JSON with a charset is JSON', async () => {
  const { ask } = await setUp();
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const payload = '{"name":"ü","config":{}}';
  const answer = await ask({ method: 'POST', url: '/connectors', payload, headers });
  assert.equal(answer.status, 201);
});

test('R1.03 malformed and mis-shaped bodies are 500 in the words of Jackson', async () => {
  const { ask } = await setUp();
  const post = (payload: string): Promise<Answer> =>
    ask({ method: 'POST', url: '/connectors', payload });
  for (const [payload, words] of [
    ['{"name":"a"', /Unexpected end-of-input/],
    ['{"name":"a","foo":1}', /Unrecognized field \\"foo\\"/],
    ['{"name":"a","config":[1]}', /Cannot deserialize value/],
    ['12', /Cannot construct instance/],
    ['', /no body/],
    ['null', /no body/],
    ['{"name":"a"}', /carries no config/],
  ] as const) {
    const answer = await post(payload);
    assert.equal(answer.status, 500, payload);
    assert.match(answer.text, /^\{"error_code":500,"message":"/);
    assert.match(answer.text, words);
  }
});

test('R1.03 what is no REST error is 500 with its message, and logged', async () => {
  const { ask, herder, lines } = await setUp();
  herder.failure = new Error('the disk is full');
  const answer = await ask({ url: '/connectors' });
  assert.deepEqual(answer.body, error(500, 'the disk is full'));
  assert.ok(lines.includes('GET /connectors failed: the disk is full'));
});

test('R1.05 a request that takes too long is 500 and tells the stage', async () => {
  const { ask, herder } = await setUp({ requestTimeoutMs: 20 });
  const { promise, resolve } = Promise.withResolvers<void>();
  herder.delay = promise;
  const answer = await ask({ url: '/connectors' });
  resolve();
  assert.deepEqual(answer.body, error(500, 'Request timed out. The worker is idle.'));
});

test('R1.06 R10.21 each request leaves one line in the access log', async () => {
  const { ask, lines } = await setUp();
  await ask({ url: '/connectors', headers: { 'user-agent': 'me' } });
  assert.match(
    lines.at(-1) ?? '',
    /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/connectors HTTP\/1\.1" 200 2 "-" "me" \d+$/,
  );
});

test('R1.09 R10.21 OPTIONS lists the methods as plain text', async () => {
  const { ask } = await setUp();
  const answer = await ask({ method: 'OPTIONS', url: '/connectors', headers: {} });
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers['content-type']), /^text\/plain/);
  assert.equal(answer.headers['allow'], 'HEAD,POST,GET,OPTIONS');
  assert.equal(answer.text, 'HEAD, POST, GET, OPTIONS');
});

test('HEAD answers as GET without the body', async () => {
  const { ask } = await setUp();
  const answer = await ask({ method: 'HEAD', url: '/connectors' });
  assert.deepEqual([answer.status, answer.text, answer.headers['content-length']], [200, '', '2']);
});

test('R1.47 names of any characters round-trip through the path', async () => {
  const names = ['a/b', '100%', 'ü ñ 漢', 'a+b', '..', 'a?b#c', "o'hara", 'x'.repeat(500)];
  const { ask } = await setUp();
  for (const name of names) {
    const payload = JSON.stringify({ name, config: { x: '1' } });
    const created = await ask({ method: 'POST', url: '/connectors', payload });
    const url = new URL(String(created.headers['location']));
    if (name === '..') continue;
    const read = await ask({ url: `${url.pathname}/config` });
    assert.deepEqual(read.body, { x: '1', name }, name);
  }
});

test('a path that is no valid percent-encoding is 400 with the error body', async () => {
  const { ask } = await setUp();
  assert.equal((await ask({ url: '/connectors/%E0%A4%A' })).status, 400);
});

test('half a surrogate pair in a name is no reason to fail', async () => {
  const { ask } = await setUp();
  const payload = '{"name":"a\\ud800","config":{}}';
  const created = await ask({ method: 'POST', url: '/connectors', payload });
  assert.equal(created.status, 201);
  assert.match(String(created.headers['location']), /\/connectors\/a%EF%BF%BD$/);
});

test('R1.23 what has not changed is not written as JSON again', async () => {
  const { ask, herder } = await withConnector('a');
  let written = 0;
  const status = {
    ...(await herder.connectorStatus('a')),
    toJSON: () => {
      written++;
      return { name: 'a' };
    },
  };
  herder.connectorStatus = () => Promise.resolve(status);
  for (let asked = 0; asked < 3; asked++)
    assert.deepEqual((await ask({ url: '/connectors?expand=status' })).body, {
      a: { status: { name: 'a' } },
    });
  assert.equal(written, 1);
});

test('R1.38 R1.39 R1.40 R1.41 R1.42 topics and offsets go to the herder and back as they are', async () => {
  const { ask, herder } = await withConnector('a');
  herder.topics = ['orders'];
  assert.equal((await ask({ url: '/connectors/a/topics' })).text, '{"a":{"topics":["orders"]}}');
  assert.equal((await ask({ method: 'PUT', url: '/connectors/a/topics/reset' })).status, 202);
  const entry = (offset: string): string => `{"partition":{"f":1.0},"offset":${offset}}`;
  const payload = `{"offsets":[${entry('{"p":1}')},${entry('{"p":9007199254740993}')},
    {"partition":{"f":"b"},"offset":null}]}`;
  await ask({ method: 'PATCH', url: '/connectors/a/offsets', payload });
  // Of equal partitions the last counts, and no digit is lost.
  assert.equal(
    (await ask({ url: '/connectors/a/offsets' })).text,
    `{"offsets":[${entry('{"p":9007199254740993}')},{"partition":{"f":"b"},"offset":null}]}`,
  );
  assert.equal(
    (await ask({ method: 'DELETE', url: '/connectors/a/offsets' })).text,
    '{"message":"reset"}',
  );
});

test('a request that is given up by the client is not logged as a failure', async () => {
  const { ask, herder, lines } = await setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  herder.delay = promise;
  const given = ask({ url: '/connectors', timeoutMs: 50 });
  await assert.rejects(given);
  herder.failure = new Error('too late');
  resolve();
  herder.delay = null;
  herder.failure = null;
  assert.equal((await ask({ url: '/connectors' })).status, 200);
  assert.ok(!lines.some((line) => line.includes('failed')));
});
