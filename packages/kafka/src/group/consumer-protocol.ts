import { encodeMessage, type MessageCodec, Reader, Writer } from '@sluice/protocol';
import { ConsumerProtocolAssignment } from '@sluice/protocol/gen/consumer-protocol-assignment';
import { ConsumerProtocolSubscription } from '@sluice/protocol/gen/consumer-protocol-subscription';
import type { TopicPartition } from '../consumer/contract.ts';
import { compareText } from './assignors/assignor.ts';

/** What a member of a consumer group tells the leader about itself. */
export interface Subscription {
  readonly topics: readonly string[];
  readonly userData: Buffer | null;
  readonly ownedPartitions: readonly TopicPartition[];
  /** The generation of `ownedPartitions`, -1 when there is none. */
  readonly generationId: number;
  readonly rackId: string | null;
}

/** Protocol type of consumers in JoinGroup. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer';

/** The version of both messages that Java's 4.x consumers write. */
const VERSION = 3;

/** Bytes of a subscription, version first, as Java's `ConsumerProtocol.serializeSubscription`. */
export function encodeSubscription(subscription: Subscription): Buffer {
  return encode(ConsumerProtocolSubscription, {
    topics: subscription.topics.toSorted(compareText),
    userData: subscription.userData,
    ownedPartitions: byTopic(subscription.ownedPartitions),
    generationId: subscription.generationId,
    rackId: subscription.rackId,
  });
}

/** Reads a subscription of any version; newer ones as far as this one goes. @throws ProtocolError */
export function decodeSubscription(bytes: Buffer): Subscription {
  const { ownedPartitions, ...rest } = decode(ConsumerProtocolSubscription, bytes);
  return { ...rest, ownedPartitions: flat(ownedPartitions) };
}

/** Bytes of what one member gets. */
export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return encode(ConsumerProtocolAssignment, {
    assignedPartitions: byTopic(partitions),
    userData: null,
  });
}

/** Reads what this member got; no bytes at all mean nothing, as in Java. @throws ProtocolError */
export function decodeAssignment(bytes: Buffer): readonly TopicPartition[] {
  if (bytes.length === 0) return [];
  return flat(decode(ConsumerProtocolAssignment, bytes).assignedPartitions);
}

function encode<T>(codec: MessageCodec<T>, message: T): Buffer {
  const version = new Writer();
  version.int16(VERSION);
  return Buffer.concat([version.toBuffer(), encodeMessage(codec, message, VERSION)]);
}

/** Does not ask for the end: newer versions carry more. */
function decode<T>(codec: MessageCodec<T>, bytes: Buffer): T {
  const reader = new Reader(bytes);
  const version = reader.int16();
  return codec.decode(reader, Math.min(version, VERSION));
}

interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

function byTopic(partitions: readonly TopicPartition[]): TopicPartitions[] {
  const grouped = Map.groupBy(partitions, (each) => each.topic);
  return [...grouped]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([topic, each]) => ({
      topic,
      partitions: each.map(({ partition }) => partition).toSorted((a, b) => a - b),
    }));
}

function flat(topics: readonly TopicPartitions[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
