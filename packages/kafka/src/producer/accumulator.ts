import type { Compression } from '../batch/compression/compression.ts';
import { BATCH } from '../batch/batch-format.ts';
import { RecordBatchBuilder, recordSizeMax } from '../batch/record-batch-builder.ts';
import type { RecordHeader } from '../batch/record-header.ts';
import type { Clock } from '../clock.ts';
import type { TopicInfo } from '../cluster/cluster-metadata.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { OutgoingColumns, OutgoingRecord } from './contract.ts';
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

const NO_HEADERS: readonly RecordHeader[] = [];

/** What a record made of its batch: began it, made it one that need not wait, or just joined it. */
export type Became = 'began' | 'full' | 'joined';

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
  append(record: OutgoingRecord): Became {
    const { key, value, headers, token } = record;
    const topic = this.#topicNamed(record.topic);
    const timestamp = record.timestamp ?? this.#clock.wall();
    return this.#add(topic, record.partition, key, value, headers, timestamp, token);
  }

  /**
   * Copies records into their batches until there is no room, or one of them can't be taken; answers
   * the slot of the first one left. `onChange` is called when a batch began or need not wait.
   *
   * @throws KafkaError as {@link Accumulator.append}, for the record at `from` only
   */
  appendColumns(
    columns: OutgoingColumns,
    from: number,
    onChange: (became: Exclude<Became, 'joined'>) => void,
  ): number {
    const { count, partitions, keys, values, headers, timestamps, tokens } = columns;
    const topic = this.#topicNamed(columns.topic);
    const now = this.#clock.wall();
    for (let i = from; i < count; i++) {
      if (!this.memory.hasRoom) return i;
      try {
        const became = this.#add(
          topic,
          partitions === null ? null : (partitions[i] ?? null),
          keys === null ? null : (keys[i] ?? null),
          values[i] ?? null,
          headers === null ? NO_HEADERS : (headers[i] ?? NO_HEADERS),
          timestamps === null ? now : (timestamps[i] ?? now),
          tokens[i] ?? 0,
        );
        if (became !== 'joined') onChange(became);
      } catch (error) {
        if (i === from) throw error;
        // Thrown when the caller goes on from here: what was taken so far must not be lost on him.
        return i;
      }
    }
    return count;
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

  // Seven values and no object: this is called for every record there is.
  #add(
    topic: TopicQueues,
    partition: number | null,
    key: Uint8Array | null,
    value: Uint8Array | string | null,
    headers: readonly RecordHeader[],
    timestamp: number,
    token: number,
  ): Became {
    const size = recordSizeMax(key, value, headers);
    this.#checkSize(topic, size, value);
    const isSticky = partition === null && (key === null || this.#config.isPartitionerIgnoringKeys);
    const queue = topic.queue(
      isSticky ? topic.sticky.choose(topic) : partitionOf(topic, partition, key),
    );
    const { open } = queue;
    const isNew = open?.builder == null || open.builder.sizeInBytes + size > this.#limit(topic);
    const batch = isNew ? this.#newBatch(topic, queue, size) : open;
    const { builder } = batch;
    if (builder === null) throw new Error('An open batch has no builder');
    builder.append(timestamp, key, value, headers);
    batch.tokens.push(token);
    if (isNew) this.#opened(queue, batch);
    this.#hold(batch, builder.capacity);
    if (isSticky) topic.sticky.appended(size, isNew, topic);
    if (queue.hasClosed || builder.sizeInBytes >= this.#limit(topic)) return 'full';
    return isNew ? 'began' : 'joined';
  }

  #topicNamed(name: string): TopicQueues {
    return this.#last?.name === name ? this.#last : this.#find(name);
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

  #newBatch(topic: TopicQueues, queue: PartitionQueue, size: number): OutgoingBatch {
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
    return new OutgoingBatch(queue, builder, this.#clock.now());
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

  #checkSize(topic: TopicQueues, size: number, value: Uint8Array | string | null): void {
    const { maxRequestSize, bufferMemory } = this.#config;
    const limitBytes = Math.min(maxRequestSize, bufferMemory);
    let total = size + BATCH.records;
    // A text may have up to three bytes per character; they are counted only if that matters.
    if (typeof value === 'string' && total + value.length * 2 > limitBytes) {
      total += Buffer.byteLength(value) - value.length;
    }
    if (total <= limitBytes) return;
    const [limit, name] =
      total > maxRequestSize
        ? [maxRequestSize, 'max.request.size']
        : [bufferMemory, 'buffer.memory'];
    throw new KafkaError(
      'RECORD_TOO_LARGE',
      `Appending a record for the topic "${topic.name}": the message is ${total} bytes when ` +
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

function partitionOf(topic: TopicQueues, partition: number | null, key: Uint8Array | null): number {
  if (partition === null) return key === null ? 0 : partitionOfKey(key, topic.count);
  if (partition >= 0 && partition < topic.count) return partition;
  throw new KafkaError(
    'UNKNOWN_TOPIC_OR_PARTITION',
    `Appending a record for partition ${partition} of the topic "${topic.name}": ` +
      `it has ${topic.count} partitions.`,
  );
}
