import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { kafkaClassPath } from './kafka-jars.ts';
import { OwnedProcess } from './owned-process.ts';

/** A Java program out of Kafka's jars. */
export interface JavaSpec {
  readonly what: string;
  readonly mainClass: string;
  readonly args: readonly string[];
  /** Jars beside Kafka's own. */
  readonly moreJars?: readonly string[];
  /** Upper bound of the heap in megabytes. */
  readonly heapMb: number;
  /** Short-lived programs: start sooner, run slower, log warnings only. */
  readonly isShortLived?: boolean;
  /** Where the log4j configuration is put; without it only errors are logged. */
  readonly logConfigDir?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
  readonly outputCharsMax?: number;
}

/** The Java of `JAVA_HOME`, or the one on the path. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  const java = home === undefined ? '' : path.join(home, 'bin', 'java');
  return java !== '' && existsSync(java) ? java : 'java';
}

/** Starts `java` itself (no script of Kafka's in between, so that its id is the server's). */
export async function startJava(spec: JavaSpec): Promise<OwnedProcess> {
  const jars = [await kafkaClassPath(), ...(spec.moreJars ?? [])];
  const flags = [`-Xmx${spec.heapMb}m`, '-XX:+UseSerialGC', '-Djava.awt.headless=true'];
  if (spec.isShortLived === true) flags.push('-XX:TieredStopAtLevel=1');
  if (spec.logConfigDir !== undefined) {
    const file = path.join(spec.logConfigDir, 'log4j2.properties');
    await writeFile(file, logConfig(spec.isShortLived === true ? 'warn' : 'info'));
    flags.push(`-Dlog4j2.configurationFile=${file}`);
  }
  return OwnedProcess.start({
    what: spec.what,
    command: javaCommand(),
    args: [...flags, '-cp', jars.join(path.delimiter), spec.mainClass, ...spec.args],
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...(spec.env === undefined ? {} : { env: spec.env }),
    ...(spec.input === undefined ? {} : { input: spec.input }),
    ...(spec.outputCharsMax === undefined ? {} : { outputCharsMax: spec.outputCharsMax }),
  });
}

/** Standard error, so that what a program prints on standard output stays clean. */
function logConfig(level: 'info' | 'warn'): string {
  return `status = error
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n
rootLogger.level = ${level}
rootLogger.appenderRef.console.ref = console
`;
}
