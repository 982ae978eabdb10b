import type { DatabaseProblem, ProblemKind } from '../../database/database-problem.ts';
import { networkProblem } from '../network-problem.ts';

/** What can be done, by SQLSTATE; the longest prefix counts. */
const STATES: readonly (readonly [string, ProblemKind, string])[] = [
  ['08', 'retriable', ''],
  ['57P', 'retriable', 'The server is starting, stopping, or ended the session.'],
  ['57014', 'retriable', 'The statement took longer than statement_timeout.'],
  ['53', 'retriable', 'The server lacks a resource: make room, or raise its limit.'],
  ['40', 'retriable', 'Another transaction was in the way.'],
  ['55P03', 'retriable', 'Another session holds the lock for longer than lock_timeout.'],
  ['55006', 'retriable', ''],
  ['58', 'retriable', "The server's system failed: look into its log."],
  ['XX', 'retriable', 'The server failed: look into its log.'],
  ['25', 'fatal', ''],
  [
    '25006',
    'retriable',
    'The server takes no writes now: is it a standby? Use targetServerType=primary.',
  ],
  ['22', 'bad-row', 'The value does not fit its column: change the record or the column.'],
  [
    '23',
    'bad-row',
    'The row breaks a constraint of the table: correct the row, or use insert.mode=upsert.',
  ],
  ['23502', 'bad-row', 'Give the field a value, or the column a default.'],
  ['44', 'bad-row', ''],
  ['P0001', 'bad-row', 'A trigger refused the row.'],
  ['21000', 'bad-row', ''],
  ['28', 'fatal', 'Correct connection.user and connection.password, and look into pg_hba.conf.'],
  ['3D000', 'fatal', 'Create the database, or correct its name in connection.url.'],
  ['3F000', 'fatal', 'Create the schema, or correct its name in table.name.format.'],
  ['42501', 'fatal', 'Grant the privilege to the user of connection.user.'],
  ['42P01', 'fatal', 'Create the table, or set auto.create=true.'],
  ['42703', 'fatal', 'Add the column, or set auto.evolve=true.'],
  ['42P10', 'fatal', 'An upsert needs a primary key or unique index on exactly the key columns.'],
  ['42804', 'bad-row', 'The type of the value does not fit the column.'],
  ['42846', 'bad-row', 'The type of the value does not fit the column.'],
];

/** What an error of PostgreSQL's driver means. */
export function postgresProblem(error: unknown): DatabaseProblem {
  const state: unknown = Reflect.get(Object(error), 'code');
  if (!(error instanceof Error) || typeof state !== 'string' || !/^[0-9A-Z]{5}$/.test(state)) {
    return networkProblem(error);
  }
  const [, kind, advice] = STATES.filter(([prefix]) => state.startsWith(prefix)).sort(
    ([a], [b]) => b.length - a.length,
  )[0] ?? ['', 'fatal', ''];
  const detail: unknown = Reflect.get(error, 'detail');
  return {
    kind,
    code: state,
    message: typeof detail === 'string' ? `${error.message}: ${detail}` : error.message,
    advice,
    isConnectionLost: state.startsWith('08') || state.startsWith('57P'),
  };
}
