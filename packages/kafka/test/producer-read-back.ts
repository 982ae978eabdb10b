import { FetchRequest } from '@sluice/protocol/gen/fetch-request';
import { FetchResponse } from '@sluice/protocol/gen/fetch-response';
import { Compressions, decodeRecords, readBatchHeaders } from '@sluice/kafka/batch';
import type { CompressionType, RecordHeader } from '@sluice/kafka/batch';
import { systemClock } from '../src/clock.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { adminKeys } from '../src/config/admin-keys.ts';
import { clientConfigOf } from '../src/config/client-config.ts';
import { parseConfig } from '../src/config/config-values.ts';
import { silentLogger } from '../src/logger.ts';

/** One record as it lies in the log. */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly RecordHeader[];
  readonly compression: CompressionType;
}

const FETCH_BYTES = 4 * 1024 * 1024;
const IDS_FROM = 13;

/** Reads a whole topic with bare Fetch requests: no consumer that could hide anything. */
export async function readTopic(servers: string, topic: string): Promise<readonly ReadRecord[]> {
  const values = parseConfig('reader', adminKeys, { 'bootstrap.servers': servers }, silentLogger);
  using cluster = new Cluster({
    config: clientConfigOf(values, 'reader'),
    logger: silentLogger,
    clock: systemClock,
    random: Math.random,
    isCreatingTopics: false,
  });
  cluster.want([topic]);
  await cluster.refresh();
  const info = cluster.metadata.topics.get(topic);
  if (info === undefined) throw new Error(`There is no topic ${topic}`);
  const all: ReadRecord[] = [];
  for (const { partition, leader } of info.partitions) {
    const connection = await cluster.connection(leader);
    for (let offset = 0, end = 1; offset < end; ) {
      const at = offset;
      const answer = await connection.request(
        FetchRequest,
        FetchResponse,
        (version) => fetchOf(version, topic, info.topicId, partition, at),
        { timeoutMs: 10_000 },
      );
      const data = answer.responses[0]?.partitions[0];
      if (data === undefined || data.errorCode !== 0) throw new Error(`error ${data?.errorCode}`);
      end = data.highWatermark;
      offset = await decode(topic, partition, data.records ?? Buffer.alloc(0), at, all);
      if (offset === at && offset < end) throw new Error(`stuck at ${offset} of ${end}`);
    }
  }
  return all;
}

async function decode(
  topic: string,
  partition: number,
  bytes: Buffer,
  from: number,
  into: ReadRecord[],
): Promise<number> {
  const compressions = new Compressions();
  let next = from;
  for (const header of readBatchHeaders(bytes)) {
    await compressions.load(header.compression);
    const { compression, isControl, lastOffset } = header;
    const records = decodeRecords(topic, partition, bytes, header, compressions);
    for (let i = 0; i < (isControl ? 0 : records.count); i++) {
      if (records.offset(i) < from) continue;
      into.push({
        partition,
        offset: records.offset(i),
        timestamp: records.timestamp(i),
        timestampType: records.timestampType(i),
        key: records.key(i)?.toString() ?? null,
        value: records.value(i)?.toString() ?? null,
        headers: records.headers(i),
        compression,
      });
    }
    next = lastOffset + 1;
  }
  return next;
}

function fetchOf(
  version: number,
  topic: string,
  topicId: string,
  partition: number,
  fetchOffset: number,
): FetchRequest {
  const hasIds = version >= IDS_FROM;
  return {
    clusterId: null,
    replicaId: -1,
    replicaState: { replicaId: -1, replicaEpoch: -1 },
    maxWaitMs: 100,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic: hasIds ? '' : topic,
        topicId: hasIds ? topicId : 'AAAAAAAAAAAAAAAAAAAAAA',
        partitions: [
          {
            partition,
            currentLeaderEpoch: -1,
            fetchOffset,
            lastFetchedEpoch: -1,
            logStartOffset: -1,
            partitionMaxBytes: FETCH_BYTES,
            replicaDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA',
            highWatermark: Number.POSITIVE_INFINITY,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
    rackId: '',
  };
}
