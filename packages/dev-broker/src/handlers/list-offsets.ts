import { errorCode } from '@sluice/protocol';
import {
  ListOffsetsRequest,
  type ListOffsetsRequestListOffsetsPartition,
} from '@sluice/protocol/gen/list-offsets-request';
import {
  ListOffsetsResponse,
  type ListOffsetsResponseListOffsetsPartitionResponse,
} from '@sluice/protocol/gen/list-offsets-response';
import type { PartitionLog } from '../log/partition-log.ts';
import { findRecordSince } from '../log/record-search.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler, type RequestContext } from './api-handler.ts';
import { checkLeaderEpoch, refusalOf, requirePartition, requireTopic } from './partition-answer.ts';

/** Timestamps that stand for something else. */
const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
const EARLIEST_PENDING_UPLOAD = -6;

const READ_COMMITTED = 1;
const LEADER_EPOCH_SINCE_VERSION = 4;

interface FoundOffset {
  readonly offset: number;
  readonly timestamp: number;
}
const NOT_FOUND: FoundOffset = { offset: -1, timestamp: -1 };

/** ListOffsets: the ends of partitions, and what was written when. */
export const listOffsets = bindHandler({
  request: ListOffsetsRequest,
  response: ListOffsetsResponse,
  async handle(request, context) {
    const isCommitted = request.isolationLevel === READ_COMMITTED;
    const topics = await Promise.all(
      request.topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map((one) => look(name, one, isCommitted, context)),
        ),
      })),
    );
    return { throttleTimeMs: 0, topics };
  },
});

async function look(
  name: string,
  wanted: ListOffsetsRequestListOffsetsPartition,
  isCommitted: boolean,
  { services, apiVersion }: RequestContext,
): Promise<ListOffsetsResponseListOffsetsPartitionResponse> {
  const { partitionIndex } = wanted;
  try {
    const partition = requirePartition(requireTopic(services, name), partitionIndex);
    checkLeaderEpoch(partition, wanted.currentLeaderEpoch);
    const log = await partition.log();
    const found = await find(log, wanted.timestamp, isCommitted);
    const isEpochTold = apiVersion >= LEADER_EPOCH_SINCE_VERSION && found.offset >= 0;
    const leaderEpoch = isEpochTold ? log.epochAt(found.offset) : -1;
    return { partitionIndex, errorCode: errorCode('NONE'), ...found, leaderEpoch };
  } catch (error) {
    const code = refusalOf(error, services).errorCode;
    return { partitionIndex, errorCode: code, ...NOT_FOUND, leaderEpoch: -1 };
  }
}

async function find(
  log: PartitionLog,
  timestamp: number,
  isCommitted: boolean,
): Promise<FoundOffset> {
  switch (timestamp) {
    case LATEST:
      return { offset: isCommitted ? log.lastStableOffset : log.endOffset, timestamp: -1 };
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { offset: log.logStartOffset, timestamp: -1 };
    case MAX_TIMESTAMP: {
      const newest = await log.maxTimestamp();
      return newest < 0 ? NOT_FOUND : ((await findRecordSince(log, newest)) ?? NOT_FOUND);
    }
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return NOT_FOUND;
    default:
      if (timestamp < 0) {
        throw new BrokerError('UNSUPPORTED_VERSION', `There is no special timestamp ${timestamp}`);
      }
      return (await findRecordSince(log, timestamp)) ?? NOT_FOUND;
  }
}
