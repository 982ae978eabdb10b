import type { LoggerControl, LoggerLevel } from '@sluice/rest';
import { parseLogLevel, type LoggerInfo, type Loggers } from '@sluice/runtime';

/** `/admin/loggers` on the worker's loggers; levels go to every thread. */
export function loggerControl(
  loggers: Loggers,
  spread: (logger: string, level: string) => void,
): LoggerControl {
  const find = (name: string): LoggerInfo | undefined =>
    loggers.list().find((info) => info.name === name);
  return {
    loggers: () => new Map(loggers.list().map((info) => [info.name, levelOf(info)])),
    logger: (name) => {
      const info = find(name);
      return info === undefined ? null : levelOf(info);
    },
    setLevel: (name, text) => {
      const level = parseLogLevel(text);
      if (level === null) return [];
      const before = new Map(loggers.list().map((info) => [info.name, info.level]));
      const affected = loggers.setLevel(name, level);
      spread(name, level);
      // Only those that really changed are told (R1.70).
      return affected.filter((each) => before.get(each) !== level);
    },
  };
}

function levelOf({ level, lastModifiedMs }: LoggerInfo): LoggerLevel {
  return { level, last_modified: lastModifiedMs };
}
