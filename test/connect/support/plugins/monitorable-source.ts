import {
  ConfigDef,
  newHeader,
  newSourceRecord,
  STRING_SCHEMA,
  type Props,
  type SourceConnector,
  type SourceConnectorContext,
  type SourceConnectorPlugin,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';
import type { Journal } from './journal.ts';

const CLASS = 'org.apache.kafka.connect.integration.MonitorableSourceConnector';
const SECOND_MS = 1_000;

/**
 * A source that counts, under the keys of Java's `MonitorableSourceConnector`: `topic`, `throughput`
 * (records a second, default 10), `messages.per.poll` (1), `max.messages`, `num.tasks` (default
 * `tasks.max`), `connector.start.inject.error`, `connector.stop.inject.error`,
 * `task-<name>-<n>.start.inject.error`, `alter.offsets.result` (`true`, `false`; else it throws).
 *
 * Source partitions are `{"task.id": "<name>-<n>"}`, offsets `{"saved": <records so far>}`, values
 * `value-<name>-<n>-<seq>` counted from 1.
 *
 * It writes down `start` and `stop` of the connector and of tasks, `records` (`count`) of each poll
 * and `committed` (`count`) of what Kafka has acknowledged. Signals: `fail <task>` makes its next
 * poll throw, `fail <connector>` makes the connector raise an error within some 50 ms, and
 * `reconfigure <connector>` makes it ask for new task configs.
 */
export function monitorableSource(journal: Journal): SourceConnectorPlugin {
  return {
    type: 'source',
    className: CLASS,
    version: 'unknown',
    config: new ConfigDef({}),
    create: () => new MonitorableSourceConnector(journal),
  };
}

const LOOK_EVERY_MS = 50;

class MonitorableSourceConnector implements SourceConnector {
  readonly #journal: Journal;
  #context: SourceConnectorContext | null = null;
  #props: Props = {};
  #timer: NodeJS.Timeout | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  initialize(context: SourceConnectorContext): void {
    this.#context = context;
  }

  start(props: Props): void {
    this.#props = props;
    this.#journal.write({ by: this.#name, event: 'start' });
    if (props['connector.start.inject.error'] === 'true')
      throw new Error('Injecting errors during connector start');
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    const count = Number(this.#props['num.tasks'] ?? maxTasks);
    this.#journal.write({ by: this.#name, event: 'taskConfigs', maxTasks });
    return Array.from({ length: count }, (_, task) => ({
      ...this.#props,
      'connector.name': this.#name,
      'task.id': `${this.#name}-${task}`,
    }));
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#journal.write({ by: this.#name, event: 'stop' });
    if (this.#props['connector.stop.inject.error'] === 'true')
      throw new Error('Injecting errors during connector stop');
  }

  newTask(): SourceTask {
    return new MonitorableSourceTask(this.#journal);
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

  #look(): void {
    if (this.#journal.isRaised(`fail ${this.#name}`)) {
      if (this.#timer !== null) clearInterval(this.#timer);
      this.#context?.raiseError(new Error('Injecting an error of the connector'));
    }
    const reconfigure = `reconfigure ${this.#name}`;
    if (!this.#journal.isRaised(reconfigure)) return;
    this.#journal.lower(reconfigure);
    this.#context?.requestTaskReconfiguration();
  }
}

class MonitorableSourceTask implements SourceTask {
  readonly #journal: Journal;
  #context: SourceTaskContext | null = null;
  #id = '';
  #topic = '';
  #perPoll = 1;
  #perSecond = 10;
  #max = Number.MAX_SAFE_INTEGER;
  #first = 0;
  #next = 0;
  #startedMs = 0;
  #acknowledged = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  initialize(context: SourceTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    this.#id = props['task.id'] ?? '';
    this.#topic = props['topic'] ?? 'sequential-topic';
    this.#perPoll = Number(props['messages.per.poll'] ?? 1);
    this.#perSecond = Number(props['throughput'] ?? 10);
    this.#max = Number(props['max.messages'] ?? Number.MAX_SAFE_INTEGER);
    const stored = await this.#context?.offsetStorageReader.offset({ 'task.id': this.#id });
    this.#first = Number(stored?.['saved'] ?? 0);
    this.#next = this.#first;
    this.#startedMs = performance.now();
    this.#journal.write({ by: this.#id, event: 'start', from: this.#first, props });
    if (props[`task-${this.#id}.start.inject.error`] === 'true')
      throw new Error('Injecting errors during task start');
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    if (this.#journal.isRaised(`fail ${this.#id}`)) throw new Error('Injecting errors during poll');
    const count = Math.min(this.#max - this.#next, this.#perPoll);
    if (count <= 0) return idle(LOOK_EVERY_MS, signal);
    const dueMs = ((this.#next - this.#first) / this.#perSecond) * SECOND_MS;
    const earlyMs = this.#perSecond > 0 ? this.#startedMs + dueMs - performance.now() : 0;
    // In small steps, so that signals are seen.
    if (earlyMs > 0) return idle(Math.min(earlyMs, LOOK_EVERY_MS), signal);
    this.#journal.write({ by: this.#id, event: 'records', count });
    return Array.from({ length: count }, () => this.#record());
  }

  commitRecord(): void {
    this.#acknowledged += 1;
  }

  commit(): void {
    if (this.#acknowledged === 0) return;
    this.#journal.write({ by: this.#id, event: 'committed', count: this.#acknowledged });
    this.#acknowledged = 0;
  }

  stop(): void {
    this.#journal.write({ by: this.#id, event: 'stop' });
  }

  #record(): SourceRecord {
    this.#next += 1;
    const seq = this.#next;
    return newSourceRecord({
      topic: this.#topic,
      keySchema: STRING_SCHEMA,
      key: `key-${this.#id}-${seq}`,
      valueSchema: STRING_SCHEMA,
      value: `value-${this.#id}-${seq}`,
      headers: [newHeader(`header-${seq}`, `${seq}`, STRING_SCHEMA)],
      sourcePartition: { 'task.id': this.#id },
      sourceOffset: { saved: seq },
    });
  }
}

function idle(ms: number, signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve(null);
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
