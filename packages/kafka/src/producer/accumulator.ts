import type { Compression } from '../batch/compression/compression.ts';
import { BATCH } from '../batch/batch-format.ts';
import { RecordBatchBuilder, recordSizeMax } from '../batch/record-batch-builder.ts';
import type { Clock } from '../clock.ts';
import type { TopicInfo } from '../cluster/cluster-metadata.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { OutgoingRecord } from './contract.ts';
import { partitionOfKey } from './murmur2.ts';
import { OutgoingBatch } from './outgoing-batch.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerConfig } from './producer-config.ts';
import { RecordMemory } from './record-memory.ts';
import { StickyPartitioner } from './sticky-partitioner.ts';
import { TopicQueues } from './topic-queues.ts';

/**
 * What a record under way costs beside its bytes: its token here, its offset and often the whole
 * record at the caller's. Counted, or a `buffer.memory` of small records holds half a million of
 * them, and takes several times its size.
 */
const RECORD_COMPANY_BYTES = 2048;

/** Collects records into batches, partition by partition, within `buffer.memory`. */
export class Accumulator {
  readonly memory: RecordMemory;
  /** Queues with something to send. */
  readonly active = new Set<PartitionQueue>();
  /** Every batch that was not reported yet. */
  readonly unreported = new Set<OutgoingBatch>();
  /** Set once, before the first record is sent. */
  compression: Compression | null = null;
  readonly #config: ProducerConfig;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #topics = new Map<string, TopicQueues>();
  #last: TopicQueues | null = null;

  constructor(config: ProducerConfig, clock: Clock, random: () => number) {
    this.#config = config;
    this.#clock = clock;
    this.#random = random;
    this.memory = new RecordMemory(config.bufferMemory, config.batchSize);
  }

