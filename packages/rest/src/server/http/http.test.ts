import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ConfigError, type Logger } from '@sluice/api';
import { FakeHerder } from '../../../test/fake-herder.ts';
import { send } from '../../../test/parity/exchange.ts';
import { RestServer } from '../rest-server.ts';
import { CorsPolicy } from './cors.ts';
import { HTTP_LIMITS, HttpListener, type HttpLimits } from './http-listener.ts';
import { BODY_BYTES_MAX } from './read-body.ts';
import { parseTarget } from './request-target.ts';
import { ResponseHeaders } from './response-headers.ts';
import { RouteTable } from './route-table.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };

async function server(limits: Partial<HttpLimits> = {}): Promise<RestServer> {
  const started = await RestServer.start({
    props: { listeners: 'http://127.0.0.1:0' },
    logger,
    limits: { ...HTTP_LIMITS, ...limits },
  });
  started.mount(new FakeHerder());
  return started;
}

/** Sends bytes and answers all that comes back until the connection ends. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

test('a client that does not finish its head is answered 408 and cut off', async () => {
  await using started = await server({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
  const answer = await raw(started.localUrl, 'GET /connectors HTTP/1.1\r\nHost: x\r\n');
  assert.match(
    answer,
    /^HTTP\/1\.1 408 .*\{"error_code":408,"message":"HTTP 408 Request Timeout"\}$/s,
  );
});

test('a client that does not finish its body is cut off too', async () => {
  await using started = await server({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
  const head = 'POST /connectors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const answer = await raw(started.localUrl, `${head}Content-Length: 100\r\n\r\n{"name"`);
  assert.match(answer, /^HTTP\/1\.1 408 /);
});

test('an idle connection is closed, one in use is kept', async () => {
  await using started = await server({ keepAliveTimeoutMs: 200 });
  const get = 'GET /connectors HTTP/1.1\r\nHost: x\r\n\r\n';
  const answer = await raw(started.localUrl, get + get);
  assert.equal(answer.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
});

test('a body that is too large is 413, whether it is announced or not', async () => {
  await using started = await server();
  const body = 'x'.repeat(BODY_BYTES_MAX + 1);
  const announced = await send(started.localUrl, { method: 'POST', path: '/connectors', body });
  assert.equal(announced.status, 413);
  assert.match(announced.body, /at most 16777216 bytes/);
});

test('a head that is too long is 431', async () => {
  await using started = await server();
  const answer = await raw(
    started.localUrl,
    `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'y'.repeat(70_000)}\r\n\r\n`,
  );
  assert.match(answer, /^HTTP\/1\.1 431 .*"error_code":431/s);
});

test('close waits for a request under way', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const handler = (_request: IncomingMessage, response: ServerResponse): void => {
    arrive();
    void promise.then(() => response.end('done'));
  };
  const listener = await HttpListener.start(
    { protocol: 'http', host: '127.0.0.1', port: 0 },
    handler,
    null,
  );
  const answer = fetch(`http://127.0.0.1:${listener.bound.port}/`);
  await arrived;
  const closed = listener.close();
  resolve();
  const response = await answer;
  assert.equal(await response.text(), 'done');
  assert.equal(response.headers.get('connection'), 'close');
  await closed;
});

test('HTTP/1.0 and a missing Host header are answered', async () => {
  await using started = await server();
  assert.match(
    await raw(started.localUrl, 'GET /connectors HTTP/1.0\r\n\r\n'),
    /^HTTP\/1\.1 200 OK/,
  );
});

test('a path is decoded by parts; broken parts are refused', () => {
  const { segments, query } = parseTarget('/connectors/a%2Fb%20c;x=1/?q=1+2&q=%C3%BC#z');
  assert.deepEqual(segments, ['connectors', 'a/b c']);
  assert.deepEqual(query.getAll('q'), ['1 2', 'ü']);
  assert.deepEqual(parseTarget('/').segments, []);
  assert.deepEqual(parseTarget('http://host:1/a?b').segments, ['a']);
  assert.deepEqual(parseTarget('HTTPS://host').segments, []);
  assert.deepEqual(parseTarget('http://host?x=1').query.get('x'), '1');
  for (const bad of ['//', '/a//b', '/%zz', '/%C3', '/%2E%2e', '/a%00'])
    assert.throws(() => parseTarget(bad), /The path of the request is refused/, bad);
});

test('a literal part of a path wins over a variable one', () => {
  const operation = { about: '', gives: {}, run: () => ({ status: 200 }) };
  const table = new RouteTable([
    { path: '/a/:x', methods: { GET: operation } },
    { path: '/a/b', methods: { GET: operation } },
    { path: '/a/:x', methods: { PUT: operation } },
  ]);
  assert.equal(table.find(['a', 'b'])?.resource.path, '/a/b');
  const variable = table.find(['a', 'c']);
  assert.equal(variable?.params.get('x'), 'c');
  assert.deepEqual(Object.keys(variable?.resource.methods ?? {}), ['GET', 'PUT']);
  assert.equal(table.find(['a']), null);
});

test('R1.08 without an origin to allow there are no CORS headers', () => {
  const policy = new CorsPolicy({ allowOrigin: ' ', allowMethods: '' });
  assert.deepEqual(policy.headersFor('GET', { origin: 'http://a' }), {});
  assert.throws(() => new CorsPolicy({ allowOrigin: '(', allowMethods: '' }), ConfigError);
});

test('R1.10 response headers: rules that can not be right are config errors', () => {
  for (const [config, words] of [
    ['nonsense', /Invalid format of header config 'nonsense'/],
    ['put X: y', /Invalid header config action: 'put'/],
    ['set X', /Invalid format of header name and header value pair 'X'/],
    ['set X Y: z', /Invalid header name 'X Y'/],
    ['setDate Expires: soon', /no number of milliseconds/],
  ] as const)
    assert.throws(() => new ResponseHeaders(config), words, config);
});

test('R1.10 dates are so many milliseconds from now, and add keeps what is there', () => {
  const headers: [string, string][] = [];
  const note = (name: string, value: string): void => {
    headers.push([name, value]);
  };
  const response = { setHeader: note, appendHeader: note };
  const rules = new ResponseHeaders('setDate Expires: 1000, addDate Past:-1000, "add A: b, ""c"""');
  rules.apply(response, 0);
  assert.deepEqual(headers, [
    ['Expires', 'Thu, 01 Jan 1970 00:00:01 GMT'],
    ['Past', 'Wed, 31 Dec 1969 23:59:59 GMT'],
    ['A', 'b, "c"'],
  ]);
});
