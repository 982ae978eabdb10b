import { makeTempDir, startDevBrokerForTest, startSluice } from '@sluice/testing';
import type { DevBrokerServer } from '@sluice/testing';
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import {
  aFilePipeline,
  type FilePipeline,
  type FilePipelineOptions,
} from './support/file-pipeline.ts';

/** Exit codes as Java's: 2 when the worker can't start, 3 when it or a connector fails on the way. */
const CANNOT_START = 2;
const FAILED_START = 3;
/** None may hang: the bad input is told within this. */
const EXIT_TIMEOUT_MS = 60_000;

interface BadInput {
  readonly title: string;
  readonly code: number;
  /** All of them must be in the output. */
  readonly says: readonly RegExp[];
  readonly options?: Partial<FilePipelineOptions>;
  /** Spoils something before the start; answers the arguments, if they are not the pipeline's. */
  readonly spoil?: (pipeline: FilePipeline) => Promise<readonly string[] | null>;
}

const CASES: readonly BadInput[] = [
  {
    title: 'a worker file that is not there',
    code: CANNOT_START,
    says: [/no-such\.properties/],
    spoil: ({ dir }) => Promise.resolve(['standalone', dir.join('no-such.properties')]),
  },
  {
    title: 'a worker file with a broken escape',
    code: CANNOT_START,
    says: [/broken\.properties/, /line 2/, /column/],
    spoil: async ({ dir }) => {
      await writeFile(dir.join('broken.properties'), 'a=b\nc=\\u12G4\n');
      return ['standalone', dir.join('broken.properties')];
    },
  },
  {
    title: 'a worker file without a key that is required',
    code: CANNOT_START,
    says: [/Missing required configuration "key\.converter" which has no default value/],
    spoil: async ({ dir }) => {
      await writeFile(dir.join('short.properties'), 'bootstrap.servers=127.0.0.1:9\n');
      return ['standalone', dir.join('short.properties')];
    },
  },
  {
    title: 'a connector file that is not there',
    code: FAILED_START,
    says: [/no-such-connector\.json/],
    spoil: ({ dir, workerFile }) =>
      Promise.resolve(['standalone', workerFile, dir.join('no-such-connector.json')]),
  },
  {
    title: 'a connector file with malformed JSON',
    code: FAILED_START,
    says: [/broken\.json/, /line 3/, /column/],
    spoil: async ({ dir, workerFile }) => {
      await writeFile(dir.join('broken.json'), '{\n  "name": "x",\n  "config": {,}\n}\n');
      return ['standalone', workerFile, dir.join('broken.json')];
    },
  },
  {
    title: 'a connector without a class',
    code: FAILED_START,
    says: [/connector\.class|contains no connector type/],
    spoil: async ({ dir, workerFile }) => {
      await writeFile(dir.join('c.properties'), 'name=c\ntopic=t\n');
      return ['standalone', workerFile, dir.join('c.properties')];
    },
  },
  {
    title: 'a class that nobody knows, with the nearest one that is known',
    code: FAILED_START,
    says: [/FileStreamSorce/, /Did you mean .*FileStreamSourceConnector/],
    options: { sourceProps: { 'connector.class': 'FileStreamSorce' } },
  },
  {
    title: 'a connector that lacks a required key',
    code: FAILED_START,
    says: [/Missing required configuration "topic"/],
    spoil: async ({ dir, workerFile }) => {
      await writeFile(dir.join('c.properties'), 'name=c\nconnector.class=FileStreamSource\n');
      return ['standalone', workerFile, dir.join('c.properties')];
    },
  },
  {
    title: 'an offsets file that can not be written',
    code: FAILED_START,
    says: [/offset\.storage\.file\.filename|offsets/i, /no-such-folder/],
    options: { workerProps: { 'offset.storage.file.filename': 'no-such-folder/offsets' } },
  },
  {
    title: 'an offsets file that is a folder',
    code: FAILED_START,
    says: [/offsets/],
    spoil: async ({ offsetsFile }) => {
      await mkdir(offsetsFile);
      return null;
    },
  },
  {
    title: 'an offsets file with something else in it',
    code: FAILED_START,
    says: [/offsets/],
    spoil: async ({ offsetsFile }) => {
      await writeFile(offsetsFile, 'this is no serialised map');
      return null;
    },
  },
];