  /** Makes a topic ready for records, or takes over its newer metadata. */
  setTopic(info: TopicInfo): void {
    const known = this.#topics.get(info.name);
    if (known !== undefined) {
      known.update(info);
      return;
    }
    const { batchSize, isPartitionerAdaptive } = this.#config;
    const sticky = new StickyPartitioner(batchSize, isPartitionerAdaptive, this.#random);
    this.#topics.set(info.name, new TopicQueues(info, sticky));
  }

  topic(name: string): TopicQueues | undefined {
    return this.#topics.get(name);
  }
  get topics(): IterableIterator<string> {
    return this.#topics.keys();
  }

  /**
   * Copies a record into its batch. Answers whether that began a batch (which may wait for
   * `linger.ms`), or made one that need not wait for more, or neither.
   *
   * @throws KafkaError `RECORD_TOO_LARGE`, `UNKNOWN_TOPIC_OR_PARTITION`, `BUFFER_EXHAUSTED`
   */
  append(record: OutgoingRecord): 'began' | 'full' | 'joined' {
    const topic = this.#last?.name === record.topic ? this.#last : this.#find(record.topic);
    const { key, value, headers } = record;
    const size = recordSizeMax(key, value, headers);
    this.#checkSize(record, size);
    const isSticky =
      record.partition === null && (key === null || this.#config.isPartitionerIgnoringKeys);
    const queue = topic.queue(this.#partition(topic, record, isSticky));
    const { batch, isNew } = this.#batchFor(topic, queue, size);
    const { builder } = batch;
    if (builder === null) throw new Error('An open batch has no builder');
    builder.append(record.timestamp ?? this.#clock.wall(), key, value, headers);
    batch.tokens.push(record.token);
    if (isNew) this.#opened(queue, batch);
    this.#hold(batch, builder.capacity);
    if (isSticky) topic.sticky.appended(size, isNew, topic);
    if (queue.hasClosed || builder.sizeInBytes >= this.#limit(topic)) return 'full';
    return isNew ? 'began' : 'joined';
  }

  /** Puts a batch where it will be sent again. */
  putBack(queue: PartitionQueue, batches: readonly OutgoingBatch[]): void {
    queue.putBack(batches);
    this.active.add(queue);
  }

  /** Adds batches that come from splitting one. */
  addParts(parts: readonly OutgoingBatch[]): void {
    for (const part of parts) {
      this.unreported.add(part);
      this.#hold(part, part.bytes?.length ?? part.builder?.capacity ?? 0);
    }
  }

  /** Encodes a batch for sending; what it holds becomes what its encoded form holds. */
  encode(batch: OutgoingBatch): Buffer {
    const { builder } = batch;
    const bytes = batch.encode(this.compression);
    if (builder !== null && batch.builder === null) {
      const topic = this.#topics.get(batch.queue.topic);
      topic?.compressed(builder.sizeInBytes - BATCH.records, bytes.length - BATCH.records);
      this.memory.giveBack(builder.buffer);
      this.#hold(batch, bytes.length);
    }
    return bytes;
  }

  /** The batch is reported and nothing will send it again: its memory is free. */
  release(batch: OutgoingBatch): void {
    this.#hold(batch, 0);
    if (batch.builder !== null) this.memory.giveBack(batch.builder.buffer);
  }

  #find(name: string): TopicQueues {
    const topic = this.#topics.get(name);
    if (topic === undefined) {
      throw new KafkaError(
        'UNKNOWN_TOPIC_OR_PARTITION',
        `Appending a record for the topic "${name}": it was not prepared. Await prepare() first.`,
      );
    }
    this.#last = topic;
    return topic;
  }

  #partition(topic: TopicQueues, record: OutgoingRecord, isSticky: boolean): number {
    if (isSticky) return topic.sticky.choose(topic);
    const { partition, key } = record;
    if (partition === null) return key === null ? 0 : partitionOfKey(key, topic.count);
    if (partition >= 0 && partition < topic.count) return partition;
    throw new KafkaError(
      'UNKNOWN_TOPIC_OR_PARTITION',
      `Appending a record for partition ${partition} of the topic "${topic.name}": ` +
        `it has ${topic.count} partitions.`,
    );
  }

  #batchFor(
    topic: TopicQueues,
    queue: PartitionQueue,
    size: number,
  ): { readonly batch: OutgoingBatch; readonly isNew: boolean } {
    const { open } = queue;
    if (open?.builder != null && open.builder.sizeInBytes + size <= this.#limit(topic)) {
      return { batch: open, isNew: false };
    }
    if (!this.memory.hasRoom) {
      throw new KafkaError(
        'BUFFER_EXHAUSTED',
        `Appending a record for the topic "${topic.name}": the ` +
          `${this.#config.bufferMemory} bytes of ` +
          '"buffer.memory" are used up. Await room() first.',
        { isRetriable: true },
      );
    }
    const builder = new RecordBatchBuilder(this.memory.take(size + BATCH.records));
    return { batch: new OutgoingBatch(queue, builder, this.#clock.now()), isNew: true };
  }

  #opened(queue: PartitionQueue, batch: OutgoingBatch): void {
    queue.setOpen(batch);
    this.active.add(queue);
    this.unreported.add(batch);
  }

  #limit(topic: TopicQueues): number {
    const { batchSize, maxRequestSize } = this.#config;
    if (this.compression === null) return batchSize;
    return Math.min(topic.plainBytesFor(batchSize), Math.max(batchSize, maxRequestSize));
  }

  #checkSize(record: OutgoingRecord, size: number): void {
    const { maxRequestSize, bufferMemory } = this.#config;
    const total = size + BATCH.records;
    if (total <= maxRequestSize && total <= bufferMemory) return;
    const [limit, name] =
      total > maxRequestSize
        ? [maxRequestSize, 'max.request.size']
        : [bufferMemory, 'buffer.memory'];
    throw new KafkaError(
      'RECORD_TOO_LARGE',
      `Appending a record for the topic "${record.topic}": the message is ${total} bytes when ` +
        `serialized which is larger than ${limit}, which is the value of the ${name} ` +
        'configuration.',
    );
  }

  /** Counts what a batch holds from now on: `bytes`, and what goes with each of its records. */
  #hold(batch: OutgoingBatch, bytes: number): void {
    const held = bytes === 0 ? 0 : bytes + batch.count * RECORD_COMPANY_BYTES;
    const change = held - batch.heldBytes;
    batch.heldBytes = held;
    this.memory.hold(change);
  }
}
