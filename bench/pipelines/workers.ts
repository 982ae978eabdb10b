import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describePlugin } from '@sluice/api';
import { javaCommand, kafkaClassPath, OwnedProcess } from '@sluice/testing';
import { hashingSink, orderSource } from './plugin/index.ts';

/** Defaults as both are shipped, or the best that was found for Java, ours likewise. */
export type Settings = 'default' | 'tuned';

/** One of the two that are compared. */
export interface Worker {
  readonly name: 'Sluice' | 'Java';
  /** For tables. */
  readonly label: string;
  readonly pluginPath: string;
  start(settings: Settings, files: readonly string[]): Promise<OwnedProcess>;
}

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const PLUGIN = new URL('./plugin/index.ts', import.meta.url);
const JAVA_SOURCES = fileURLToPath(new URL('./java', import.meta.url));
/** As the script `packages/cli/bin/sluice` starts it. */
const NODE_FLAGS = ['--max-semi-space-size=2'];

/** As the scripts of Apache Kafka start it; and the best of spec and trial at the same limit. */
const JAVA_FLAGS: Readonly<Record<Settings, readonly string[]>> = {
  default: ['-Xms256M', '-Xmx2G', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
  tuned: ['-Xms2G', '-Xmx2G', '-Xmn1400M', '-XX:+UseParallelGC'],
};

/** What a worker's file holds beside addresses. */
export function workerKeys(settings: Settings): Readonly<Record<string, string>> {
  if (settings === 'default') return {};
  return { 'producer.batch.size': '131072', 'producer.linger.ms': '10' };
}

/**
 * The built worker, with the bench's plug-ins as a package of their own. `main`: another one's
 * `dist/main.js`, to set two states of Sluice beside each other.
 */
export async function sluiceWorker(folder: string, main: string = MAIN): Promise<Worker> {
  const isOther = main !== MAIN;
  const pluginPath = path.join(folder, isOther ? 'other-plugins' : 'sluice-plugins');
  const home = path.join(pluginPath, 'bench');
  await mkdir(home, { recursive: true });
  const manifest = {
    api: 1,
    plugins: [
      describePlugin(orderSource, { export: '.', name: 'orderSource' }),
      describePlugin(hashingSink, { export: '.', name: 'hashingSink' }),
    ],
  };
  const packageJson = {
    name: 'sluice-bench',
    version: '1.0.0',
    type: 'module',
    connect: { api: 1, manifest: './connect.json' },
    exports: { '.': './index.js', './package.json': './package.json' },
  };
  await writeFile(path.join(home, 'package.json'), JSON.stringify(packageJson));
  await writeFile(path.join(home, 'connect.json'), JSON.stringify(manifest));
  await writeFile(path.join(home, 'index.js'), `export * from '${PLUGIN.href}';\n`);
  return {
    name: 'Sluice',
    label: isOther ? 'other Sluice' : 'Sluice',
    pluginPath,
    start: (_settings, files) =>
      OwnedProcess.start({
        what: 'Sluice',
        command: process.execPath,
        args: [...NODE_FLAGS, main, 'standalone', ...files],
        env: { NODE_OPTIONS: undefined },
      }),
  };
}

/** Java's connect-standalone, with the twins of the plug-ins, compiled here. */
export async function javaWorker(folder: string): Promise<Worker> {
  const pluginPath = path.join(folder, 'java-plugins');
  const classes = path.join(pluginPath, 'bench', 'classes');
  const services = path.join(classes, 'META-INF', 'services');
  await mkdir(services, { recursive: true });
  const classPath = await kafkaClassPath();
  const names = await readdir(JAVA_SOURCES, { recursive: true });
  const files = names.filter((name) => name.endsWith('.java'));
  const sources = files.map((name) => path.join(JAVA_SOURCES, name));
  await succeeded('javac', ['-nowarn', '-d', classes, '-cp', classPath, ...sources]);
  const kinds = { 'source.SourceConnector': 'OrderSource', 'sink.SinkConnector': 'HashingSink' };
  for (const [kind, name] of Object.entries(kinds)) {
    const file = path.join(services, `org.apache.kafka.connect.${kind}`);
    await writeFile(file, `io.sluice.bench.${name}\n`);
  }
  const jar = path.join(pluginPath, 'bench', 'bench.jar');
  await succeeded('jar', ['cf', jar, '-C', classes, '.']);
  return {
    name: 'Java',
    label: 'Java',
    pluginPath,
    start: (settings, connectFiles) =>
      OwnedProcess.start({
        what: 'connect-standalone',
        command: javaCommand(),
        args: [
          ...JAVA_FLAGS[settings],
          '-cp',
          classPath,
          'org.apache.kafka.connect.cli.ConnectStandalone',
          ...connectFiles,
        ],
      }),
  };
}

async function succeeded(command: string, args: readonly string[]): Promise<void> {
  const file = path.join(path.dirname(javaCommand()), command);
  await using child = await OwnedProcess.start({
    what: command,
    command: path.isAbsolute(file) ? file : command,
    args,
  });
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${child.outputTail()}`);
}
