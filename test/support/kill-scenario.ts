import { createAdmin, silentLogger } from '@sluice/kafka';
import type { KafkaCluster, SluiceProcess } from '@sluice/testing';
import { waitUntil } from '@sluice/testing';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { aFilePipeline, type FilePipeline } from './file-pipeline.ts';
import type { KillPoint, KillReport } from './kill-judge.ts';
import {
  appendNumberedLines,
  lastNumberIn,
  NUMBERED_LINE_BYTES,
  numberOf,
} from './numbered-lines.ts';
import { printedRecords } from './topic-text.ts';

/** How to run it. */
export interface KillOptions {
  readonly kafka: KafkaCluster;
  readonly lines: number;
  /** For each kill, how far into its part of the lines the sink's file must be: 0 to 1. */
  readonly progress: readonly number[];
}

const SINK_GROUP = 'connect-lines-sink';
const WAIT_MS = 120_000;
/** Long enough for a broker that is up to answer what reached it. */
const SETTLE_MS = 1000;

/**
 * Runs a file pipeline over numbered lines and kills the worker (SIGKILL) once per entry of
 * `progress`. The input grows in steps. Each life of the worker first reads a part that is waited for
 * until both connectors have committed beyond what the life began with, then another part in whose
 * middle it is killed, when the sink's file has come as far as `progress` says.
 */
export async function runWithKills(options: KillOptions): Promise<KillReport> {
  const { kafka, lines, progress } = options;
  await using pipeline = await aFilePipeline({
    bootstrapServers: kafka.bootstrapServers,
    workerProps: {
      // A killed member stays in its group until its session is over; 45 s by default.
      'consumer.session.timeout.ms': '3000',
      'consumer.heartbeat.interval.ms': '500',
    },
  });
  await appendNumberedLines(pipeline.inFile, 0, 0);
  const part = Math.floor(lines / (2 * progress.length + 1));
  const kills: KillPoint[] = [];
  for (const fraction of progress) {
    const from = 2 * kills.length * part;
    kills.push(await oneLife(pipeline, kafka, { from, part, fraction, before: kills.at(-1) }));
  }
  await lastLife(pipeline, 2 * kills.length * part, lines);
  const records = await printedRecords(kafka.bootstrapServers, pipeline.topic, lines);
  const topic = records.map(({ value }) => numberOf(value) ?? Number.NaN);
  const text = await readFile(pipeline.outFile, 'utf8');
  const out = text.split('\n').slice(0, -1);
  return { kills, topic, out: out.map((line) => numberOf(line) ?? line) };
}

interface Life {
  readonly from: number;
  readonly part: number;
  readonly fraction: number;
  readonly before: KillPoint | undefined;
}

async function oneLife(
  pipeline: FilePipeline,
  kafka: KafkaCluster,
  { from, part, fraction, before }: Life,
): Promise<KillPoint> {
  await using sluice = await pipeline.start();
  await appendNumberedLines(pipeline.inFile, from, from + part);
  await sluice.waitUntil(
    `the source to commit line ${from + part}`,
    async () => (await committedLines(pipeline)) >= from + part,
    WAIT_MS,
  );
  await sluice.waitUntil(
    'the sink to commit',
    async () => (await committedRecords(kafka)) > (before?.committedRecords ?? 0),
    WAIT_MS,
  );
  await appendNumberedLines(pipeline.inFile, from + part, from + 2 * part);
  const target = from + part + Math.floor(part * fraction);
  await waitUntil(
    `line ${target} in the sink's file`,
    async () => (await lastNumberIn(pipeline.outFile)) >= target,
    { timeoutMs: WAIT_MS, intervalMs: 2, onTimeout: () => tail(sluice) },
  );
  await sluice.kill();
  return {
    committedLines: await committedLines(pipeline),
    committedRecords: await settledRecords(kafka),
    lastWritten: await lastNumberIn(pipeline.outFile),
  };
}

async function lastLife(pipeline: FilePipeline, from: number, lines: number): Promise<void> {
  await using sluice = await pipeline.start();
  await appendNumberedLines(pipeline.inFile, from, lines);
  await sluice.waitUntil(
    'the last line in the file of the sink',
    async () => (await lastNumberIn(pipeline.outFile)) === lines - 1,
    WAIT_MS,
  );
  const { code, signal } = await sluice.stop();
  if (code === null) throw new Error(`The clean stop ended with ${signal}:\n${tail(sluice)}`);
  const { size } = await stat(pipeline.inFile);
  const position = await pipeline.committedPosition();
  if (position !== size) throw new Error(`Stopped with ${position} of ${size} bytes committed`);
}

async function committedLines(pipeline: FilePipeline): Promise<number> {
  return (await pipeline.committedPosition()) / NUMBERED_LINE_BYTES;
}

/**
 * What the broker holds once it has read everything that the killed worker had still sent: its last
 * commit may be in a socket's buffer when the process is gone already.
 */
async function settledRecords(kafka: KafkaCluster): Promise<number> {
  let last = await committedRecords(kafka);
  for (;;) {
    await sleep(SETTLE_MS);
    const now = await committedRecords(kafka);
    if (now === last) return now;
    last = now;
  }
}

async function committedRecords(kafka: KafkaCluster): Promise<number> {
  await using admin = createAdmin(
    { 'bootstrap.servers': kafka.bootstrapServers },
    { logger: silentLogger },
  );
  const offsets = await admin.listGroupOffsets(SINK_GROUP);
  return offsets.find(({ partition }) => partition === 0)?.offset ?? 0;
}

function tail(sluice: SluiceProcess): string {
  return sluice.output.split('\n').slice(-40).join('\n');
}
