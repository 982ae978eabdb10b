import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import {
  freePort,
  makeTempDir,
  startDevBrokerForTest,
  startSluice,
  type DevBrokerServer,
  type SluiceProcess,
  type TempDir,
} from '@sluice/testing';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';

describe('commands for configs and for a worker that runs', () => {
  let dir: TempDir;
  let broker: DevBrokerServer;
  let worker: SluiceProcess;
  let url = '';
  let workerFile = '';
  before(async () => {
    dir = await makeTempDir('commands');
    broker = await startDevBrokerForTest();
    url = `http://127.0.0.1:${await freePort()}`;
    workerFile = await file(
      'worker.properties',
      `bootstrap.servers=${broker.bootstrapServers}\nkey.converter=${STRING}\n` +
        `value.converter=${STRING}\noffset.storage.file.filename=${dir.join('offsets')}\n` +
        `listeners=${url}\noffset.flush.interval.ms=200\n`,
    );
    await file('in', 'one\ntwo\n');
    worker = await startSluice({ args: ['standalone', workerFile] });
    await worker.restReady(url);
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  async function file(name: string, text: string): Promise<string> {
    await writeFile(dir.join(name), text);
    return dir.join(name);
  }

  async function connectorFile(name: string, more: Record<string, string> = {}): Promise<string> {
    const config = { 'connector.class': 'FileStreamSource', topic: name, file: dir.join('in') };
    return file(`${name}.json`, JSON.stringify({ name, ...config, ...more }));
  }

  async function run(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    await using sluice = await startSluice({ args });
    const { code } = await sluice.exited;
    return { code, output: sluice.output };
  }

  test('lint: warnings end with 0, and with 4 when strict or when a class is unknown', async () => {
    const doubtful = await connectorFile('doubtful', { 'task.max': '1' });
    const good = await connectorFile('good');
    const warned = await run('lint', '--worker', workerFile, doubtful, good);
    assert.equal(warned.code, 0);
    assert.match(warned.output, /warning: "task\.max" is not known .*Did you mean "tasks\.max"\?/);
    assert.match(warned.output, /good\.json: ok/);
    assert.ok(!warned.output.includes('\u001b['), 'no colour without a terminal');
    assert.equal((await run('lint', '--strict', doubtful)).code, 4);
    const unknown = await connectorFile('unknown', { 'connector.class': 'FileStreamSauce' });
    assert.equal((await run('lint', unknown)).code, 4);
    const json = await run('lint', '--json', doubtful);
    const [result] = JSON.parse(json.output) as { findings: { key: string }[] }[];
    assert.deepEqual(
      result?.findings.map(({ key }) => key),
      ['task.max'],
    );
  });

  test('lint and preview of files that are not there end with 2 and name them', async () => {
    for (const args of [
      ['lint', '/nope.json'],
      ['preview', '--worker', workerFile, '/nope.json'],
    ]) {
      const { code, output } = await run(...args);
      assert.equal(code, 2);
      assert.match(output, /\/nope\.json: there is no such file/);
    }
    const { code, output } = await run('preview', await connectorFile('lost'));
    assert.equal(code, 2);
    assert.match(output, /A preview needs a worker/);
  });

  test('preview shows the records step by step, from a file or by a worker', async () => {
    const path = await connectorFile('tried');
    const here = await run('preview', '--worker', workerFile, '-n', '1', path);
    assert.equal(here.code, 0, here.output);
    assert.match(here.output, /Record 1\n {2}poll\n/);
    assert.match(here.output, /KAFKA_PRODUCE\n {4}topic: tried\n {4}value: one\n/);
    const there = await run('preview', '--url', url, '-n', '2', '--json', path);
    const { records } = JSON.parse(there.output) as { records: unknown[] };
    assert.equal(records.length, 2);
  });

  test('connectors: created, listed, looked at, stopped and deleted over REST', async () => {
    const path = await connectorFile('lines');
    assert.match(
      (await run('connectors', 'create', '--url', url, path)).output,
      /lines: is created/,
    );
    assert.equal((await run('connectors', 'create', '--url', url, path)).code, 5);
    await worker.waitUntil('it runs', async () => {
      const { output } = await run('connectors', '--url', url);
      return /^NAME +TYPE +STATE +TASKS +WORKER\nlines +source +RUNNING +1 RUNNING +/.test(output);
    });
    const status = await run('connectors', 'status', '--url', url, 'lines');
    assert.match(status.output, /^lines-0 +task +RUNNING/m);
    const applied = await run('connectors', 'apply', '--url', url, path);
    assert.match(applied.output, /lines: has this config now/);
    await worker.waitUntil('its offset is stored', async () => {
      const { output } = await run('connectors', 'offsets', '--url', url, 'lines');
      return output.includes('{"position":8}');
    });
    const topics = await run('connectors', 'topics', '--url', url, 'lines');
    assert.equal(topics.output, 'lines\n');
    const early = await run('connectors', 'reset-offsets', '--url', url, 'lines');
    assert.equal(early.code, 5);
    assert.match(early.output, /must be in the STOPPED state/);
    assert.equal((await run('connectors', 'stop', '--url', url, 'lines')).code, 0);
    const reset = await run('connectors', 'reset-offsets', '--url', url, 'lines');
    assert.match(reset.output, /have been reset successfully/);
    assert.match((await run('connectors', 'delete', '--url', url, 'lines')).output, /is deleted/);
    assert.equal((await run('connectors', 'status', '--url', url, 'lines')).code, 5);
  });

  test('connectors: mistakes of arguments end with 1, no worker with 2', async () => {
    assert.equal((await run('connectors', 'dance', '--url', url)).code, 1);
    assert.equal((await run('connectors', 'stop', '--url', url)).code, 1);
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const { code, output } = await run('connectors', '--url', nobody);
    assert.equal(code, 2);
    assert.match(output, /Is the worker running/);
  });

  test('plugins describe tells the keys of a plug-in, by any of its names', async () => {
    const { code, output } = await run('plugins', 'describe', 'FileStreamSource');
    assert.equal(code, 0);
    assert.match(output, /^topic +string +required/m);
    assert.match(
      (await run('plugins', 'describe', 'HoistField$Value', '--json')).output,
      /"field"/,
    );
    assert.equal((await run('plugins', 'describe', 'Nope')).code, 2);
    assert.equal((await run('plugins', 'describe')).code, 1);
  });

  test('plugins new writes a package, and nothing into a directory that holds something', async () => {
    const place = dir.join('connect-orders');
    const { code, output } = await run('plugins', 'new', 'source', 'connect-orders', place);
    assert.equal(code, 0, output);
    assert.match(output, /package\.json\n[^]*npm test/);
    assert.equal((await run('plugins', 'new', 'source', 'connect-orders', place)).code, 2);
    assert.equal((await run('plugins', 'new', 'pump', 'x')).code, 1);
  });

  test('completion scripts hold the commands, for each shell', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, output } = await run('completion', shell);
      assert.equal(code, 0);
      for (const word of ['standalone', 'connectors', 'reset-offsets', '--strict'])
        assert.ok(output.includes(word), `${shell}: ${word}`);
    }
    assert.equal((await run('completion', 'zork')).code, 1);
  });
});
