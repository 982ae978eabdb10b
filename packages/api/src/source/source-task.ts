import type { Logger } from '../logging.ts';
import type { PluginMetrics } from '../plugin-metrics.ts';
import type { SourceMap, SourceRecord } from './source-record.ts';
import type { TransactionContext } from './transaction-context.ts';

/** Where a record landed, told to `commitRecord`. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number | null;
}

/** Reads back what this connector has committed. Mirrors `OffsetStorageReader`. */
export interface OffsetStorageReader {
  /** The last committed offset of one source partition, or `null`. */
  offset(partition: SourceMap): Promise<SourceMap | null>;
  /** As `offset` for many; results stand in the order asked. */
  offsets(partitions: readonly SourceMap[]): Promise<readonly (SourceMap | null)[]>;
}

/** What the worker gives a source task at `initialize`. */
export interface SourceTaskContext {
  readonly configs: Readonly<Record<string, string>>;
  readonly offsetStorageReader: OffsetStorageReader;
  readonly logger: Logger;
  /** Where the task registers metrics. Missing without a worker: in a test, say. */
  readonly pluginMetrics?: PluginMetrics;
  /** `null`, or missing, unless the connector defines its own transactions. */
  readonly transactionContext?: TransactionContext | null;
}

/**
 * Copies from a system into Kafka. All calls come one after another from one loop.
 * Mirrors `org.apache.kafka.connect.source.SourceTask`.
 */
export interface SourceTask {
  initialize(context: SourceTaskContext): void;
  start(props: Readonly<Record<string, string>>): void | Promise<void>;
  /**
   * The next records, or `null` when there are none now. May wait for data, but must settle soon
   * after `signal` is aborted (the task is to stop or pause).
   */
  poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null>;
  /** Called after offsets have been committed. */
  commit?(): void | Promise<void>;
  /** Called once per record after Kafka has it; `metadata` is `null` when it was filtered or skipped. */
  commitRecord?(record: SourceRecord, metadata: RecordMetadata | null): void;
  stop(): void | Promise<void>;
}
