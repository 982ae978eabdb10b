import { requireServer, startKafka, type KafkaCluster, type SluiceProcess } from '@sluice/testing';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { aFilePipeline, type FilePipeline } from './support/file-pipeline.ts';
import { appendNumberedLines, lastNumberIn, numberOf } from './support/numbered-lines.ts';
import { printedRecords } from './support/topic-text.ts';

const PART = 20_000;
const WAIT_MS = 120_000;
const PAUSED_MS = 5_000;

interface Outage {
  readonly title: string;
  readonly happen: (kafka: KafkaCluster) => Promise<void>;
}

const OUTAGES: readonly Outage[] = [
  { title: 'stopped and started again', happen: (kafka) => kafka.restart() },
  {
    title: 'killed and started again',
    happen: async (kafka) => {
      await kafka.kill();
      await kafka.start();
    },
  },
  {
    title: 'halted for five seconds',
    happen: async (kafka) => {
      kafka.pause();
      await sleep(PAUSED_MS);
      kafka.resume();
    },
  },
];

for (const { title, happen } of OUTAGES) {
  test(`a running pipeline goes on without loss or repetition when its broker is ${title}`, async (t) => {
    if (!(await requireServer(t, 'kafka'))) return;
    await using kafka = await startKafka();
    await using pipeline = await aFilePipeline({ bootstrapServers: kafka.bootstrapServers });
    await appendNumberedLines(pipeline.inFile, 0, PART);
    await using sluice = await pipeline.start();
    await lineArrives(sluice, pipeline, PART - 1);
    const outage = happen(kafka);
    await appendNumberedLines(pipeline.inFile, PART, 2 * PART);
    await outage;
    await appendNumberedLines(pipeline.inFile, 2 * PART, 3 * PART);
    await lineArrives(sluice, pipeline, 3 * PART - 1);
    for (const name of ['lines-source', 'lines-sink']) {
      const answer = await fetch(`${pipeline.restUrl}/connectors/${name}/status`);
      assert.doesNotMatch(await answer.text(), /FAILED/, sluice.output);
    }
    await sluice.stop();
    const records = await printedRecords(kafka.bootstrapServers, pipeline.topic, 3 * PART);
    const numbers = records.map(({ value }) => numberOf(value));
    assert.deepEqual(numbers, [...numbers.keys()], 'the topic holds each line once, in order');
    const written = (await readFile(pipeline.outFile, 'utf8')).split('\n').slice(0, -1);
    assert.equal(new Set(written).size, 3 * PART);
    t.diagnostic(`${written.length - 3 * PART} lines were written twice by the sink`);
  });
}

async function lineArrives(
  sluice: SluiceProcess,
  pipeline: FilePipeline,
  number: number,
): Promise<void> {
  await sluice.waitUntil(
    `line ${number} to arrive`,
    async () => (await lastNumberIn(pipeline.outFile)) === number,
    WAIT_MS,
  );
}
