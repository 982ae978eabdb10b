import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Logger } from '@sluice/api';
import { FakeHerder } from '../../test/fake-herder.ts';
import { send, type Answer } from '../../test/parity/exchange.ts';
import { ForwardError } from '../contract/forward-error.ts';
import { RestServer } from './rest-server.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const CONFLICT =
  'Cannot complete request because of a conflicting operation (e.g. worker rebalance)';

async function worker(herder: FakeHerder): Promise<RestServer> {
  const server = await RestServer.start({ props: { listeners: 'http://127.0.0.1:0' }, logger });
  server.mount(herder);
  return server;
}

function create(
  url: string,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = '{"name":"a b","config":{"x":"1"}}';
  return send(url, { method: 'POST', path: `/connectors${query}`, body, headers });
}

test('R1.16 what only the leader may do goes there, and its answer comes back', async () => {
  const [leading, following] = [new FakeHerder(), new FakeHerder()];
  await using leader = await worker(leading);
  await using follower = await worker(following);
  following.failure = new ForwardError(leader.localUrl, 'not the leader');
  const created = await create(follower.localUrl);
  assert.equal(created.status, 201);
  assert.equal(created.headers['location'], `${follower.localUrl}/connectors/a%20b`);
  assert.ok(leading.calls.includes('put a b'));
  const again = await create(follower.localUrl);
  assert.equal(again.status, 409);
  assert.match(again.body, /"message":"Connector a b already exists"/);
  const restart = { method: 'POST', path: '/connectors/a%20b/restart?onlyFailed=true&x=1' };
  assert.equal((await send(follower.localUrl, restart)).status, 202);
  assert.ok(leading.calls.includes('restart {"includeTasks":false,"onlyFailed":true} a b'));
});

test('R1.16 two hops at most: who was forwarded to twice answers 409', async () => {
  const [one, two] = [new FakeHerder(), new FakeHerder()];
  await using first = await worker(one);
  await using second = await worker(two);
  one.failure = new ForwardError(second.localUrl, 'ask the other');
  two.failure = new ForwardError(first.localUrl, 'ask the other');
  const answer = await create(first.localUrl);
  assert.deepEqual(
    [answer.status, JSON.parse(answer.body)],
    [409, { error_code: 409, message: CONFLICT }],
  );
  assert.equal((await create(first.localUrl, '?forward=false')).status, 409);
});

test('R1.17 without a known leader it is 409', async () => {
  const herder = new FakeHerder();
  await using server = await worker(herder);
  herder.failure = new ForwardError(null, 'no leader');
  const answer = await create(server.localUrl);
  assert.equal(answer.status, 409);
  assert.match(answer.body, /no known leader URL/);
});

test('R1.18 another worker that does not answer is 500', async () => {
  const herder = new FakeHerder();
  await using server = await worker(herder);
  await using gone = await worker(new FakeHerder());
  herder.failure = new ForwardError(gone.localUrl, 'not the leader');
  await gone.close();
  const answer = await create(server.localUrl);
  assert.equal(answer.status, 500);
  assert.match(answer.body, /IO Error trying to forward REST request: /);
});

test('R1.18 R1.20 R7.08 what a forwarded request carries, and what it leaves behind', async () => {
  const received: IncomingMessage[] = [];
  const bodies: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push(request);
    bodies.push(await text(request));
    response.writeHead(302, { location: '/elsewhere' }).end();
  };
  const leader = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => leader.listen(0, '127.0.0.1', resolve));
  const address = leader.address();
  assert.ok(typeof address === 'object' && address !== null);
  const herder = new FakeHerder();
  herder.failure = new ForwardError(`http://127.0.0.1:${address.port}/`, 'not the leader');
  await using server = await worker(herder);
  const headers = { authorization: 'Basic x', cookie: 'a=b', 'x-mine': '1' };
  const created = await create(server.localUrl, '?other=1&includeTasks=true', headers);
  const restart = '/connectors/a/restart?includeTasks=true&onlyFailed=true&other=1';
  await send(server.localUrl, { method: 'POST', path: restart });
  leader.close();
  // A redirect is not followed.
  assert.deepEqual([created.status, received.length], [302, 2]);
  const [creation, restarted] = received;
  const { host: _host, connection: _connection, ...carried } = creation?.headers ?? {};
  assert.deepEqual(carried, {
    accept: 'application/json',
    'user-agent': 'kafka-connect',
    'content-type': 'application/json',
    'content-length': String(bodies[0]?.length),
    authorization: 'Basic x',
  });
  assert.deepEqual(JSON.parse(bodies[0] ?? ''), { name: 'a b', config: { x: '1' } });
  const query = new URL(restarted?.url ?? '', server.localUrl).search;
  assert.equal(query, '?includeTasks=true&onlyFailed=true&forward=true');
});

test('R1.20a reads are never forwarded', async () => {
  const herder = new FakeHerder();
  await using server = await worker(herder);
  herder.failure = new ForwardError('http://127.0.0.1:1', 'not the leader');
  const answer = await send(server.localUrl, { method: 'GET', path: '/connectors' });
  assert.equal(answer.status, 409);
});
