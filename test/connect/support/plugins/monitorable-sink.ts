import {
  ConfigDef,
  type Props,
  type SinkConnector,
  type SinkConnectorPlugin,
  type SinkRecord,
  type SinkTask,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@sluice/api';
import type { Journal } from './journal.ts';

const CLASS = 'org.apache.kafka.connect.integration.MonitorableSinkConnector';

/**
 * A sink that writes down what it is told. Mirrors `MonitorableSinkConnector`; keys:
 * `connector.start.inject.error`, `task-<name>-<n>.start.inject.error`, `fail.below.offset` (a record
 * with a lower offset fails the task), `alter.offsets.result` (`true`, `false`; else it throws).
 *
 * Entries: `start` and `stop` of the connector and of tasks; `open` and `close` (`partitions`:
 * sorted `topic-n`), `put` (`count`, `records`: `topic-n@offset=value`), `committed` (`partitions`).
 * Signals: `fail <task>` makes its next `put` throw.
 */
export function monitorableSink(journal: Journal): SinkConnectorPlugin {
  return {
    type: 'sink',
    className: CLASS,
    version: 'unknown',
    config: new ConfigDef({}),
    create: () => new MonitorableSinkConnector(journal),
  };
}

class MonitorableSinkConnector implements SinkConnector {
  readonly #journal: Journal;
  #props: Props = {};

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  initialize(): void {}

  start(props: Props): void {
    this.#props = props;
    this.#journal.write({ by: this.#name, event: 'start' });
    if (props['connector.start.inject.error'] === 'true')
      throw new Error('Injecting errors during connector start');
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, (_, task) => ({
      ...this.#props,
      'connector.name': this.#name,
      'task.id': `${this.#name}-${task}`,
    }));
  }

  stop(): void {
    this.#journal.write({ by: this.#name, event: 'stop' });
  }

  newTask(): SinkTask {
    return new MonitorableSinkTask(this.#journal);
  }

  alterOffsets(props: Props): boolean {
    const result = props['alter.offsets.result'] ?? 'false';
    if (result !== 'true' && result !== 'false')
      throw new Error('Injecting errors in alterOffsets');
    return result === 'true';
  }

  get #name(): string {
    return this.#props['name'] ?? CLASS;
  }
}

class MonitorableSinkTask implements SinkTask {
  readonly #journal: Journal;
  #id = '';
  #failBelow = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  initialize(): void {}

  start(props: Props): void {
    this.#id = props['task.id'] ?? '';
    this.#failBelow = Number(props['fail.below.offset'] ?? 0);
    this.#journal.write({ by: this.#id, event: 'start', props });
    if (props[`task-${this.#id}.start.inject.error`] === 'true')
      throw new Error('Injecting errors during task start');
  }

  open(partitions: readonly TopicPartition[]): void {
    this.#journal.write({ by: this.#id, event: 'open', partitions: partitions.map(text).sort() });
  }

  close(partitions: readonly TopicPartition[]): void {
    this.#journal.write({ by: this.#id, event: 'close', partitions: partitions.map(text).sort() });
  }

  put(records: readonly SinkRecord[]): void {
    if (this.#journal.isRaised(`fail ${this.#id}`)) throw new Error('Injecting errors during put');
    const early = records.find((record) => record.kafkaOffset < this.#failBelow);
    if (early !== undefined) throw new Error(`Unexpected record at offset ${early.kafkaOffset}`);
    if (records.length === 0) return;
    this.#journal.write({
      by: this.#id,
      event: 'put',
      count: records.length,
      records: records.map(recordText),
    });
  }

  preCommit(offsets: readonly TopicPartitionOffset[]): readonly TopicPartitionOffset[] {
    const partitions = offsets.map((each) => `${text(each)}@${each.offset}`);
    if (partitions.length > 0)
      this.#journal.write({ by: this.#id, event: 'committed', partitions: partitions.sort() });
    return offsets;
  }

  stop(): void {
    this.#journal.write({ by: this.#id, event: 'stop' });
  }
}

function text({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function recordText(record: SinkRecord): string {
  return `${record.topic}-${record.kafkaPartition}@${record.kafkaOffset}=${String(record.value)}`;
}
