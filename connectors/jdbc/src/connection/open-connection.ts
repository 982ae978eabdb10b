import type { Logger } from '@sluice/api';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { ConnectionTarget, Dialect } from '../dialect/dialect.ts';
import { placeOf } from '../url/jdbc-url.ts';
import { sqlError } from './sql-error.ts';

/** A database and how patiently to connect to it. */
export interface Database {
  readonly dialect: Dialect;
  readonly target: ConnectionTarget;
  /** `connection.attempts`: how often to try. */
  readonly attempts: number;
  /** `connection.backoff.ms`: the pause between two tries. */
  readonly backoffMs: number;
  readonly logger: Logger;
}

/**
 * Opens a session, with as many tries as the config allows. What no other try can mend (a wrong
 * password, a database that does not exist) ends it at once.
 *
 * @throws ConnectError (a RetriableError when another try may help) that names place, user and fix
 */
export async function openConnection(
  database: Database,
  signal?: AbortSignal,
): Promise<DatabaseConnection> {
  const { dialect, target, attempts, backoffMs, logger } = database;
  const user = target.user === null ? '' : ` as "${target.user}"`;
  const attempt = `connect to ${dialect.title} at ${placeOf(target.url)}${user}`;
  for (let tried = 1; ; tried += 1) {
    signal?.throwIfAborted();
    try {
      const connection = await dialect.connect(target);
      logger.info(`Connected to ${connection.product} at ${placeOf(target.url)}`);
      return connection;
    } catch (error) {
      const problem = dialect.problemOf(error);
      const failure = sqlError(attempt, problem, error);
      if (problem.kind !== 'retriable' || tried >= attempts) throw failure;
      logger.warn(`${failure.message} Try ${tried} of ${attempts}; the next in ${backoffMs} ms.`);
      await sleep(backoffMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}
