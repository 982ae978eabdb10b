/**
 * Records what two of Java's distributed workers answer: the leader asked, the follower asked, and
 * both during a rebalance, into `packages/rest/golden/distributed*.jsonl`.
 *
 *     node --conditions=@sluice/source tools/java-parity/rest/record-distributed.ts
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka } from '@sluice/testing';
import {
  take,
  type RecordedStep,
  type Target,
} from '../../../packages/rest/test/parity/session.ts';
import { startJavaWorker, type JavaWorker } from './java-worker.ts';
import { play, writeRecording } from './recording-file.ts';
import { DISTRIBUTED_SESSION, REBALANCE_ASKS } from './sessions/distributed.ts';
import { SOURCE, ask } from './sessions/builder.ts';

const DISTRIBUTED = {
  mainClass: 'org.apache.kafka.connect.cli.ConnectDistributed',
  props: {
    'group.id': 'connect-parity',
    'offset.storage.topic': 'connect-offsets',
    'offset.storage.replication.factor': '1',
    'offset.storage.partitions': '1',
    'config.storage.topic': 'connect-configs',
    'config.storage.replication.factor': '1',
    'status.storage.topic': 'connect-status',
    'status.storage.replication.factor': '1',
    'status.storage.partitions': '1',
    'scheduled.rebalance.max.delay.ms': '0',
  },
};
/** Long enough for a worker that was killed to be missed. */
const AFTERMATH_MS = 20_000;
const ROUND_PAUSE_MS = 300;

function urlOf(worker: JavaWorker): string {
  return worker.target.urls['main'] ?? '';
}

/** The same asks again and again; every answer that was not seen before is kept. */
async function duringRebalance(
  target: Target,
  steps: RecordedStep[],
  signal: AbortSignal,
): Promise<void> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    const answers = await Promise.all(
      REBALANCE_ASKS.map(async (step) => {
        // Java's server ends connections whose request has waited for half a minute.
        const answer = await take(target, step).catch(() => null);
        return { step, answer };
      }),
    );
    for (const { step, answer } of answers) {
      if (!('ask' in step) || answer === null) continue;
      const recorded: RecordedStep = { ...step, answer };
      const text = JSON.stringify(recorded);
      if (!seen.has(text)) steps.push(recorded);
      seen.add(text);
    }
    // The third worker needs some of the machine too.
    await sleep(ROUND_PAUSE_MS);
  }
}

async function main(): Promise<void> {
  await using kafka = await startKafka();
  // The first to join leads.
  await using leader = await startJavaWorker(DISTRIBUTED_SESSION, kafka, DISTRIBUTED);
  await using follower = await startJavaWorker(DISTRIBUTED_SESSION, kafka, DISTRIBUTED);
  const urls = { leader: urlOf(leader), follower: urlOf(follower) };
  const target: Target = { urls, clusterId: kafka.clusterId };
  const steps: RecordedStep[] = [];
  try {
    await play(DISTRIBUTED_SESSION.steps, target, steps);
  } finally {
    await writeRecording(DISTRIBUTED_SESSION, steps);
  }
  const session = { ...DISTRIBUTED_SESSION, name: 'distributed-rebalance' };
  const busy: RecordedStep[] = [];
  const config = `{${SOURCE},"tasks.max":"1"}`;
  await play([ask('PUT', '/connectors/busy/config', config, { to: 'leader' })], target, busy);
  const ended = new AbortController();
  const asking = duringRebalance(target, busy, ended.signal);
  {
    // It joins, and is killed at the end of this block.
    await using third = await startJavaWorker(DISTRIBUTED_SESSION, kafka, DISTRIBUTED);
    process.stdout.write(`third worker at ${urlOf(third)}\n`);
  }
  await sleep(AFTERMATH_MS);
  ended.abort();
  await asking;
  await writeRecording(session, busy);
}

await main();
