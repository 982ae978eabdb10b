import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@sluice/api';
import { RestServer } from '@sluice/rest/server';
import { FakeHerder } from '../fake-herder.ts';
import { fuzz, isJavas5xx } from './fuzz-run.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const SEED = Number(process.env['SLUICE_FUZZ_SEED'] ?? 1);
const REQUESTS = 2000;

test(`2,000 requests made from the OpenAPI document are answered as Java would (seed ${SEED})`, async () => {
  const props = { listeners: 'http://127.0.0.1:0' };
  await using server = await RestServer.start({ props, logger });
  server.mount(new FakeHerder());
  const outcome = await fuzz({
    url: server.localUrl,
    requests: REQUESTS,
    seed: SEED,
    isExpected5xx: isJavas5xx,
  });
  assert.deepEqual(outcome.problems, []);
  assert.equal(outcome.requests, REQUESTS);
  // All kinds of answers came up, so the requests reach the resources.
  for (const status of [200, 201, 202, 204, 400, 404, 405, 406, 415, 500])
    assert.ok((outcome.byStatus.get(status) ?? 0) > 0, `no ${status}`);
});
