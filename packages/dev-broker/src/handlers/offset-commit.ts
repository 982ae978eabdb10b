import { errorCode, type ErrorName } from '@sluice/protocol';
import {
  OffsetCommitRequest,
  type OffsetCommitRequestTopic,
} from '@sluice/protocol/gen/offset-commit-request';
import {
  OffsetCommitResponse,
  type OffsetCommitResponseTopic,
} from '@sluice/protocol/gen/offset-commit-response';
import type { CommittedOffset } from '../groups/committed-offset.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler, type RequestContext } from './api-handler.ts';
import { requirePartition, requireTopic } from './partition-answer.ts';

/** OffsetCommit: how far a group has come. Resolved when the system has taken it. */
export const offsetCommit = bindHandler({
  request: OffsetCommitRequest,
  response: OffsetCommitResponse,
  async handle(request, context) {
    const checked = request.topics.map((topic) => checkTopic(topic, context));
    const error = await commit(
      request,
      checked.flatMap(({ offsets }) => offsets),
      context,
    );
    return {
      throttleTimeMs: 0,
      topics: checked.map(({ response }) =>
        error === 'NONE' ? response : failed(response, error),
      ),
    };
  },
});

interface CheckedTopic {
  readonly offsets: readonly CommittedOffset[];
  readonly response: OffsetCommitResponseTopic;
}

function checkTopic(topic: OffsetCommitRequestTopic, context: RequestContext): CheckedTopic {
  const offsets: CommittedOffset[] = [];
  const partitions = topic.partitions.map((wanted) => {
    const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } = wanted;
    const metadata = committedMetadata ?? '';
    try {
      const { name } = requireTopic(context.services, topic.name, topic.topicId);
      requirePartition(requireTopic(context.services, name), partitionIndex);
      checkMetadata(metadata, context.services.config.number('offset.metadata.max.bytes'));
      offsets.push({
        topic: name,
        partition: partitionIndex,
        offset: committedOffset,
        leaderEpoch: committedLeaderEpoch,
        metadata,
      });
      return { partitionIndex, errorCode: errorCode('NONE') };
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      return { partitionIndex, errorCode: errorCode(error.code) };
    }
  });
  return { offsets, response: { name: topic.name, topicId: topic.topicId, partitions } };
}

function checkMetadata(metadata: string, maxBytes: number): void {
  if (Buffer.byteLength(metadata) <= maxBytes) return;
  const text = `The note beside an offset is longer than offset.metadata.max.bytes (${maxBytes})`;
  throw new BrokerError('OFFSET_METADATA_TOO_LARGE', text);
}

async function commit(
  request: OffsetCommitRequest,
  offsets: readonly CommittedOffset[],
  { services }: RequestContext,
): Promise<ErrorName> {
  if (request.groupId === '') return 'INVALID_GROUP_ID';
  try {
    const identity = { memberId: request.memberId, instanceId: request.groupInstanceId };
    const generation = request.generationIdOrMemberEpoch;
    const event = { type: 'commit' as const, ...identity, generation };
    return (await services.groups.commit(request.groupId, event, offsets)).error;
  } catch (error) {
    if (error instanceof BrokerError) return error.code;
    throw error;
  }
}

function failed(response: OffsetCommitResponseTopic, error: ErrorName): OffsetCommitResponseTopic {
  const code = errorCode(error);
  const partitions = response.partitions.map((partition) => ({ ...partition, errorCode: code }));
  return { ...response, partitions };
}
