import { startKafka, type KafkaCluster, type SluiceProcess } from '@sluice/testing';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { aFilePipeline, type FilePipeline } from './file-pipeline.ts';
import { appendNumberedLines, lastNumberIn, numberOf } from './numbered-lines.ts';
import { printedRecords } from './topic-text.ts';

const PART = 20_000;
const WAIT_MS = 120_000;

/** What a pipeline did when its broker was away. */
export interface OutageReport {
  /** From the broker's being back to the last line's arrival. */
  readonly recoveryMs: number;
  /** Lines that the sink wrote more than once; the topic holds each line exactly once. */
  readonly doubledInFile: number;
}

/**
 * Runs a file pipeline on Apache Kafka, lets `happen` befall the broker while lines are being written,
 * and checks that all of them arrive: in the topic once and in order, in the file at least once.
 */
export async function runWithOutage(
  happen: (kafka: KafkaCluster) => Promise<void>,
): Promise<OutageReport> {
  await using kafka = await startKafka();
  await using pipeline = await aFilePipeline({ bootstrapServers: kafka.bootstrapServers });
  await appendNumberedLines(pipeline.inFile, 0, PART);
  await using sluice = await pipeline.start();
  await lineArrives(sluice, pipeline, PART - 1);
  const outage = happen(kafka);
  await appendNumberedLines(pipeline.inFile, PART, 2 * PART);
  await outage;
  const backMs = performance.now();
  await appendNumberedLines(pipeline.inFile, 2 * PART, 3 * PART);
  await lineArrives(sluice, pipeline, 3 * PART - 1);
  const recoveryMs = Math.round(performance.now() - backMs);
  for (const name of ['lines-source', 'lines-sink']) {
    const answer = await fetch(`${pipeline.restUrl}/connectors/${name}/status`);
    assert.doesNotMatch(await answer.text(), /FAILED/, sluice.output);
  }
  await sluice.stop();
  const records = await printedRecords(kafka.bootstrapServers, pipeline.topic, 3 * PART);
  const numbers = records.map(({ value }) => numberOf(value));
  assert.deepEqual(numbers, [...numbers.keys()], 'the topic holds each line once, in order');
  const written = (await readFile(pipeline.outFile, 'utf8')).split('\n').slice(0, -1);
  assert.equal(new Set(written).size, 3 * PART, 'each line is in the file');
  return { recoveryMs, doubledInFile: written.length - 3 * PART };
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
