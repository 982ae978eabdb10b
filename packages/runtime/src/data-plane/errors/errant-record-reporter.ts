import {
  ConnectError,
  type ErrantRecordReporter,
  type SinkRecord,
  type TopicPartition,
} from '@sluice/api';
import type { RecordColumns, RecordHeader } from '@sluice/kafka';
import { partitionKey } from '../sink/partition-offsets.ts';
import { rowOf, type SinkPart } from '../sink/sink-batch.ts';
import type { TaskConverters } from '../source/convert.ts';
import { consumedRecord } from './consumed-record.ts';
import type { ConsumedRecord } from './error-context.ts';
import type { RetryWithTolerance } from './retry-with-tolerance.ts';

const SINK_TASK = 'org.apache.kafka.connect.sink.SinkTask';

interface Origin {
  readonly columns: RecordColumns;
  readonly row: number;
}

/**
 * Takes the records that a sink cannot write (KIP-610, R5.21). A record that the task was given is
 * reported with the bytes it was consumed with; one of its own making is converted back.
 */
export class WorkerErrantRecordReporter implements ErrantRecordReporter {
  readonly #errors: RetryWithTolerance;
  readonly #converters: TaskConverters;
  readonly #origins = new WeakMap<SinkRecord, Origin>();
  readonly #pending = new Map<string, Set<Promise<void>>>();
  #putError: Error | null = null;

  constructor(errors: RetryWithTolerance, converters: TaskConverters) {
    this.#errors = errors;
    this.#converters = converters;
  }

  /** Notes where the records of a part come from, for the reports that may follow. */
  remember(part: SinkPart): void {
    const { columns, records } = part;
    for (let slot = 0; slot < records.length; slot++) {
      const record = records[slot];
      if (record !== undefined) this.#origins.set(record, { columns, row: rowOf(part, slot) });
    }
  }

  /** Not async: under `errors.tolerance=none` it throws into the task's `put`, as Java does. */
  report(record: SinkRecord, error: Error): Promise<void> {
    this.#putError ??= error;
    const consumed = this.#consumed(record);
    const stored = this.#errors.fail({
      stage: 'TASK_PUT',
      className: SINK_TASK,
      failed: { type: 'sink', record: consumed },
      error,
    });
    this.#track(partitionKey(consumed), stored);
    return stored;
  }

  /**
   * Settles when the reports of these partitions are stored; their offsets wait for it.
   *
   * @throws ConnectError when one could not be stored
   */
  async awaitReports(partitions: readonly TopicPartition[]): Promise<void> {
    for (const each of partitions) {
      const pending = this.#pending.get(partitionKey(each));
      if (pending === undefined) continue;
      this.#pending.delete(partitionKey(each));
      try {
        await Promise.all(pending);
      } catch (cause) {
        throw new ConnectError(
          `A record of ${partitionKey(each)} that the task reported as errant could not be stored`,
          { cause },
        );
      }
    }
  }

  /** Waits while too many reports are under way. */
  bounded(): Promise<void> {
    return this.#errors.reportsBounded();
  }

  /** The partitions are lost: nobody waits for their reports any more. */
  forget(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#pending.delete(partitionKey(each));
  }

  /**
   * Called after `put`: a task that has caught what `report` threw must fail all the same.
   *
   * @throws ConnectError when something was reported and nothing is tolerated
   */
  throwIntolerable(): void {
    if (this.#putError === null || this.#errors.isTolerant) return;
    throw new ConnectError(
      `Tolerance exceeded in error handler: the task reported an errant record: ` +
        this.#putError.message,
      { cause: this.#putError },
    );
  }

  #track(key: string, stored: Promise<void>): void {
    let pending = this.#pending.get(key);
    if (pending === undefined) {
      pending = new Set();
      this.#pending.set(key, pending);
    }
    const tracked = pending;
    tracked.add(stored);
    stored.then(
      () => tracked.delete(stored),
      // Stays in the set: the commit that waits for it has to learn of it.
      () => undefined,
    );
  }

  #consumed(record: SinkRecord): ConsumedRecord {
    const origin = this.#origins.get(record);
    if (origin !== undefined) return consumedRecord(origin.columns, origin.row);
    const { key, value, header } = this.#converters;
    const { topic } = record;
    const headers: RecordHeader[] = record.headers.map((each) => ({
      key: each.key,
      value: header.fromConnectHeader(topic, each.key, each.schema, each.value),
    }));
    return {
      topic,
      partition: record.kafkaPartition,
      offset: record.kafkaOffset,
      timestamp: record.timestamp ?? -1,
      timestampType: record.timestampType,
      key: key.fromConnectData(topic, record.keySchema, record.key, headers),
      value: value.fromConnectData(topic, record.valueSchema, record.value, headers),
      headers,
    };
  }
}
