import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import {
  freePort,
  makeTempDir,
  startDevBrokerForTest,
  startSluice,
  type DevBrokerServer,
  type TempDir,
} from '@sluice/testing';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';

describe('where a worker writes its log, and that of its tasks', () => {
  let dir: TempDir;
  let broker: DevBrokerServer;
  let source = '';
  before(async () => {
    dir = await makeTempDir('logging');
    broker = await startDevBrokerForTest();
    await writeFile(dir.join('in'), 'one\n');
    source = dir.join('source.properties');
    await writeFile(
      source,
      `name=lines\nconnector.class=FileStreamSource\ntopic=lines\nfile=${dir.join('in')}\n`,
    );
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  async function workerFile(more = ''): Promise<{ readonly file: string; readonly url: string }> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const file = dir.join(`worker-${url.split(':').at(-1)}.properties`);
    await writeFile(
      file,
      `bootstrap.servers=${broker.bootstrapServers}\nkey.converter=${STRING}\n` +
        `value.converter=${STRING}\noffset.storage.file.filename=${dir.join('offsets')}\n` +
        `listeners=${url}\n${more}`,
    );
    return { file, url };
  }

  test('R9.05 S-L9 JSON lines go to standard error only, from every thread', async () => {
    const { file } = await workerFile('sluice.log.format=json\noffset.flush.interval.ms=200\n');
    await using sluice = await startSluice({ args: ['standalone', file, source] });
    await sluice.waitUntil('a task to tell of its offsets', () =>
      Promise.resolve(sluice.stderr.includes('[lines|task-0|offsets]')),
    );
    await sluice.stop();
    assert.equal(sluice.stdout, '');
    const lines = sluice.stderr.trim().split('\n');
    const contexts = lines.map((line) => (JSON.parse(line) as { context: string }).context);
    for (const context of ['', '[lines|task-0]', '[lines|task-0|offsets]'])
      assert.ok(contexts.includes(context), context);
  });

  test('R9.05 S-L1 S-L2 a log4j file says where to and how much, for the tasks too', async () => {
    const { file } = await workerFile();
    const log = dir.join('connect.log');
    await writeFile(log, 'from before\n');
    const config = dir.join('connect-log4j.properties');
    await writeFile(
      config,
      `log4j.rootLogger=INFO, FILE\nlog4j.appender.FILE.File=${log}\n` +
        'log4j.logger.org.apache.kafka.connect.runtime.WorkerSourceTask=OFF\n',
    );
    const env = { KAFKA_LOG4J_OPTS: `-Dlog4j.configuration=file:${config}` };
    await using sluice = await startSluice({ args: ['standalone', file, source], env });
    await sluice.waitUntil('a task to tell something', async () =>
      (await readFile(log, 'utf8')).includes('[lines|task-0]'),
    );
    await sluice.stop();
    assert.equal(sluice.output, '');
    const text = await readFile(log, 'utf8');
    assert.ok(text.startsWith('from before\n['));
    assert.ok(text.includes('Kafka Connect started'));
    assert.ok(!text.includes('runtime.WorkerSourceTask)'));
  });
});
