import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { javaCommand } from './java-process.ts';
import { KAFKA_VERSION, kafkaClassPath } from './kafka-jars.ts';
import { mariadbProblem, mysqlProblem } from './mysql-server.ts';
import { postgresProblem } from './postgres-server.ts';

/** Servers that a test may need and a machine may lack. */
export type ServerName =
  | 'kafka'
  | 'java-connect'
  | 'postgres-15'
  | 'postgres-18'
  | 'mysql'
  | 'mariadb';

/** What {@link requireServer} needs of a `node:test` context. */
export interface SkippableTest {
  readonly name: string;
  skip(message?: string): void;
}

const SERVER_TITLES: Readonly<Record<ServerName, string>> = {
  kafka: `Apache Kafka ${KAFKA_VERSION}`,
  'java-connect': `Java Connect ${KAFKA_VERSION}`,
  'postgres-15': 'PostgreSQL 15',
  'postgres-18': 'PostgreSQL 18',
  mysql: 'MySQL 8.0',
  mariadb: 'MariaDB 10.11',
};

/** Why this server can't be started here, or `null` when it can. Fetches it if need be. */
export async function serverProblem(server: ServerName): Promise<string | null> {
  try {
    switch (server) {
      case 'kafka':
      case 'java-connect':
        return await javaProblem();
      case 'postgres-15':
        return await postgresProblem(15);
      case 'postgres-18':
        return await postgresProblem(18);
      case 'mysql':
        return await mysqlProblem();
      default:
        return mariadbProblem();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `it is not in the cache and could not be fetched with Maven: ${reason}`;
  }
}

async function javaProblem(): Promise<string | null> {
  const java = spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' });
  if (java.status !== 0) {
    return 'no Java was found: install a Java of 17 or later, or set JAVA_HOME';
  }
  await kafkaClassPath();
  return null;
}

/**
 * For the `skip` option of a suite or test: `describe('…', { skip: await skipReason('kafka', '…') })`.
 * Answers `false` when the server can be started, else the reason, which is also reported as
 * {@link requireServer} does.
 *
 * @throws Error instead of answering a reason when `SLUICE_REQUIRE_SERVERS=1`
 */
export async function skipReason(server: ServerName, test: string): Promise<string | false> {
  const problem = await serverProblem(server);
  if (problem === null) return false;
  const reason = `needs ${SERVER_TITLES[server]}, but ${problem}`;
  if (process.env['SLUICE_REQUIRE_SERVERS'] === '1') {
    throw new Error(`SLUICE_REQUIRE_SERVERS=1, and the test "${test}" ${reason}`);
  }
  reportSkip(`${test}: ${reason.replaceAll('\n', ' ')}`);
  return reason;
}

/**
 * First line of a test that needs a server: `if (!(await requireServer(t, 'kafka'))) return;`.
 * Without the server the test is skipped with the reason, loudly: on standard error, and as a line
 * appended to the file that `SLUICE_SKIP_REPORT` names, which the runner prints at its end. Under `SLUICE_REQUIRE_SERVERS=1` a missing server is a failure.
 */
export async function requireServer(t: SkippableTest, server: ServerName): Promise<boolean> {
  const reason = await skipReason(server, t.name);
  if (reason === false) return true;
  t.skip(reason);
  return false;
}

function reportSkip(line: string): void {
  process.stderr.write(`SKIPPED: ${line}\n`);
  const file = process.env['SLUICE_SKIP_REPORT'];
  if (file !== undefined && file !== '') appendFileSync(file, `${line}\n`);
}
