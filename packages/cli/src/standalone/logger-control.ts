import type { LoggerControl, LoggerLevel } from '@sluice/rest';
import { parseLogLevel, type LoggerInfo, type Loggers } from '@sluice/runtime';

const ROOT = 'root';

/** `/admin/loggers` on the worker's loggers; levels go to every thread. */
export function loggerControl(
  loggers: Loggers,
  spread: (logger: string, level: string) => void,
): LoggerControl {
  const find = (name: string): LoggerInfo | undefined =>
    loggers.list().find((info) => info.name === rootOf(name));
  return {
    loggers: () => {
      // Those that are OFF are not listed, though they can be asked for (R1.70).
      const listed = loggers.list().filter(({ level }) => level !== 'OFF');
      return new Map(listed.map((info) => [info.name, levelOf(info)]));
    },
    logger: (name) => {
      const info = find(name);
      return info === undefined ? null : levelOf(info);
    },
    setLevel: (name, text) => {
      const level = parseLogLevel(text);
      if (level === null) return [];
      const changed = loggers.setLevel(rootOf(name), level);
      spread(rootOf(name), level);
      return changed;
    },
  };
}

/** The root is named in any case, as in Java. */
function rootOf(name: string): string {
  return name.toLowerCase() === ROOT ? ROOT : name;
}

function levelOf({ level, lastModifiedMs }: LoggerInfo): LoggerLevel {
  return { level, last_modified: lastModifiedMs };
}
