import type { TopicPartition } from '../../consumer/contract.ts';
import type { Claim } from './sticky-balance.ts';

/*
 * User data of Java's `StickyAssignor`, version 1: array of (topic STRING, array of partition INT32),
 * then generation INT32; version 0 has no generation. Java's `CooperativeStickyAssignor` sends the
 * generation INT32 alone, and what is owned stands in the subscription itself.
 */

const NO_GENERATION = -1;

/** Bytes for a member of a `sticky` group. */
export function encodeStickyUserData(
  owned: readonly TopicPartition[],
  generationId: number,
): Buffer {
  const byTopic = Map.groupBy(owned, (partition) => partition.topic);
  const parts: Buffer[] = [int32(byTopic.size)];
  for (const [topic, partitions] of byTopic) {
    const name = Buffer.from(topic);
    const length = Buffer.alloc(2);
    length.writeInt16BE(name.length);
    parts.push(length, name, int32(partitions.length));
    parts.push(...partitions.map(({ partition }) => int32(partition)));
  }
  parts.push(int32(generationId));
  return Buffer.concat(parts);
}

/** What a `sticky` member claims; bytes that make no sense claim nothing, as in Java. */
export function decodeStickyUserData(bytes: Buffer | null): Claim {
  const nothing: Claim = { generationId: NO_GENERATION, partitions: [] };
  if (bytes === null) return nothing;
  try {
    const partitions: TopicPartition[] = [];
    let at = 4;
    for (let topics = bytes.readInt32BE(0); topics > 0; topics--) {
      const end = at + 2 + bytes.readInt16BE(at);
      const topic = bytes.toString('utf8', at + 2, end);
      at = end + 4;
      for (let count = bytes.readInt32BE(end); count > 0; count--, at += 4) {
        partitions.push({ topic, partition: bytes.readInt32BE(at) });
      }
    }
    const generationId = at + 4 <= bytes.length ? bytes.readInt32BE(at) : NO_GENERATION;
    return { generationId, partitions };
  } catch (error) {
    // Reads past the end throw RangeError: somebody else's user data under our protocol name.
    if (error instanceof RangeError) return nothing;
    throw error;
  }
}

/** Bytes for a member of a `cooperative-sticky` group. */
export function encodeGeneration(generationId: number): Buffer {
  return int32(generationId);
}

/** The generation in a `cooperative-sticky` member's user data, -1 when there is none. */
export function decodeGeneration(bytes: Buffer | null): number {
  return bytes !== null && bytes.length >= 4 ? bytes.readInt32BE(0) : NO_GENERATION;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