describe('sluice standalone refuses, with a reason and an exit code,', () => {
  let broker: DevBrokerServer;
  before(async () => {
    broker = await startDevBrokerForTest();
  });
  after(() => broker[Symbol.asyncDispose]());

  for (const bad of CASES) {
    it(bad.title, { timeout: EXIT_TIMEOUT_MS }, async () => {
      const { bootstrapServers } = broker;
      await using pipeline = await aFilePipeline({ bootstrapServers, ...bad.options });
      const given = await bad.spoil?.(pipeline);
      const args = given ?? ['standalone', pipeline.workerFile, ...pipeline.connectorFiles];
      await assertRefused(args, pipeline.dir.path, bad.code, bad.says);
    });
  }

  it('a REST port that is in use', { timeout: EXIT_TIMEOUT_MS }, async () => {
    const { server, port } = await aListener();
    try {
      await using pipeline = await aFilePipeline({
        bootstrapServers: broker.bootstrapServers,
        workerProps: { listeners: `http://127.0.0.1:${port}` },
      });
      const args = ['standalone', pipeline.workerFile];
      await assertRefused(args, pipeline.dir.path, CANNOT_START, [
        new RegExp(String(port)),
        /listeners/,
      ]);
    } finally {
      server.close();
    }
  });

  it('no arguments at all', { timeout: EXIT_TIMEOUT_MS }, async () => {
    await assertRefused(['standalone'], process.cwd(), 1, [/worker/]);
  });
});

describe('sluice dev-broker refuses, with a reason and an exit code,', () => {
  it('a data directory of another version', { timeout: EXIT_TIMEOUT_MS }, async () => {
    await using dir = await makeTempDir('other-version');
    const record = { format: 99, clusterId: 'x', startCount: 1 };
    await writeFile(dir.join('broker.json'), JSON.stringify(record));
    const args = ['dev-broker', '--port', '0', '--data-dir', dir.path];
    await assertRefused(args, dir.path, CANNOT_START, [/format 99/, /other directory|another/]);
    assert.deepEqual(JSON.parse(await readFile(dir.join('broker.json'), 'utf8')), record);
  });

  it('a directory that holds something else', { timeout: EXIT_TIMEOUT_MS }, async () => {
    await using dir = await makeTempDir('foreign');
    await writeFile(dir.join('diary.txt'), 'dear diary');
    const args = ['dev-broker', '--port', '0', '--data-dir', dir.path];
    await assertRefused(args, dir.path, CANNOT_START, [/diary\.txt/]);
  });

  it('a port that is in use', { timeout: EXIT_TIMEOUT_MS }, async () => {
    await using dir = await makeTempDir('port');
    const { server, port } = await aListener();
    try {
      const args = ['dev-broker', '--port', String(port), '--data-dir', dir.join('data')];
      await assertRefused(args, dir.path, CANNOT_START, [new RegExp(String(port))]);
    } finally {
      server.close();
    }
  });
});

async function assertRefused(
  args: readonly string[],
  cwd: string,
  code: number,
  says: readonly RegExp[],
): Promise<void> {
  await using sluice = await startSluice({ args, cwd });
  const status = await sluice.exited;
  assert.deepEqual(status, { code, signal: null }, sluice.output);
  for (const pattern of says) assert.match(sluice.output, pattern);
  assert.doesNotMatch(sluice.output, /UnhandledPromiseRejection|TypeError/);
}

async function aListener(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, port: address.port };
}
