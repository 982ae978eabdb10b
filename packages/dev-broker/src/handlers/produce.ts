import { errorCode } from '@sluice/protocol';
import {
  ProduceRequest,
  type ProduceRequestPartitionProduceData,
  type ProduceRequestTopicProduceData,
} from '@sluice/protocol/gen/produce-request';
import {
  ProduceResponse,
  type ProduceResponsePartitionProduceResponse,
  type ProduceResponseTopicProduceResponse,
} from '@sluice/protocol/gen/produce-response';
import { compressionCodec, isTransactional, readBatchHeader } from '../log/batch-header.ts';
import { BATCH_HEADER_BYTES, ZSTD_CODEC } from '../log/batch-header.ts';
import { BrokerError } from '../storage/broker-error.ts';
import type { Topic } from '../topics/topic.ts';
import { bindHandler, type RequestContext } from './api-handler.ts';
import { refusalOf, requirePartition, requireTopic } from './partition-answer.ts';

/** The first version in which clients may send zstd (KIP-110). */
const ZSTD_SINCE_VERSION = 7;
const NO_LEADER = { leaderId: -1, leaderEpoch: -1 };

/**
 * Produce: appends record batches. With one node, acks=1 and acks=all mean the same: the system has
 * taken the batch. acks=0 is not answered; when something goes wrong its connection is closed, which
 * is the only way to tell the client.
 */
export const produce = bindHandler({
  request: ProduceRequest,
  response: ProduceResponse,
  async handle(request, context) {
    const responses = await Promise.all(
      request.topicData.map((data) => appendTopic(request, data, context)),
    );
    if (request.acks !== 0) return { responses, throttleTimeMs: 0, nodeEndpoints: [] };
    const failed = responses
      .flatMap((topic) => topic.partitionResponses)
      .find((partition) => partition.errorCode !== 0);
    if (failed === undefined) return null;
    throw new BrokerError(
      'UNKNOWN_SERVER_ERROR',
      `a produce request with acks=0 failed: ${failed.errorMessage ?? 'no reason given'}`,
    );
  },
});

async function appendTopic(
  request: ProduceRequest,
  data: ProduceRequestTopicProduceData,
  context: RequestContext,
): Promise<ProduceResponseTopicProduceResponse> {
  const partitionResponses = await Promise.all(
    data.partitionData.map(async (partition) => {
      try {
        checkRequest(request);
        const topic = requireTopic(context.services, data.name, data.topicId);
        return await appendPartition(topic, partition, request.transactionalId, context);
      } catch (error) {
        return refused(partition.index, error, context);
      }
    }),
  );
  return { name: data.name, topicId: data.topicId, partitionResponses };
}

function checkRequest({ acks }: ProduceRequest): void {
  if (acks < -1 || acks > 1) {
    throw new BrokerError('INVALID_REQUIRED_ACKS', `acks has to be -1 (all), 0 or 1, not ${acks}`);
  }
}

async function appendPartition(
  topic: Topic,
  { index, records }: ProduceRequestPartitionProduceData,
  transactionalId: string | null,
  { apiVersion, services }: RequestContext,
): Promise<ProduceResponsePartitionProduceResponse> {
  const partition = requirePartition(topic, index);
  if (records === null) throw new BrokerError('INVALID_RECORD', 'The partition has no records');
  if (records.length >= BATCH_HEADER_BYTES) checkCompression(records, apiVersion);
  const log = await partition.log();
  const { baseOffset, logAppendTimeMs } = await log.append(records, (batch) => {
    if (!isTransactional(batch)) return;
    if (transactionalId === null) {
      const text = 'A batch is marked as transactional, but its request has no transactional.id';
      throw new BrokerError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED', text);
    }
    const producer = { producerId: batch.producerId, epoch: batch.producerEpoch };
    const place = { topic: topic.name, partition: index };
    services.transactions.requireOpen(transactionalId, producer, place);
  });
  return {
    index,
    errorCode: errorCode('NONE'),
    baseOffset,
    logAppendTimeMs,
    logStartOffset: log.logStartOffset,
    recordErrors: [],
    errorMessage: null,
    currentLeader: NO_LEADER,
  };
}

function checkCompression(records: Buffer, apiVersion: number): void {
  const header = readBatchHeader(records, 0);
  if (compressionCodec(header) !== ZSTD_CODEC || apiVersion >= ZSTD_SINCE_VERSION) return;
  const text = `zstd needs Produce version ${ZSTD_SINCE_VERSION} or newer, not ${apiVersion}`;
  throw new BrokerError('UNSUPPORTED_COMPRESSION_TYPE', text);
}

function refused(
  index: number,
  error: unknown,
  { services }: RequestContext,
): ProduceResponsePartitionProduceResponse {
  const refusal = refusalOf(error, services);
  return {
    index,
    errorCode: refusal.errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: refusal.message,
    currentLeader: NO_LEADER,
  };
}
