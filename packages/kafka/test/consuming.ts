// What the consumer's integration tests share: producing, reading, and members of a group that poll on their own.
import { createAdmin } from '../src/admin/create-admin.ts';
import type { RecordColumns } from '../src/batch/record-columns.ts';
import type { Consumer } from '../src/consumer/consumer.ts';
import type { RebalanceListener, TopicPartition } from '../src/consumer/contract.ts';
import { createConsumer } from '../src/consumer/create-consumer.ts';
import { silentLogger } from '../src/logger.ts';
import { createProducer } from '../src/producer/producer.ts';

/** One record to produce. */
export interface Outgoing {
  readonly value: string | Uint8Array | null;
  readonly key?: string | null;
  readonly partition?: number | null;
  readonly timestamp?: number | null;
}

/** Creates a topic of its own for a test. */
export async function makeTopic(
  servers: string,
  name: string,
  partitions = 1,
  configs: Readonly<Record<string, string>> = {},
): Promise<string> {
  await using admin = createAdmin({ 'bootstrap.servers': servers }, { logger: silentLogger });
  await admin.createTopics([{ name, partitions, replicationFactor: -1, configs }]);
  return name;
}

/** Produces all of them and waits until they are there. */
export async function produce(
  servers: string,
  topic: string,
  records: readonly Outgoing[],
  properties: Readonly<Record<string, string>> = {},
): Promise<void> {
  const errors: Error[] = [];
  await using producer = createProducer(
    { 'bootstrap.servers': servers, ...properties },
    {
      logger: silentLogger,
      onDelivery: ({ error }) => {
        if (error !== null) errors.push(error);
      },
    },
  );
  await producer.prepare([topic]);
  for (const [token, record] of records.entries()) {
    if (!producer.hasRoom) await producer.room();
    const { key, partition, timestamp, value } = record;
    producer.append({
      topic,
      partition: partition ?? null,
      key: bytesOf(key ?? null),
      value: bytesOf(value),
      headers: [],
      timestamp: timestamp ?? null,
      token,
    });
  }
  await producer.flush();
  if (errors[0] !== undefined) throw errors[0];
}

/** `count` numbered records. */
export function numbered(count: number, prefix = 'v', partition: number | null = null): Outgoing[] {
  return Array.from({ length: count }, (_, i) => ({ value: `${prefix}${i}`, partition }));
}

/** A consumer with settings that suit tests. */
export function testConsumer(
  servers: string,
  properties: Readonly<Record<string, string>> = {},
): Consumer {
  return createConsumer(
    {
      'bootstrap.servers': servers,
      'auto.offset.reset': 'earliest',
      'enable.auto.commit': 'false',
      // With the new protocol the coordinator decides on that.
      ...(properties['group.protocol'] === 'consumer' ? {} : { 'heartbeat.interval.ms': '200' }),
      'metadata.max.age.ms': '500',
      ...properties,
    },
    { logger: silentLogger },
  );
}

/** Values as text, `null` as it is. */
export function valuesOf(columns: RecordColumns): (string | null)[] {
  return Array.from({ length: columns.count }, (_, i) => columns.value(i)?.toString() ?? null);
}

/** Polls until `count` records came (or more, in the last poll). */
export async function readValues(
  consumer: Consumer,
  count: number,
  timeoutMs = 20_000,
): Promise<(string | null)[]> {
  const values: (string | null)[] = [];
  const deadline = performance.now() + timeoutMs;
  while (values.length < count) {
    if (performance.now() > deadline) {
      throw new Error(`Only ${values.length} of ${count} records came within ${timeoutMs} ms`);
    }
    for (const columns of await consumer.poll(500)) values.push(...valuesOf(columns));
  }
  return values;
}

/** Takes no notice. */
export const noListener: RebalanceListener = {
  onPartitionsRevoked: () => undefined,
  onPartitionsAssigned: () => undefined,
  onPartitionsLost: () => undefined,
};

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** A member of a group that polls, commits what it got, and takes notes. */
export class PollingMember implements AsyncDisposable {
  readonly consumer: Consumer;
  /** `partition:offset`, in the order they came. */
  readonly seen: string[] = [];
  readonly values: (string | null)[] = [];
  /** What the listener was told: `+t-0`, `-t-0`, `!t-0` for gained, given up, lost. */
  readonly events: string[] = [];
  readonly errors: Error[] = [];
  readonly #loop: Promise<void>;
  readonly #revokeDelayMs: number;
  #isEnding = false;
  #isHolding = false;

  constructor(
    servers: string,
    topics: readonly string[] | RegExp,
    properties: Readonly<Record<string, string>>,
    options: { readonly revokeDelayMs?: number } = {},
  ) {
    this.#revokeDelayMs = options.revokeDelayMs ?? 0;
    this.consumer = testConsumer(servers, properties);
    this.consumer.subscribe(topics, {
      onPartitionsRevoked: async (partitions) => {
        if (this.#revokeDelayMs > 0) {
          await new Promise((resolve) => setTimeout(resolve, this.#revokeDelayMs));
        }
        this.#note('-', partitions);
      },
      onPartitionsAssigned: (partitions) => this.#note('+', partitions),
      onPartitionsLost: (partitions) => this.#note('!', partitions),
    });
    this.#loop = this.#run();
  }

  /** Sorted names of what it has. */
  get owned(): readonly string[] {
    return this.consumer.assignment().map(nameOf).toSorted();
  }

  /** Stops polling, without leaving: what a member does that hangs. */
  hold(): void {
    this.#isHolding = true;
    this.consumer.wakeup();
  }

  resume(): void {
    this.#isHolding = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    this.consumer.wakeup();
    await this.#loop;
    await this.consumer.close({ timeoutMs: 10_000 });
  }

  #note(sign: string, partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.events.push(sign + nameOf(partition));
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      if (this.#isHolding) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      try {
        await this.#pollOnce();
      } catch (error) {
        this.errors.push(error instanceof Error ? error : new Error(String(error)));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async #pollOnce(): Promise<void> {
    const polled = await this.consumer.poll(200);
    for (const columns of polled) {
      for (let i = 0; i < columns.count; i++) {
        this.seen.push(`${columns.partition}:${columns.offset(i)}`);
      }
      this.values.push(...valuesOf(columns));
    }
    if (polled.length === 0) return;
    await this.consumer.commit(
      polled.map((columns) => ({
        topic: columns.topic,
        partition: columns.partition,
        offset: columns.offset(columns.count - 1) + 1,
      })),
    );
  }
}

function bytesOf(value: string | Uint8Array | null): Uint8Array | null {
  return typeof value === 'string' ? Buffer.from(value) : value;
}
