import type { BrokerConfig } from '../config/broker-config.ts';
import { configProblem } from '../config/config-definition.ts';
import { topicConfig } from '../config/topic-configs.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { topicNameProblem } from './topic-name.ts';

/** A topic as somebody wants it. */
export interface WantedTopic {
  readonly name: string;
  /** -1 takes the broker's default. */
  readonly partitions: number;
  /** -1 takes the broker's default. */
  readonly replicationFactor: number;
  /** Brokers of each partition, when the client places them itself; mostly empty. */
  readonly assignments: readonly PartitionAssignment[];
  readonly configs: readonly WantedConfig[];
}

/** Where a partition shall lie. */
interface PartitionAssignment {
  readonly partitionIndex: number;
  readonly brokerIds: readonly number[];
}

/** A config to set; `null` is no value, which Kafka refuses. */
export interface WantedConfig {
  readonly name: string;
  readonly value: string | null;
}

/** Far above what one process can serve; a typing error stops here and not in the file system. */
const PARTITIONS_MAX = 10_000;
export const NODE_ID = 1;

/**
 * How many partitions the wanted topic gets.
 *
 * @throws BrokerError with the code a Kafka of one node answers with
 */
export function plannedPartitions(wanted: WantedTopic, config: BrokerConfig): number {
  const nameProblem = topicNameProblem(wanted.name);
  if (nameProblem !== null) throw new BrokerError('INVALID_TOPIC_EXCEPTION', nameProblem);
  if (wanted.assignments.length > 0) return assignedPartitions(wanted);
  checkReplicationFactor(wanted.replicationFactor);
  const count = wanted.partitions === -1 ? config.number('num.partitions') : wanted.partitions;
  if (count < 1) {
    const text = `Number of partitions was set to ${count}; it has to be at least 1, or -1 for the default`;
    throw new BrokerError('INVALID_PARTITIONS', text);
  }
  checkPartitionCount(count);
  return count;
}

/** @throws BrokerError `INVALID_PARTITIONS` */
export function checkPartitionCount(count: number): void {
  if (count <= PARTITIONS_MAX) return;
  const text = `${count} partitions are too many for one topic here; at most ${PARTITIONS_MAX}`;
  throw new BrokerError('INVALID_PARTITIONS', text);
}

function checkReplicationFactor(factor: number): void {
  if (factor === -1 || factor === 1) return;
  const text =
    factor < 1
      ? `Replication factor ${factor}: it has to be 1 or -1`
      : `Unable to replicate the partition ${factor} time(s): this is a single broker, so the replication factor is 1`;
  throw new BrokerError('INVALID_REPLICATION_FACTOR', text);
}

function assignedPartitions(wanted: WantedTopic): number {
  if (wanted.partitions !== -1 || wanted.replicationFactor !== -1) {
    const text =
      'With replica assignments, the number of partitions and the replication factor have to be -1';
    throw new BrokerError('INVALID_REQUEST', text);
  }
  const indexes = wanted.assignments.map((assignment) => assignment.partitionIndex).sort(ascending);
  if (indexes.some((index, i) => index !== i)) {
    const text = 'The replica assignments have to name the partitions from 0 on, without a gap';
    throw new BrokerError('INVALID_REPLICA_ASSIGNMENT', text);
  }
  checkPartitionCount(indexes.length);
  for (const assignment of wanted.assignments) checkReplicas(assignment.brokerIds);
  return indexes.length;
}

/** @throws BrokerError `INVALID_REPLICA_ASSIGNMENT` unless the only replica is this broker */
export function checkReplicas(brokerIds: readonly number[]): void {
  if (brokerIds.length === 1 && brokerIds[0] === NODE_ID) return;
  const text = `A partition can't lie on the brokers [${brokerIds.join(', ')}]: the only broker is ${NODE_ID}`;
  throw new BrokerError('INVALID_REPLICA_ASSIGNMENT', text);
}

/**
 * The configs of a new topic.
 *
 * @throws BrokerError `INVALID_CONFIG`
 */
export function plannedConfigs(configs: readonly WantedConfig[]): ReadonlyMap<string, string> {
  return new Map(configs.map((config) => [config.name, checkedConfigValue(config)]));
}

/** @throws BrokerError `INVALID_CONFIG` when there is no such key, or it can't have the value */
export function checkedConfigValue({ name, value }: WantedConfig): string {
  const definition = topicConfig(name);
  if (definition === undefined) {
    throw new BrokerError('INVALID_CONFIG', `Unknown topic config name: ${name}`);
  }
  if (value === null) {
    throw new BrokerError('INVALID_CONFIG', `Null value not supported for topic configs: ${name}`);
  }
  const problem = configProblem(definition, value);
  if (problem !== null) throw new BrokerError('INVALID_CONFIG', problem);
  return value;
}

function ascending(a: number, b: number): number {
  return a - b;
}
