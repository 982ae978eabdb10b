import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Logger } from '@sluice/api';
import { FakeHerder } from '../../test/fake-herder.ts';
import { send, type Answer } from '../../test/parity/exchange.ts';
import { RestServer } from './rest-server.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const STAGE = 'The worker is idle.';

/** Asks for a path whose answer waits for the herder, lets so much time pass, and waits for it. */
async function askedFor(context: TestContext, path: string, waitMs: number): Promise<Answer> {
  const herder = new FakeHerder();
  const { promise: never, resolve: release } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  herder.delay = never;
  const answer = herder.connectors.bind(herder);
  herder.connectors = () => {
    reach();
    return answer();
  };
  await using server = await RestServer.start({
    props: { listeners: 'http://127.0.0.1:0' },
    logger,
  });
  server.mount(herder);
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let isAnswered = false;
  const asked = send(server.localUrl, { method: 'GET', path }).finally(() => {
    isAnswered = true;
  });
  await reached;
  context.mock.timers.tick(waitMs - 1);
  assert.equal(isAnswered, false);
  context.mock.timers.tick(1);
  const answered = await asked;
  context.mock.timers.reset();
  release();
  return answered;
}

test('R1.05 a request has 90 seconds, then it is 500 with the stage', async (context) => {
  const { status, body } = await askedFor(context, '/connectors', 90_000);
  assert.equal(status, 500);
  assert.deepEqual(JSON.parse(body), {
    error_code: 500,
    message: `Request timed out. ${STAGE}`,
  });
});

test('R1.05 R1.22 the health of a worker has 10 seconds', async (context) => {
  const { status, body } = await askedFor(context, '/health', 10_000);
  assert.equal(status, 500);
  assert.match(
    body,
    /^\{"status":"unhealthy","message":"Worker was unable .* The worker is idle\./,
  );
});
