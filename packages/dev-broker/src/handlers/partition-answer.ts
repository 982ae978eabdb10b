import { errorCode } from '@sluice/protocol';
import { BrokerError } from '../storage/broker-error.ts';
import { reasonOf } from '../storage/broker-log.ts';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';
import type { Partition } from '../topics/partition.ts';
import type { Topic } from '../topics/topic.ts';
import type { BrokerServices } from './broker-services.ts';

/** What a topic or partition is told instead of an answer. */
export interface Refusal {
  readonly errorCode: number;
  readonly message: string;
}

/**
 * The refusal that an error means. Errors that are none of Kafka's are the broker's own fault: they
 * are logged, and the client hears of an unknown server error.
 */
export function refusalOf(error: unknown, services: BrokerServices): Refusal {
  if (error instanceof BrokerError) {
    return { errorCode: errorCode(error.code), message: error.message };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  services.logger.error(`A request failed: ${reasonOf(error)}`, { stack });
  return { errorCode: errorCode('UNKNOWN_SERVER_ERROR'), message: reasonOf(error) };
}

/**
 * The topic that a request names, by id in newer versions and by name in older.
 *
 * @throws BrokerError `UNKNOWN_TOPIC_ID`, `UNKNOWN_TOPIC_OR_PARTITION`
 */
export function requireTopic(services: BrokerServices, name: string, id = ZERO_UUID): Topic {
  if (id !== ZERO_UUID) {
    const topic = services.topics.byId(id);
    if (topic !== undefined) return topic;
    throw new BrokerError('UNKNOWN_TOPIC_ID', `There is no topic with the id ${id}`);
  }
  const topic = services.topics.get(name);
  if (topic !== undefined) return topic;
  throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${name}`);
}

/** @throws BrokerError `UNKNOWN_TOPIC_OR_PARTITION` */
export function requirePartition(topic: Topic, index: number): Partition {
  const partition = topic.partition(index);
  if (partition !== undefined) return partition;
  const text = `Topic ${topic.name} has no partition ${index}; it has ${topic.partitions.length}`;
  throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', text);
}

/**
 * Compares the leader epoch that a client believes in (-1: none) with the partition's.
 *
 * @throws BrokerError `FENCED_LEADER_EPOCH`, `UNKNOWN_LEADER_EPOCH`
 */
export function checkLeaderEpoch(partition: Partition, epoch: number): void {
  if (epoch === -1 || epoch === partition.leaderEpoch) return;
  const text = `The leader epoch of ${partition.topic}-${partition.index} is ${partition.leaderEpoch}, not ${epoch}`;
  const code = epoch < partition.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH';
  throw new BrokerError(code, text);
}
