import {
  makeTempDir,
  skipReason,
  startMariadb,
  startMysql,
  startPostgres,
  type DatabaseServer,
  type ServerName,
} from '@sluice/testing';
import { databaseOf } from '../src/connection/connection-config.ts';
import { openConnection } from '../src/connection/open-connection.ts';
import type { DatabaseConnection } from '../src/database/database-connection.ts';
import type { DatabaseFamily } from '../src/url/parsed-url.ts';
import { quietLogger } from './quiet-logger.ts';

/** A database that runs for a test file. */
export interface RunningDatabase extends AsyncDisposable {
  /** `connection.*` of a connector. */
  readonly props: Readonly<Record<string, string>>;
  /** For faults; `null` where there is no server. */
  readonly server: DatabaseServer | null;
  /** A session of the test's own. */
  readonly connect: () => Promise<DatabaseConnection>;
}

/** One of the databases that the connectors are tested on. */
export interface DatabaseUnderTest {
  readonly title: string;
  readonly family: DatabaseFamily;
  /** Why tests on it are skipped, `false` when they are not. */
  readonly skip: string | false;
  readonly start: () => Promise<RunningDatabase>;
}

async function served(
  title: string,
  family: DatabaseFamily,
  name: ServerName,
  start: () => Promise<DatabaseServer>,
): Promise<DatabaseUnderTest> {
  return {
    title,
    family,
    skip: await skipReason(name, `JDBC on ${title}`),
    start: async () => {
      const server = await start();
      const user = { 'connection.user': server.user };
      const initial = databaseOf({ ...user, 'connection.url': server.jdbcUrl() }, quietLogger);
      await using connection = await openConnection(initial);
      // One of the test's own: the first has an old character set on MariaDB, and is the system's on MySQL.
      await connection.execute('CREATE DATABASE shop');
      const props = { ...user, 'connection.url': server.jdbcUrl('shop') };
      return {
        props,
        server,
        connect: () => openConnection(databaseOf(props, quietLogger)),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  };
}

const SQLITE: DatabaseUnderTest = {
  title: 'SQLite',
  family: 'sqlite',
  skip: false,
  start: async () => {
    const dir = await makeTempDir('jdbc-sqlite');
    const props = { 'connection.url': `jdbc:sqlite:${dir.join('test.db')}` };
    return {
      props,
      server: null,
      connect: () => openConnection(databaseOf(props, quietLogger)),
      [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
    };
  },
};

/** All databases that a test may run on live. */
export const DATABASES: readonly DatabaseUnderTest[] = [
  SQLITE,
  await served('PostgreSQL 15', 'postgres', 'postgres-15', () => startPostgres(15)),
  await served('PostgreSQL 18', 'postgres', 'postgres-18', () => startPostgres(18)),
  await served('MySQL 8.0', 'mysql', 'mysql', () => startMysql()),
  await served('MariaDB 10.11', 'mysql', 'mariadb', () => startMariadb()),
];
