import type { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import type {
  ProduceResponse,
  ProduceResponsePartitionProduceResponse,
} from '@sluice/protocol/gen/produce-response';
import { type ClusterMetadata, NO_TOPIC_ID } from '../cluster/cluster-metadata.ts';
import type { IdentitySource } from './identity-source.ts';
import type { OutgoingBatch } from './outgoing-batch.ts';
import type { ProducerConfig } from './producer-config.ts';

/** From this version on, topics are named by their ids. */
const TOPIC_ID_VERSION = 13;

/** A broker's answer for one partition. */
export type ProduceAnswer = ProduceResponsePartitionProduceResponse;

/** A batch with the bytes to send. */
export interface EncodedBatch {
  readonly batch: OutgoingBatch;
  readonly bytes: Buffer;
}

/** What a request takes into account beside its batches. */
export interface ProduceCallParts {
  readonly metadata: ClusterMetadata;
  readonly config: ProducerConfig;
  readonly identities: IdentitySource | null;
}

/** One Produce request: at most one batch per partition, all for the same broker. */
export class ProduceCall {
  readonly batches: readonly EncodedBatch[];
  /** Ids are needed for all topics, or names are sent. */
  readonly versionMax: number;
  readonly #topicIds: ReadonlyMap<string, string>;
  readonly #byPartition = new Map<string, OutgoingBatch>();

  readonly #transactionalId: string | null;

  constructor(batches: readonly EncodedBatch[], parts: ProduceCallParts) {
    const { metadata, config, identities } = parts;
    this.batches = batches;
    this.#transactionalId = config.transactionalId;
    const ids = new Map<string, string>();
    for (const { batch } of batches) {
      const { topic, partition } = batch.queue;
      this.#byPartition.set(`${partition}:${topic}`, batch);
      ids.set(topic, metadata.topics.get(topic)?.topicId ?? NO_TOPIC_ID);
    }
    this.#topicIds = ids;
    const hasAll = ![...ids.values()].includes(NO_TOPIC_ID);
    const versionMax = identities?.produceVersionMax ?? Number.POSITIVE_INFINITY;
    this.versionMax = Math.min(versionMax, hasAll ? TOPIC_ID_VERSION : TOPIC_ID_VERSION - 1);
  }

  request(version: number, acks: number, timeoutMs: number): ProduceRequest {
    const topics = new Map<string, { index: number; records: Buffer }[]>();
    for (const { batch, bytes } of this.batches) {
      const { topic, partition } = batch.queue;
      const entry = { index: partition, records: bytes };
      const known = topics.get(topic);
      if (known === undefined) topics.set(topic, [entry]);
      else known.push(entry);
    }
    const hasIds = version >= TOPIC_ID_VERSION;
    return {
      transactionalId: this.#transactionalId,
      acks,
      timeoutMs,
      topicData: [...topics].map(([topic, partitionData]) => ({
        name: hasIds ? '' : topic,
        topicId: hasIds ? (this.#topicIds.get(topic) ?? NO_TOPIC_ID) : NO_TOPIC_ID,
        partitionData,
      })),
    };
  }

  /** The answer for each batch; `null` where the broker left one out. */
  *answers(response: ProduceResponse): Generator<readonly [OutgoingBatch, ProduceAnswer | null]> {
    const namesById = new Map([...this.#topicIds].map(([name, id]) => [id, name]));
    const left = new Map(this.#byPartition);
    for (const topic of response.responses) {
      const name = topic.name === '' ? namesById.get(topic.topicId) : topic.name;
      for (const answer of topic.partitionResponses) {
        const key = `${answer.index}:${name ?? ''}`;
        const batch = left.get(key);
        if (batch === undefined) continue;
        left.delete(key);
        yield [batch, answer];
      }
    }
    for (const batch of left.values()) yield [batch, null];
  }
}
