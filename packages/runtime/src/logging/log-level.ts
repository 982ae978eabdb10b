/** The levels of log4j, as `/admin/loggers` names them, from silent to everything. */
export type LogLevel = 'OFF' | 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';

/** Rank of each level: a line is written when its rank is at most its logger's. */
export const LOG_LEVEL_RANKS: Readonly<Record<LogLevel, number>> = {
  OFF: 0,
  FATAL: 1,
  ERROR: 2,
  WARN: 3,
  INFO: 4,
  DEBUG: 5,
  TRACE: 6,
};

/** Reads a level in any case; `null` when it is none. */
export function parseLogLevel(text: string): LogLevel | null {
  switch (text.toUpperCase()) {
    case 'OFF':
      return 'OFF';
    case 'FATAL':
      return 'FATAL';
    case 'ERROR':
      return 'ERROR';
    case 'WARN':
      return 'WARN';
    case 'INFO':
      return 'INFO';
    case 'DEBUG':
      return 'DEBUG';
    case 'TRACE':
    case 'ALL':
      return 'TRACE';
    default:
      return null;
  }
}
