import type { DatabaseProblem, ProblemKind } from '../../database/database-problem.ts';
import { networkProblem } from '../network-problem.ts';

const GONE = 'The connection is lost: the server stopped, or ended the session.';
const FULL = 'The disk or the table is full: make room.';
const NO_FIT = 'The value does not fit its column: change the record or the column.';
const CONSTRAINT =
  'The row breaks a constraint of the table: correct the row, or use insert.mode=upsert.';
const LOGIN = 'Correct connection.user and connection.password.';
const GRANT = 'Grant the privilege to the user of connection.user.';

/** What the errors of MySQL and MariaDB mean, by number. */
const NUMBERS: ReadonlyMap<number, readonly [ProblemKind, string]> = new Map<
  number,
  readonly [ProblemKind, string]
>([
  [1021, ['retriable', FULL]],
  [1114, ['retriable', FULL]],
  [1040, ['retriable', 'The server has too many connections: raise max_connections.']],
  [1203, ['retriable', 'The user has too many connections: raise max_user_connections.']],
  [1053, ['retriable', GONE]],
  [1077, ['retriable', GONE]],
  [1152, ['retriable', GONE]],
  [1927, ['retriable', GONE]],
  [1205, ['retriable', 'Another session holds the lock for longer than innodb_lock_wait_timeout.']],
  [1213, ['retriable', 'Another transaction was in the way.']],
  [1317, ['retriable', 'Somebody ended the statement.']],
  [3024, ['retriable', 'The statement took longer than max_execution_time.']],
  [1969, ['retriable', 'The statement took longer than max_statement_time.']],
  [1290, ['retriable', 'The server takes no writes now (read_only): is it a replica?']],
  [1836, ['retriable', 'The server takes no writes now (read_only): is it a replica?']],
  [1153, ['bad-row', 'The row is larger than max_allowed_packet: raise it, or shrink the record.']],
  [1048, ['bad-row', 'Give the field a value, or the column a default.']],
  [1364, ['bad-row', 'Give the field a value, or the column a default.']],
  [1062, ['bad-row', CONSTRAINT]],
  [1169, ['bad-row', CONSTRAINT]],
  [1216, ['bad-row', CONSTRAINT]],
  [1452, ['bad-row', CONSTRAINT]],
  [1451, ['bad-row', CONSTRAINT]],
  [3819, ['bad-row', CONSTRAINT]],
  [4025, ['bad-row', CONSTRAINT]],
  [1644, ['bad-row', 'A trigger refused the row.']],
  [1264, ['bad-row', NO_FIT]],
  [1265, ['bad-row', NO_FIT]],
  [1292, ['bad-row', NO_FIT]],
  [1366, ['bad-row', NO_FIT]],
  [1367, ['bad-row', NO_FIT]],
  [1406, ['bad-row', NO_FIT]],
  [1416, ['bad-row', NO_FIT]],
  [3140, ['bad-row', NO_FIT]],
  [3141, ['bad-row', NO_FIT]],
  [1045, ['fatal', LOGIN]],
  [1698, ['fatal', LOGIN]],
  [1044, ['fatal', GRANT]],
  [1142, ['fatal', GRANT]],
  [1143, ['fatal', GRANT]],
  [1227, ['fatal', GRANT]],
  [1049, ['fatal', 'Create the database, or correct its name in connection.url.']],
  [1146, ['fatal', 'Create the table, or set auto.create=true.']],
  [1054, ['fatal', 'Add the column, or set auto.evolve=true.']],
]);

/** What an error of the driver means. */
export function mysqlProblem(error: unknown): DatabaseProblem {
  const number: unknown = Reflect.get(Object(error), 'errno');
  const code: unknown = Reflect.get(Object(error), 'code');
  // Below 1000 stand numbers of the system, above 2000 those of clients.
  const isServers = typeof number === 'number' && number >= 1000;
  if (!(error instanceof Error) || !isServers) return networkProblem(error);
  const [kind, advice] = NUMBERS.get(number) ?? ['fatal', ''];
  return {
    kind,
    code: typeof code === 'string' ? `${code}, ${number}` : String(number),
    message: error.message,
    advice,
    isConnectionLost: advice === GONE,
  };
}
