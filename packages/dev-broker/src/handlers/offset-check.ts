import { errorCode } from '@sluice/protocol';
import type { CommittedOffset } from '../groups/committed-offset.ts';
import { BrokerError } from '../storage/broker-error.ts';
import type { BrokerServices } from './broker-services.ts';
import { requirePartition, requireTopic } from './partition-answer.ts';

/** An offset as requests carry it. */
export interface WantedOffset {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

/** The offset, when it may be committed; else only the reason why not. */
export interface CheckedOffset {
  readonly partitionIndex: number;
  readonly code: number;
  readonly offset: CommittedOffset | null;
}

/** Looks whether there is such a partition, and whether the note beside the offset is short enough. */
export function checkOffset(
  topicName: string,
  topicId: string | undefined,
  wanted: WantedOffset,
  services: BrokerServices,
): CheckedOffset {
  const { partitionIndex } = wanted;
  try {
    const topic = requireTopic(services, topicName, topicId);
    requirePartition(topic, partitionIndex);
    const metadata = wanted.committedMetadata ?? '';
    checkMetadata(metadata, services.config.number('offset.metadata.max.bytes'));
    const offset = {
      topic: topic.name,
      partition: partitionIndex,
      offset: wanted.committedOffset,
      leaderEpoch: wanted.committedLeaderEpoch,
      metadata,
    };
    return { partitionIndex, code: errorCode('NONE'), offset };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return { partitionIndex, code: errorCode(error.code), offset: null };
  }
}

function checkMetadata(metadata: string, maxBytes: number): void {
  if (Buffer.byteLength(metadata) <= maxBytes) return;
  const text = `The note beside an offset is longer than offset.metadata.max.bytes (${maxBytes})`;
  throw new BrokerError('OFFSET_METADATA_TOO_LARGE', text);
}
