/**
 * What an error of a database means for a connector:
 *
 * - `retriable`: the same may succeed later (connection lost, deadlock, lock timeout, disk full)
 * - `bad-row`: the row is to blame, others may pass (type, length, constraint)
 * - `fatal`: somebody has to change something (password, privilege, missing table, syntax)
 */
export type ProblemKind = 'retriable' | 'bad-row' | 'fatal';

/** An error of a database, understood. */
export interface DatabaseProblem {
  readonly kind: ProblemKind;
  /** SQLSTATE, or the driver's own code; `''` without one. */
  readonly code: string;
  /** What the database said. No secrets: statements' parameters are not in it. */
  readonly message: string;
  /** What a person can do, as a sentence; `''` when the message says it all. */
  readonly advice: string;
  /** Whether the session is gone. */
  readonly isConnectionLost: boolean;
}
