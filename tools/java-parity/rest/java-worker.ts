/** Java's standalone worker in a folder of its own, set up as a session asks. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  KAFKA_VERSION,
  freePort,
  makeTempDir,
  propertiesText,
  OwnedProcess,
  javaCommand,
  kafkaClassPath,
  testCacheDir,
  waitUntil,
  type TempDir,
} from '@sluice/testing';
import type { SessionHead, Target } from '../../../packages/rest/test/parity/session.ts';

const HEAP_MB = 256;
const JAAS_OPTION = '-Djava.security.auth.login.config=jaas.conf';
const READY_TIMEOUT_MS = 90_000;
const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';

/** A worker that runs until it is disposed. */
export class JavaWorker implements AsyncDisposable {
  readonly target: Target;
  readonly #process: OwnedProcess;
  readonly #dir: TempDir;

  constructor(target: Target, process: OwnedProcess, dir: TempDir) {
    this.target = target;
    this.#process = process;
    this.#dir = dir;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** What every worker of a session has, beside the session's own. */
export function commonProps(bootstrapServers: string): Record<string, string> {
  return {
    'bootstrap.servers': bootstrapServers,
    'key.converter': CONVERTER,
    'value.converter': CONVERTER,
  };
}

/** Starts one and waits until its REST answers. */
export async function startJavaWorker(
  session: SessionHead,
  kafka: { readonly bootstrapServers: string; readonly clusterId: string },
  mode: { readonly mainClass: string; readonly props: Readonly<Record<string, string>> },
): Promise<JavaWorker> {
  const dir = await makeTempDir('rest-recorder');
  for (const [name, text] of Object.entries(session.files)) await writeFile(dir.join(name), text);
  const urls: Record<string, string> = { main: `http://127.0.0.1:${await freePort()}` };
  const addresses: Record<string, string> = {};
  for (const [name, property] of Object.entries(session.addresses)) {
    const url = `http://127.0.0.1:${await freePort()}`;
    urls[name] = url;
    addresses[property] = url;
  }
  const props = {
    ...commonProps(kafka.bootstrapServers),
    listeners: urls['main'] ?? '',
    ...mode.props,
    ...addresses,
    ...session.worker,
  };
  await writeFile(dir.join('worker.properties'), propertiesText(props));
  await writeFile(dir.join('log4j2.properties'), 'rootLogger.level = info\n');
  const process = await OwnedProcess.start({
    what: `Java's Connect worker ${KAFKA_VERSION}`,
    command: javaCommand(),
    args: [
      `-Xmx${HEAP_MB}m`,
      '-XX:+UseSerialGC',
      '-Dlog4j2.configurationFile=log4j2.properties',
      ...(session.files['jaas.conf'] === undefined ? [] : [JAAS_OPTION]),
      '-cp',
      `${await kafkaClassPath()}:${await extensionClassPath(session)}`,
      mode.mainClass,
      'worker.properties',
    ],
    cwd: dir.path,
  });
  await waitUntil("Java's worker to answer", () => isListening(urls['main'] ?? ''), {
    timeoutMs: READY_TIMEOUT_MS,
    onTimeout: () => process.outputTail(),
  });
  return new JavaWorker({ urls, clusterId: kafka.clusterId }, process, dir);
}

/** Java's Basic auth extension is a jar of its own. */
async function extensionClassPath({ worker }: SessionHead): Promise<string> {
  if (worker['rest.extension.classes'] === undefined) return '.';
  const name = 'connect-basic-auth-extension';
  const folder = path.join(testCacheDir(), `${name}-${KAFKA_VERSION}`);
  if (!existsSync(folder))
    await promisify(execFile)('mvn', [
      '-q',
      '-B',
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy',
      `-Dartifact=org.apache.kafka:${name}:${KAFKA_VERSION}`,
      `-DoutputDirectory=${folder}`,
    ]);
  return path.join(folder, '*');
}

/** Ready, or guarded: both come only when the resources are there. */
async function isListening(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/connectors`);
  await answer.body?.cancel();
  return answer.status === 200 || answer.status === 401;
}
