import { brokersUnderTest, startDevBrokerForTest, startSluice } from '@sluice/testing';
import type { RunningBroker } from '@sluice/testing';
import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { aFilePipeline } from './support/file-pipeline.ts';
import { appendNumberedLines, lastNumberIn } from './support/numbered-lines.ts';

const LINES = 50_000;
const MIXED = ['', 'plain', 'größer 🚰', '  spaces  ', '{"json":1}', 'tab\there', '', 'last'];

for (const broker of brokersUnderTest()) {
  const suite = `a file pipeline on ${broker.title}`;
  describe(suite, { skip: await broker.skipReason(suite) }, () => {
    let running: RunningBroker;
    before(async () => {
      running = await broker.start();
    });
    after(() => running[Symbol.asyncDispose]());

    it(`copies ${LINES} lines equal, byte for byte and in order`, async () => {
      await using pipeline = await aFilePipeline({
        bootstrapServers: running.bootstrapServers,
        topic: 'many',
      });
      await appendNumberedLines(pipeline.inFile, 0, LINES);
      await using sluice = await pipeline.start();
      await sluice.waitUntil(
        'the last line',
        async () => (await lastNumberIn(pipeline.outFile)) === LINES - 1,
      );
      await sluice.stop();
      const [sent, arrived] = await Promise.all([
        readFile(pipeline.inFile),
        readFile(pipeline.outFile),
      ]);
      assert.ok(sent.equals(arrived), `${sent.length} bytes sent, ${arrived.length} arrived`);
    });

    it('copies empty lines and text beyond ASCII, and goes on after a clean restart', async () => {
      await using pipeline = await aFilePipeline({
        bootstrapServers: running.bootstrapServers,
        topic: 'mixed',
      });
      const text = MIXED.map((line) => `${line}\n`).join('');
      await writeFile(pipeline.inFile, text);
      const arrived = async (wanted: string): Promise<boolean> =>
        (await readFile(pipeline.outFile, 'utf8')) === wanted;
      {
        await using sluice = await pipeline.start();
        await sluice.waitUntil('all lines', () => arrived(text));
        await sluice.stop();
      }
      assert.equal(await pipeline.committedPosition(), Buffer.byteLength(text));
      await appendFile(pipeline.inFile, 'nach dem Neustart: ü\n');
      await using again = await pipeline.start();
      await again.waitUntil('the new line', async () => !(await arrived(text)));
      await again.stop();
      assert.equal(await readFile(pipeline.outFile, 'utf8'), `${text}nach dem Neustart: ü\n`);
    });

    it('has a line that is appended in the other file within a second', async (t) => {
      await using pipeline = await aFilePipeline({
        bootstrapServers: running.bootstrapServers,
        topic: 'prompt',
      });
      await writeFile(pipeline.inFile, 'first\n');
      await using sluice = await pipeline.start();
      const holds = async (text: string): Promise<boolean> =>
        (await readFile(pipeline.outFile, 'utf8')).includes(text);
      await sluice.waitUntil('the first line', () => holds('first'));
      const appendedMs = performance.now();
      await appendFile(pipeline.inFile, 'second\n');
      await sluice.waitUntil('the second line', () => holds('second'));
      const tookMs = Math.round(performance.now() - appendedMs);
      t.diagnostic(`${tookMs} ms from append to arrival`);
      assert.ok(tookMs < 1_000, `took ${tookMs} ms`);
    });

    it('tells its state over REST', async () => {
      await using pipeline = await aFilePipeline({
        bootstrapServers: running.bootstrapServers,
        topic: 'told',
      });
      await writeFile(pipeline.inFile, 'x\n');
      await using sluice = await pipeline.start();
      const get = async (path: string): Promise<unknown> => {
        const answer = await fetch(`${pipeline.restUrl}${path}`);
        assert.equal(answer.status, 200, path);
        return answer.json();
      };
      await sluice.waitUntil('both connectors', async () => {
        const names = await get('/connectors');
        return Array.isArray(names) && names.length === 2;
      });
      await sluice.waitUntil('the task to run', async () =>
        /"tasks":\[\{"id":0,"state":"RUNNING"/.test(
          JSON.stringify(await get('/connectors/told-source/status')),
        ),
      );
      const { code } = await sluice.stop();
      assert.equal(code, 0);
    });
  });
}

describe('a pipeline from standard input to standard output', () => {
  it('copies the lines', async () => {
    await using broker = await startDevBrokerForTest();
    await using pipeline = await aFilePipeline({
      bootstrapServers: broker.bootstrapServers,
      isWithoutFiles: true,
    });
    await using sluice = await startSluice({
      args: ['standalone', pipeline.workerFile, ...pipeline.connectorFiles],
      cwd: pipeline.dir.path,
      input: 'one from stdin\nzwei von stdin: ü\n',
    });
    await sluice.waitUntil('both lines', () => {
      const lines = sluice.stdout.split('\n').filter((line) => line.includes('stdin'));
      return lines.includes('one from stdin') && lines.includes('zwei von stdin: ü');
    });
    assert.equal(await pipeline.committedPosition(), 0);
    await sluice.stop();
  });
});

describe('sluice standalone without a broker', () => {
  it('R2.25 says what it tries and which key to change, then exits with 2', async () => {
    await using pipeline = await aFilePipeline({
      bootstrapServers: '127.0.0.1:9',
      workerProps: { 'default.api.timeout.ms': '4000', 'request.timeout.ms': '2000' },
    });
    const args = ['standalone', pipeline.workerFile, ...pipeline.connectorFiles];
    await using sluice = await startSluice({ args, cwd: pipeline.dir.path });
    const { code } = await sluice.exited;
    assert.equal(code, 2, sluice.output);
    assert.match(sluice.output, /127\.0\.0\.1:9/);
    assert.match(sluice.output, /bootstrap\.servers/);
  });
});
