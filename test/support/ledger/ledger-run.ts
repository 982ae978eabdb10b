import { createAdmin, silentLogger } from '@sluice/kafka';
import { kafkaTool, type KafkaCluster, type SluiceProcess } from '@sluice/testing';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeLedger } from './ledger-judge.ts';
import type { LedgerVerdict, LifeEnd, SourceLedger } from './ledger-judge.ts';
import { LedgerPipeline, PARTITIONS, PARTS, SINK_GROUP, TOPIC } from './ledger-pipeline.ts';
import type { LifePlan } from './life-plan.ts';

/** What a run came to. */
export interface LedgerReport extends LedgerVerdict {
  /** Lives that were ended as planned, without the last one. */
  readonly lives: number;
  /** The points at which lives ended, in order. */
  readonly killedAtPoints: readonly string[];
  readonly killedOutside: number;
  readonly stopped: number;
  /** Different records, of which each must be in the topic and in the sink. */
  readonly records: number;
  readonly recordsInTopic: number;
}

const POINT_TIMEOUT_MS = 60_000;
const LAST_LIFE_TIMEOUT_MS = 120_000;
const READ_TIMEOUT_MS = 300_000;
const RECORDS_AT_LAST = 500;
/** How often a long run says how far it is. */
const TELL_EVERY = 25;

/**
 * Runs the ledger's pipeline through one life of the worker for each plan, and a last one that reads
 * to an end and stops; then Java's console consumer reads the topic and the judge says what it finds.
 */
export async function ledgerRun(
  kafka: KafkaCluster,
  plans: readonly LifePlan[],
  tell: (text: string) => void,
): Promise<LedgerReport> {
  await using pipeline = await LedgerPipeline.create(kafka.bootstrapServers);
  await using admin = createAdmin(
    { 'bootstrap.servers': kafka.bootstrapServers },
    { logger: silentLogger },
  );
  await admin.createTopics([
    { name: TOPIC, partitions: PARTITIONS, replicationFactor: 1, configs: {} },
  ]);
  const ends: LifeEnd[] = [];
  for (const [life, plan] of plans.entries()) {
    await using worker = await pipeline.start(life, plan, null);
    await endAsPlanned(worker, plan, `life ${life}, ${JSON.stringify(plan)}`);
    ends.push({
      sourceCommitted: await pipeline.sourceCommitted(),
      sinkCommitted: await sinkCommitted(admin),
    });
    if (life % TELL_EVERY === TELL_EVERY - 1)
      tell(`${life + 1} lives: ${JSON.stringify(ends.at(-1))}`);
  }
  const records = (await mostRead(pipeline)) + RECORDS_AT_LAST;
  const counts = await lastLife(pipeline, admin, kafka, plans.length, records);
  const [values, lines] = await Promise.all([
    topicValues(kafka.bootstrapServers, counts),
    Promise.all(counts.map((_, partition) => pipeline.sinkLines(partition))),
  ]);
  const source = sourceLedgerOf(await pipeline.sourceLedger());
  const verdict = judgeLedger({ topic: TOPIC, ends, source, values, lines, records });
  return {
    ...verdict,
    lives: ends.length,
    killedAtPoints: await pipeline.firedPoints(),
    killedOutside: plans.filter(({ type }) => type === 'kill').length,
    stopped: plans.filter(({ type }) => type === 'stop').length,
    records: records * PARTS,
    recordsInTopic: counts.reduce((a, b) => a + b, 0),
  };
}

async function endAsPlanned(worker: SluiceProcess, plan: LifePlan, what: string): Promise<void> {
  if (plan.type === 'point') {
    const late = new AbortController();
    const ended = await Promise.race([
      worker.exited,
      sleep(POINT_TIMEOUT_MS, null, { signal: late.signal }).catch(() => null),
    ]);
    late.abort();
    const wanted = plan.mode === 'abort' ? 'SIGABRT' : 'SIGKILL';
    assert.equal(ended?.signal, wanted, `${what}: the point was not reached\n${tail(worker)}`);
    return;
  }
  await Promise.race([sleep(plan.afterMs), worker.exited]);
  assert.ok(worker.isRunning, `${what}: the worker ended by itself\n${tail(worker)}`);
  if (plan.type === 'freeze') {
    worker.pause();
    await sleep(plan.frozenMs);
    worker.resume();
    await sleep(plan.thawedMs);
  }
  if (plan.type !== 'stop') {
    await worker.kill();
    return;
  }
  const { code, signal } = await worker.stop(POINT_TIMEOUT_MS);
  // Before Node listens to it, the signal itself ends the process; nothing has begun then.
  assert.ok(code === 0 || signal === 'SIGTERM', `${what}: ${code} ${signal}\n${tail(worker)}`);
}

