import type { Logger } from '../logging.ts';
import type { PluginMetrics } from '../plugin-metrics.ts';
import type { SinkRecord } from './sink-record.ts';

/** A topic's partition. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The offset of the next record to read, per partition. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** Takes records that the sink cannot write (KIP-610). */
export interface ErrantRecordReporter {
  /** Settles when the report is stored; offsets wait for it. */
  report(record: SinkRecord, error: Error): Promise<void>;
}

/** What the worker gives a sink task at `initialize`. Mirrors `SinkTaskContext`. */
export interface SinkTaskContext {
  readonly configs: Readonly<Record<string, string>>;
  readonly logger: Logger;
  /** Where the task registers metrics. Missing without a worker: in a test, say. */
  readonly pluginMetrics?: PluginMetrics;
  /** Rewinds: the next delivery of these partitions starts at the given offsets. */
  offset(offsets: readonly TopicPartitionOffset[]): void;
  /** The pause before the next delivery, once, in milliseconds. */
  timeout(timeoutMs: number): void;
  assignment(): readonly TopicPartition[];
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  requestCommit(): void;
  errantRecordReporter(): ErrantRecordReporter | null;
}

/**
 * Copies from Kafka into a system. Calls come one after another:
 * initialize, start, open, (put | flush | preCommit)*, close, stop.
 * Mirrors `org.apache.kafka.connect.sink.SinkTask`.
 */
export interface SinkTask {
  initialize(context: SinkTaskContext): void;
  start(props: Readonly<Record<string, string>>): void | Promise<void>;
  open?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** May be called with no records. Throw a retriable ConnectError to get the same batch again. */
  put(records: readonly SinkRecord[]): void | Promise<void>;
  flush?(offsets: readonly TopicPartitionOffset[]): void | Promise<void>;
  /** The offsets that are safe to commit; by default `flush` is called and all are. */
  preCommit?(
    offsets: readonly TopicPartitionOffset[],
  ): readonly TopicPartitionOffset[] | Promise<readonly TopicPartitionOffset[]>;
  close?(partitions: readonly TopicPartition[]): void | Promise<void>;
  stop(): void | Promise<void>;
}
