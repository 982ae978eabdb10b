import type { LoggerLevel } from './wire.ts';

/** The levels that `PUT /admin/loggers/{name}` accepts, in any case. */
export const LOG_LEVELS = [
  'OFF',
  'FATAL',
  'ERROR',
  'WARN',
  'INFO',
  'DEBUG',
  'TRACE',
  'ALL',
] as const;

/**
 * What the `/admin/loggers` resource needs of the worker's logging (R1.67 to R1.69). The root
 * logger's name is `root`.
 */
export interface LoggerControl {
  /** Every known logger with its level, sorted by name. */
  loggers(): ReadonlyMap<string, LoggerLevel>;
  logger(name: string): LoggerLevel | null;
  /** Sets the level of `name` and of all loggers below it; answers those that were changed. */
  setLevel(name: string, level: string): readonly string[];
}