/** The life that is let run until everything is through. Answers the records per Kafka partition. */
async function lastLife(
  pipeline: LedgerPipeline,
  admin: ReturnType<typeof createAdmin>,
  kafka: KafkaCluster,
  life: number,
  records: number,
): Promise<readonly number[]> {
  await using worker = await pipeline.start(life, null, records);
  await worker.waitUntil(
    'the last offsets of the source',
    async () => (await pipeline.sourceCommitted()).every((seq) => seq === records - 1),
    LAST_LIFE_TIMEOUT_MS,
  );
  const counts = await topicCounts(kafka.bootstrapServers);
  await worker.waitUntil(
    `the offsets ${counts.join(', ')} of the sink`,
    async () => (await sinkCommitted(admin)).every((offset, i) => offset === counts[i]),
    LAST_LIFE_TIMEOUT_MS,
  );
  const { code } = await worker.stop();
  assert.equal(code, 0, tail(worker));
  return counts;
}

async function sinkCommitted(admin: ReturnType<typeof createAdmin>): Promise<readonly number[]> {
  const committed = Array.from({ length: PARTITIONS }, () => 0);
  for (const { topic, partition, offset } of await admin.listGroupOffsets(SINK_GROUP)) {
    if (topic === TOPIC) committed[partition] = offset;
  }
  return committed;
}

/** Per partition, how many records Java finds in the topic. */
async function topicCounts(bootstrapServers: string): Promise<readonly number[]> {
  const args = ['--bootstrap-server', bootstrapServers, '--topic', TOPIC];
  const { stdout, stderr } = await kafkaTool('GetOffsetShell', args);
  const counts = Array.from({ length: PARTITIONS }, () => 0);
  for (const [, partition, offset] of stdout.matchAll(/^ledger:(\d+):(\d+)$/gm)) {
    counts[Number(partition)] = Number(offset);
  }
  assert.ok(counts.some(Boolean), `GetOffsetShell found nothing: ${stdout}${stderr}`);
  return counts;
}

async function topicValues(
  bootstrapServers: string,
  counts: readonly number[],
): Promise<readonly (readonly string[])[]> {
  const args = ['--bootstrap-server', bootstrapServers, '--topic', TOPIC, '--from-beginning'];
  const total = String(counts.reduce((a, b) => a + b, 0));
  args.push('--max-messages', total, '--timeout-ms', String(READ_TIMEOUT_MS / 10));
  for (const property of ['print.partition=true', 'print.offset=true', 'print.value=true']) {
    args.push('--formatter-property', property);
  }
  const { stdout, stderr } = await kafkaTool('ConsoleConsumer', args, {
    timeoutMs: READ_TIMEOUT_MS,
  });
  const values: string[][] = counts.map(() => []);
  for (const line of stdout.split('\n').slice(0, -1)) {
    const [, partition = '', offset = '', value = ''] =
      /^Partition:(\d+)\tOffset:(\d+)\t(.*)$/.exec(line) ?? [];
    const list = values[Number(partition)];
    assert.equal(list?.length, Number(offset), `read out of order: ${line}`);
    list?.push(value);
  }
  assert.deepEqual(
    values.map(({ length }) => length),
    counts,
    stderr,
  );
  return values;
}

async function mostRead(pipeline: LedgerPipeline): Promise<number> {
  return Math.max(0, ...sourceLedgerOf(await pipeline.sourceLedger()).read);
}

/** Reads the lines that the source's tasks wrote. */
function sourceLedgerOf(lines: readonly string[]): SourceLedger {
  const started: (number | undefined)[][] = [];
  const read = Array.from({ length: PARTS }, () => 0);
  const acknowledged = read.map(() => new Set<number>());
  for (const line of lines) {
    const [what, ...numbers] = line.split(' ');
    const [life = 0, part = 0, value = 0] = numbers.map(Number);
    if (what === 'start') {
      while (started.length <= life) started.push([]);
      const starts = started[life];
      if (starts !== undefined) starts[part] = value;
    } else if (what === 'read') read[part] = Math.max(read[part] ?? 0, value);
    else if (what === 'acked') acknowledged[part]?.add(value);
    else throw new Error(`The ledger holds a line that nobody writes: ${line}`);
  }
  return { started, read, acknowledged };
}

function tail(worker: SluiceProcess): string {
  return worker.output.split('\n').slice(-40).join('\n');
}
