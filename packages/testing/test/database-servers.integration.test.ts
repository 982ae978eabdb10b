import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  requireServer,
  startMariadb,
  startMysql,
  startPostgres,
  type DatabaseServer,
  type ServerName,
} from '@sluice/testing';

const SERVERS: readonly (readonly [ServerName, () => Promise<DatabaseServer>])[] = [
  ['postgres-15', () => startPostgres(15)],
  ['postgres-18', () => startPostgres(18)],
  ['mysql', startMysql],
  ['mariadb', startMariadb],
];

describe('database servers', () => {
  for (const [name, start] of SERVERS) {
    it(`${name} starts, and starts again on its port after kill -9`, async (t) => {
      if (!(await requireServer(t, name))) return;
      await using server = await start();
      assert.ok(server.isRunning);
      assert.match(
        server.jdbcUrl('shop'),
        new RegExp(`^jdbc:\\w+://127.0.0.1:${server.port}/shop$`),
      );
      await server.kill();
      assert.ok(!server.isRunning);
      await server.start();
      assert.ok(server.isRunning);
    });
  }
});
