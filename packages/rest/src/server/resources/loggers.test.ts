import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@sluice/api';
import { FakeHerder } from '../../../test/fake-herder.ts';
import { RestServer } from '../rest-server.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };

/** A worker that stands alone has no cluster to tell. */
function standalone(): FakeHerder {
  const herder = new FakeHerder();
  Reflect.set(herder, 'setClusterLogLevel', undefined);
  return herder;
}

test('A19 a level for the cluster is set on a worker that stands alone: 204, no list', async () => {
  await using server = await RestServer.start({
    props: { listeners: 'http://127.0.0.1:0' },
    logger,
  });
  const set: string[] = [];
  server.mount(standalone(), {
    loggers: () => new Map(),
    logger: () => null,
    setLevel: (name, level) => {
      set.push(`${name}=${level}`);
      return [name];
    },
  });
  const put = async (query: string): Promise<readonly [number, string]> => {
    const answer = await fetch(`${server.localUrl}/admin/loggers/a.b${query}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"level":"debug"}',
    });
    return [answer.status, await answer.text()];
  };
  assert.deepEqual(await put('?scope=cluster'), [204, '']);
  assert.deepEqual(await put('?scope=worker'), [200, '["a.b"]']);
  assert.deepEqual(await put(''), [200, '["a.b"]']);
  assert.deepEqual(set, ['a.b=DEBUG', 'a.b=DEBUG', 'a.b=DEBUG']);
});
