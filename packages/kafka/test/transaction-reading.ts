// What tests of transactions look at: what read_committed consumers see, what groups have committed, what leaders remember of
// producers; and the feature that decides on the protocol.
import { DescribeProducersRequest } from '@sluice/protocol/gen/describe-producers-request';
import { DescribeProducersResponse } from '@sluice/protocol/gen/describe-producers-response';
import { UpdateFeaturesRequest } from '@sluice/protocol/gen/update-features-request';
import { UpdateFeaturesResponse } from '@sluice/protocol/gen/update-features-response';
import { waitUntil } from '@sluice/testing';
import { parseAdminConfig } from '../src/admin/admin-config.ts';
import { systemClock } from '../src/clock.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { silentLogger } from '../src/logger.ts';
import type { ProducerState } from '../src/producer/producer-state.ts';
import { testConsumer, valuesOf } from './consuming.ts';

const WAIT_MS = 60_000;

/** Values of one partition that a `read_committed` consumer is given, up to the end as it sees it. */
export async function committedValues(
  servers: string,
  topic: string,
  partition = 0,
): Promise<readonly string[]> {
  await using consumer = testConsumer(servers, { 'isolation.level': 'read_committed' });
  consumer.assign([{ topic, partition }]);
  const [end] = await consumer.endOffsets([{ topic, partition }]);
  const values: string[] = [];
  for (const deadlineMs = Date.now() + WAIT_MS; ; ) {
    for (const columns of await consumer.poll(100)) values.push(...valuesOf(columns).map(String));
    if ((await consumer.position({ topic, partition })) >= (end?.offset ?? 0)) return values;
    if (Date.now() > deadlineMs) throw new Error(`${topic} was not read up to ${end?.offset}`);
  }
}

/** The end of what `read_committed` consumers see. */
export async function stableEnd(servers: string, topic: string): Promise<number> {
  await using consumer = testConsumer(servers, { 'isolation.level': 'read_committed' });
  const [end] = await consumer.endOffsets([{ topic, partition: 0 }]);
  return end?.offset ?? -1;
}

/** The group's committed offset of partition 0; `null` when there is none. */
export async function committedOffset(
  servers: string,
  group: string,
  topic: string,
): Promise<number | null> {
  await using consumer = testConsumer(servers, { 'group.id': group });
  const [offset] = await consumer.committed([{ topic, partition: 0 }]);
  return offset?.offset ?? null;
}

/** What partition 0's leader remembers of each producer. */
export async function rememberedProducers(
  servers: string,
  topic: string,
): Promise<readonly ProducerState[]> {
  using cluster = probe(servers);
  cluster.want([topic]);
  await cluster.refresh();
  const { leader } = cluster.metadata.partition(topic, 0) ?? { leader: -1 };
  const connection = await cluster.connection(leader);
  const answer = await connection.request(
    DescribeProducersRequest,
    DescribeProducersResponse,
    () => ({ topics: [{ name: topic, partitionIndexes: [0] }] }),
    { timeoutMs: WAIT_MS },
  );
  return answer.topics[0]?.partitions[0]?.activeProducers ?? [];
}

/** Sets the finalized level of `transaction.version` and waits until brokers say so. */
export async function setTransactionVersion(servers: string, level: number): Promise<void> {
  using cluster = probe(servers);
  await cluster.refresh();
  const connection = await cluster.anyBroker();
  if (connection.versions?.features.get(FEATURE) === level) return;
  const upgradeType =
    (connection.versions?.features.get(FEATURE) ?? 0) < level ? UPGRADE : DOWNGRADE;
  const update = { feature: FEATURE, maxVersionLevel: level, allowDowngrade: false, upgradeType };
  const answer = await connection.request(
    UpdateFeaturesRequest,
    UpdateFeaturesResponse,
    () => ({ timeoutMs: WAIT_MS, featureUpdates: [update], validateOnly: false }),
    { timeoutMs: WAIT_MS },
  );
  if (answer.errorCode !== 0) throw new Error(`${answer.errorCode}: ${answer.errorMessage}`);
  await waitUntil(`${FEATURE} to be ${level}`, async () => {
    using fresh = probe(servers);
    const { versions } = await fresh.anyBroker();
    return (versions?.features.get(FEATURE) ?? 0) === level;
  });
}

const FEATURE = 'transaction.version';
const UPGRADE = 1;
const DOWNGRADE = 2;

function probe(servers: string): Cluster {
  const { client } = parseAdminConfig({ 'bootstrap.servers': servers }, silentLogger);
  return new Cluster({
    config: client,
    logger: silentLogger,
    clock: systemClock,
    random: Math.random,
    isCreatingTopics: false,
  });
}
