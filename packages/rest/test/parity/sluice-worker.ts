/** Our standalone worker in a folder of its own, set up as a recorded session asks. */
import { writeFile } from 'node:fs/promises';
import {
  freePort,
  makeTempDir,
  propertiesText,
  startSluice,
  type SluiceProcess,
  type TempDir,
} from '@sluice/testing';
import type { SessionHead, Target } from './session.ts';

const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';

/** A worker that runs until it is disposed. */
export class SluiceWorker implements AsyncDisposable {
  readonly target: Target;
  readonly process: SluiceProcess;
  readonly #dir: TempDir;

  constructor(target: Target, process: SluiceProcess, dir: TempDir) {
    this.target = target;
    this.process = process;
    this.#dir = dir;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** Starts one and waits until it has started. */
export async function startSluiceWorker(
  session: SessionHead,
  kafka: { readonly bootstrapServers: string },
): Promise<SluiceWorker> {
  const dir = await makeTempDir('rest-replay');
  for (const [name, text] of Object.entries(session.files)) await writeFile(dir.join(name), text);
  const main = `http://127.0.0.1:${await freePort()}`;
  const urls: Record<string, string> = { main };
  const addresses: Record<string, string> = {};
  for (const [name, property] of Object.entries(session.addresses)) {
    const url = `http://127.0.0.1:${await freePort()}`;
    urls[name] = url;
    addresses[property] = url;
  }
  await writeFile(
    dir.join('worker.properties'),
    propertiesText({
      'bootstrap.servers': kafka.bootstrapServers,
      'key.converter': CONVERTER,
      'value.converter': CONVERTER,
      'offset.storage.file.filename': 'offsets.bin',
      listeners: main,
      ...addresses,
      ...session.worker,
    }),
  );
  const hasJaas = session.files['jaas.conf'] !== undefined;
  const options = '-Djava.security.auth.login.config=jaas.conf';
  const process = await startSluice({
    args: ['standalone', 'worker.properties'],
    cwd: dir.path,
    env: hasJaas ? { KAFKA_OPTS: options } : {},
  });
  await process.outputMatches(/Kafka Connect started/);
  const clusterId = /Kafka cluster ID: (\S+)/.exec(process.output)?.[1] ?? 'unknown';
  return new SluiceWorker({ urls, clusterId }, process, dir);
}
