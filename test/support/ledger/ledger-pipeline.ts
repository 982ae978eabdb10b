import { describePlugin } from '@sluice/api';
import { freePort, makeTempDir, propertiesText, startSluice } from '@sluice/testing';
import type { SluiceProcess, TempDir } from '@sluice/testing';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { KILL_AT, KILL_LOG, SLOW_MS } from './kill-point.ts';
import { LIFE, RECORDS } from './ledger-source.ts';
import type { LifePlan } from './life-plan.ts';
import { ledgerSink, ledgerSource } from './plugins.ts';

export const TOPIC = 'ledger';
export const PARTITIONS = 3;
export const PARTS = 4;
export const SINK_GROUP = 'connect-ledger-sink';

const PLUGINS = new URL('./plugins.ts', import.meta.url);
const PRELOAD = fileURLToPath(new URL('./preload-kill-points.ts', import.meta.url));
const STRING = 'org.apache.kafka.connect.storage.StringConverter';

/** The files of a worker with a source of two tasks and a sink of two, for as many lives as wanted. */
export class LedgerPipeline implements AsyncDisposable {
  readonly #dir: TempDir;
  readonly #args: readonly string[];

  private constructor(dir: TempDir, args: readonly string[]) {
    this.#dir = dir;
    this.#args = args;
  }

  static async create(bootstrapServers: string): Promise<LedgerPipeline> {
    const dir = await makeTempDir('ledger');
    await writeLedgerPlugins(dir.join('plugins', 'ledger'));
    const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      worker: {
        'bootstrap.servers': bootstrapServers,
        'key.converter': STRING,
        'value.converter': STRING,
        'plugin.path': dir.join('plugins'),
        'offset.storage.file.filename': dir.join('offsets'),
        'offset.flush.interval.ms': '200',
        listeners: `http://127.0.0.1:${await freePort()}`,
        // A killed member stays in its group until its session is over; 45 s by default.
        'consumer.session.timeout.ms': '1000',
        'consumer.heartbeat.interval.ms': '200',
      },
      source: {
        name: 'ledger-source',
        'connector.class': 'io.sluice.test.LedgerSource',
        'tasks.max': '2',
        topic: TOPIC,
        parts: Array.from({ length: PARTS }, (_, part) => part).join(','),
        ledger: dir.join('ledger'),
      },
      sink: {
        name: 'ledger-sink',
        'connector.class': 'io.sluice.test.LedgerSink',
        'tasks.max': '2',
        topics: TOPIC,
        file: dir.join('out'),
      },
    };
    const args = ['standalone'];
    for (const [name, props] of Object.entries(files)) {
      args.push(dir.join(`${name}.properties`));
      await writeFile(dir.join(`${name}.properties`), propertiesText(props));
    }
    return new LedgerPipeline(dir, args);
  }

  /** Starts the worker. @param records how many per source partition, for the last life */
  start(life: number, plan: LifePlan | null, records: number | null): Promise<SluiceProcess> {
    const at = plan?.type === 'point' ? `${plan.mode}:${plan.point}:${plan.count}` : '';
    return startSluice({
      args: this.#args,
      cwd: this.#dir.path,
      isBuilt: true,
      nodeArgs: plan === null ? [] : ['--import', PRELOAD],
      env: {
        [LIFE]: String(life),
        [KILL_AT]: at,
        [SLOW_MS]: String(plan?.slowMs ?? 0),
        [KILL_LOG]: this.#dir.join('fired'),
        ...(records === null ? {} : { [RECORDS]: String(records) }),
      },
    });
  }

  /** The points at which lives ended, in order. */
  async firedPoints(): Promise<readonly string[]> {
    return linesOf(await this.#read('fired'));
  }

  async sourceLedger(): Promise<readonly string[]> {
    return linesOf(await this.#read('ledger'));
  }

  async sinkLines(partition: number): Promise<readonly string[]> {
    return linesOf(await this.#read(`out-${partition}`));
  }

  /** Per source partition: the number in the offsets file, out of the JSON in Java's form; else -1. */
  async sourceCommitted(): Promise<readonly number[]> {
    const text = await this.#read('offsets');
    const committed = Array.from({ length: PARTS }, () => -1);
    for (const [, part, seq] of text.matchAll(/\{"part":(\d+)\}\][^{]*\{"seq":(\d+)\}/g)) {
      committed[Number(part)] = Number(seq);
    }
    return committed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dir[Symbol.asyncDispose]();
  }

  #read(name: string): Promise<string> {
    return readFile(this.#dir.join(name), 'latin1').catch(() => '');
  }
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Writes a package for `plugin.path` whose code is that beside this file. */
export async function writeLedgerPlugins(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  const manifest = {
    api: 1,
    plugins: [
      describePlugin(ledgerSource, { export: '.', name: 'ledgerSource' }),
      describePlugin(ledgerSink, { export: '.', name: 'ledgerSink' }),
    ],
  };
  const packageJson = {
    name: 'sluice-test-ledger',
    version: '1.0.0',
    type: 'module',
    connect: { api: 1, manifest: './connect.json' },
    exports: { '.': './index.js', './package.json': './package.json' },
  };
  await writeFile(path.join(home, 'package.json'), JSON.stringify(packageJson));
  await writeFile(path.join(home, 'connect.json'), JSON.stringify(manifest));
  await writeFile(path.join(home, 'index.js'), `export * from '${PLUGINS.href}';\n`);
}
