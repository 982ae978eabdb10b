/** The steps of a record's way, by the names that logs and dead-letter headers use (R5.17). */
export type Stage =
  | 'TASK_POLL'
  | 'TASK_PUT'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME';

/**
 * Whether any error of the stage is the record's own fault and may be skipped under
 * `errors.tolerance=all`; of the other stages only retriable errors are (R5.15).
 */
export function toleratesAnyError(stage: Stage): boolean {
  return (
    stage === 'TRANSFORMATION' ||
    stage === 'KEY_CONVERTER' ||
    stage === 'VALUE_CONVERTER' ||
    stage === 'HEADER_CONVERTER'
  );
}
