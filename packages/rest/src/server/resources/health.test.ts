import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeHerder } from '../../../test/fake-herder.ts';
import { workerHealth } from './health.ts';

const TIMEOUT_MS = 20;

test('R1.22 a herder that does not answer in time is unhealthy, with its stage', async () => {
  const herder = new FakeHerder();
  const { promise, resolve } = Promise.withResolvers<void>();
  herder.delay = promise;
  const answer = await workerHealth({ herder }, TIMEOUT_MS);
  resolve();
  assert.deepEqual(answer, {
    status: 500,
    body: {
      status: 'unhealthy',
      message:
        'Worker was unable to handle this request and may be unable to handle other requests. ' +
        'The worker is idle.',
    },
  });
});

test('R1.22 a herder that is not ready is starting, with its stage', async () => {
  const herder = new FakeHerder();
  herder.isReady = false;
  const answer = await workerHealth({ herder }, TIMEOUT_MS);
  assert.equal(answer.status, 503);
  assert.deepEqual(answer.body, {
    status: 'starting',
    message: 'Worker is still starting up. The worker is idle.',
  });
});

test('R1.22 a herder that fails is a failure', async () => {
  const herder = new FakeHerder();
  herder.failure = new Error('broken');
  await assert.rejects(workerHealth({ herder }, TIMEOUT_MS), /broken/);
});
