import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Props } from '@sluice/api';
import { createAdmin } from '@sluice/kafka/admin';
import { makeTempDir, type TempDir } from '@sluice/testing';
import { ConfigTransformer } from '../../src/config/config-transformer.ts';
import { standaloneConfig } from '../../src/config/worker-config.ts';
import { StandaloneHerder } from '../../src/control-plane/standalone/standalone-herder.ts';
import { workerConverters } from '../../src/control-plane/worker/worker-converters.ts';
import type { LineOutput } from '../../src/logging/line-output.ts';
import { Loggers } from '../../src/logging/loggers.ts';
import { discoverPlugins } from '../../src/plugins/discover-plugins.ts';
import { PluginCatalog } from '../../src/plugins/plugin-catalog.ts';
import { ConnectorOffsets } from '../../src/storage/connector-offsets.ts';
import { FileOffsetBackingStore } from '../../src/storage/file-offset-backing-store.ts';
import { ThreadTaskHost } from '../../src/task-host/thread-task-host.ts';

const CLI = dirname(fileURLToPath(new URL('../../../cli/package.json', import.meta.url)));
const STRING = 'org.apache.kafka.connect.storage.StringConverter';

/** A herder with its threads, its offsets file and a folder for files, without REST. */
export interface LiveWorker extends AsyncDisposable {
  readonly herder: StandaloneHerder;
  readonly dir: TempDir;
  readonly log: readonly string[];
  /** Creates a connector and waits for its tasks to run. */
  create(config: Props): Promise<void>;
  write(file: string, text: string): Promise<string>;
}

/** Starts one in this process, against a broker that is there. */
export async function aLiveWorker(
  bootstrapServers: string,
  changes: Props = {},
): Promise<LiveWorker> {
  const dir = await makeTempDir('worker');
  const log: string[] = [];
  const output: LineOutput = { write: (line) => void log.push(line) };
  const loggers = new Loggers({ output });
  const given = {
    'bootstrap.servers': bootstrapServers,
    'key.converter': STRING,
    'value.converter': STRING,
    'offset.storage.file.filename': dir.join('offsets'),
    'offset.flush.interval.ms': '200',
    ...changes,
  };
  const { values, props } = standaloneConfig(given);
  const found = await discoverPlugins({ workerDirectory: CLI, pluginPath: [] });
  const catalog = new PluginCatalog(found);
  const store = new FileOffsetBackingStore(dir.join('offsets'), loggers.get('offsets'));
  await store.start();
  const offsets = new ConnectorOffsets(store);
  const herder = new StandaloneHerder({
    worker: {
      catalog,
      converters: workerConverters(catalog, values),
      props,
      values,
      transformer: ConfigTransformer.ofWorker(given),
    },
    createTaskHost: (listener) => new ThreadTaskHost({ listener, offsets, loggers }),
    serverInfo: { version: '4.3.1-sluice', commit: 'x', kafka_cluster_id: 'c' },
    workerId: 'me:8083',
    logger: loggers.get('herder'),
    offsets,
    openAdmin: (config) => Promise.resolve(createAdmin(config, { logger: loggers.get('admin') })),
  });
  return {
    herder,
    dir,
    log,
    create: async (config) => {
      const name = config['name'] ?? '';
      await herder.putConnectorConfig(name, config, { allowReplace: false });
      await eventually('all tasks run', async () => {
        const { tasks } = await herder.connectorStatus(name);
        return tasks.every(({ state }) => state === 'RUNNING');
      });
    },
    write: async (file, text) => {
      await writeFile(dir.join(file), text, { flag: 'a' });
      return dir.join(file);
    },
    [Symbol.asyncDispose]: async () => {
      await herder.close();
      await store.stop();
      await dir[Symbol.asyncDispose]();
    },
  };
}

const WAIT_MS_MAX = 60_000;

/**
 * Checks until no assertion fails any more: a thread that is busy tells nothing of its tasks when it is
 * asked, and first reports come late on a loaded machine.
 */
export async function soon(what: string, check: () => Promise<void>): Promise<void> {
  let last: unknown;
  const isSo = async (): Promise<boolean> => {
    try {
      await check();
      return true;
    } catch (error) {
      last = error;
      return false;
    }
  };
  await eventually(what, isSo).catch((error: unknown) => {
    throw new Error(`${what}: it did not come to pass`, { cause: last ?? error });
  });
}

/** Waits until it is so; machines are loaded, so for long. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = Date.now() + WAIT_MS_MAX;
  while (!(await isSo())) {
    if (Date.now() > deadlineMs) throw new Error(`it did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
