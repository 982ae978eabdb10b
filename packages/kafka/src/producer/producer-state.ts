import { DescribeProducersRequest } from '@sluice/protocol/gen/describe-producers-request';
import { DescribeProducersResponse } from '@sluice/protocol/gen/describe-producers-response';
import type { Cluster } from '../cluster/cluster.ts';
import { brokerError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { BatchStamp } from '../batch/record-batch-builder.ts';
import { sequenceAfter } from './partition-sequences.ts';

/** What a partition's leader remembers of a producer. */
export interface ProducerState {
  readonly producerEpoch: number;
  readonly lastSequence: number;
}

/**
 * Asks the leader for the last sequence it accepted from a producer; `null` when it knows none.
 *
 * @throws KafkaError e.g. `TOPIC_AUTHORIZATION_FAILED` (it takes the right to read the topic)
 */
export async function lookUpProducer(
  cluster: Cluster,
  topic: string,
  partition: number,
  producerId: number,
): Promise<ProducerState | null> {
  const what = `Asking for the producers of ${topic}-${partition}`;
  const leader = cluster.metadata.partition(topic, partition)?.leader ?? -1;
  if (leader < 0) {
    throw new KafkaError('LEADER_NOT_AVAILABLE', `${what}: it has no leader`, {
      isRetriable: true,
    });
  }
  const connection = await cluster.connection(leader);
  const response = await connection.request(
    DescribeProducersRequest,
    DescribeProducersResponse,
    () => ({ topics: [{ name: topic, partitionIndexes: [partition] }] }),
    { timeoutMs: cluster.config.requestTimeoutMs },
  );
  const answer = response.topics[0]?.partitions[0];
  if (answer === undefined) throw brokerError(CODE.UNKNOWN_SERVER_ERROR, what);
  if (answer.errorCode !== CODE.NONE) {
    throw brokerError(answer.errorCode, what, answer.errorMessage);
  }
  return answer.activeProducers.find((each) => each.producerId === producerId) ?? null;
}

/** Half of all sequences: what is further ahead than this is behind. */
const HALF = 0x4000_0000;
const SEQUENCES = 0x8000_0000;

/**
 * Whether the batch is in the log. The leader accepts sequences without a gap, so all up to the
 * last one of this epoch are there.
 */
export function isAccepted(stamp: BatchStamp, count: number, state: ProducerState): boolean {
  if (state.producerEpoch !== stamp.producerEpoch || state.lastSequence < 0) return false;
  const last = sequenceAfter(stamp.baseSequence, count - 1);
  return (state.lastSequence - last + SEQUENCES) % SEQUENCES < HALF;
}
