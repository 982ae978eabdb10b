import { openSync } from 'node:fs';
import { jsonLayout, Loggers, type LoggersOptions } from '@sluice/runtime';
import { javaOptions } from './java-options.ts';
import { readLogConfig, type LogConfig } from './log-config-file.ts';

const STDOUT = 1;
const STDERR = 2;
const LOGGER = 'sluice.logging';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The loggers of a worker: lines go to standard output and into the files of the log4j file that its
 * environment names, in Java's layout; with `SLUICE_LOG_FORMAT=json` as JSON. JSON never goes to
 * standard output, where readers take it for records.
 */
export async function workerLoggers(environment: Environment): Promise<Loggers> {
  const isJson = environment['SLUICE_LOG_FORMAT'] === 'json';
  const console = isJson ? STDERR : STDOUT;
  const layout: LoggersOptions = isJson ? { layout: jsonLayout } : {};
  const { logConfigFile } = javaOptions(environment);
  if (logConfigFile === null) return new Loggers({ ...layout, fds: [console] });
  let config: LogConfig;
  try {
    config = await readLogConfig(logConfigFile);
  } catch (error) {
    const loggers = new Loggers({ ...layout, fds: [console] });
    loggers.get(LOGGER).warn(`The log4j file ${logConfigFile} can't be read`, { error });
    return loggers;
  }
  const { opened, problems } = openAll(config.files);
  const isConsoleUsed = config.hasConsole || opened.length === 0;
  const loggers = new Loggers({
    ...layout,
    fds: isConsoleUsed ? [console, ...opened] : opened,
    levels: config.levels,
    ...(config.rootLevel === null ? {} : { rootLevel: config.rootLevel }),
  });
  for (const problem of problems) loggers.get(LOGGER).warn(problem);
  return loggers;
}

/** Appended to, over restarts too; open as long as the process lives. */
function openAll(files: readonly string[]): {
  readonly opened: readonly number[];
  readonly problems: readonly string[];
} {
  const opened: number[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      opened.push(openSync(file, 'a'));
    } catch (error) {
      problems.push(`Can't write the log to ${file}: ${String(error)}`);
    }
  }
  return { opened, problems };
}
