import { ConnectError, RetriableError, type ConnectErrorOptions } from '@sluice/api';
import type { DatabaseProblem } from '../database/database-problem.ts';

/** An error of a database that no other try mends. Mirrors `java.sql.SQLException`. */
class SqlError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.jdbc.SqlError');
  static override readonly defaultCode: string = 'CONNECT_JDBC_SQL';
  /** What dead-letter headers call it. */
  static readonly javaName = 'java.sql.SQLException';
}

/** A table that can't be made or changed as a record needs it. Mirrors the Java sink's class. */
export class TableError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.jdbc.TableError');
  static override readonly defaultCode: string = 'CONNECT_JDBC_TABLE';
  static readonly javaName = 'io.confluent.connect.jdbc.sink.TableAlterOrCreateException';
}

/**
 * A database's error as one of Connect's: what was attempted, what the database said, what to do.
 *
 * @param attempt - as in `insert 3000 rows into "orders"`
 */
export function sqlError(attempt: string, problem: DatabaseProblem, cause: unknown): ConnectError {
  const code = problem.code === '' ? '' : ` (${problem.code})`;
  const advice = problem.advice === '' ? '' : ` ${problem.advice}`;
  const message = `Could not ${attempt}: ${problem.message}${code}.${advice}`;
  const options: ConnectErrorOptions = { cause, context: { sqlState: problem.code } };
  return problem.kind === 'retriable'
    ? new RetriableError(message, options)
    : new SqlError(message, options);
}
