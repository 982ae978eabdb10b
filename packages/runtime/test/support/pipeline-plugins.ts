/** A source that counts and a sink that writes what it gets to a file. Loaded inside lanes. */
import { appendFileSync } from 'node:fs';
import {
  newSourceRecord,
  type Props,
  type SinkConnector,
  type SinkRecord,
  type SinkTask,
  type SourceConnector,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';

const definition = { className: 'com.example.Counting', version: '1' };
const BATCH = 500;

class CountingTask implements SourceTask {
  #context: SourceTaskContext | null = null;
  #next = 0;
  #end = 0;
  #topic = '';
  #partitions = 1;
  #pauseMs = 0;

  initialize(context: SourceTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    this.#end = Number(props['end']);
    this.#topic = props['topic'] ?? '';
    this.#partitions = Number(props['partitions'] ?? '1');
    this.#pauseMs = Number(props['pause.ms'] ?? '0');
    const stored = await this.#context?.offsetStorageReader.offset({ counter: 'c' });
    this.#next = Number(stored?.['next'] ?? 0);
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    if (this.#next >= this.#end) {
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      return null;
    }
    if (this.#pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#pauseMs));
    const records: SourceRecord[] = [];
    while (records.length < BATCH && this.#next < this.#end) {
      const value = `value ${this.#next}`;
      this.#next += 1;
      records.push(
        newSourceRecord({
          topic: this.#topic,
          kafkaPartition: this.#next % this.#partitions,
          value,
          sourcePartition: { counter: 'c' },
          sourceOffset: { next: this.#next },
        }),
      );
    }
    return records;
  }

  stop(): void {}
}

class CountingSource implements SourceConnector {
  initialize(): void {}
  start(): void {}
  taskConfigs(): readonly Props[] {
    return [];
  }
  stop(): void {}
  newTask(): SourceTask {
    return new CountingTask();
  }
}

export const source = {
  ...definition,
  type: 'source',
  create: (): SourceConnector => new CountingSource(),
};

class FileTask implements SinkTask {
  #file = '';

  initialize(): void {}

  start(props: Props): void {
    this.#file = props['file'] ?? '';
  }

  put(records: readonly SinkRecord[]): void {
    if (records.length === 0) return;
    appendFileSync(this.#file, records.map((each) => `${String(each.value)}\n`).join(''));
  }

  stop(): void {}
}

class FileSink implements SinkConnector {
  initialize(): void {}
  start(): void {}
  taskConfigs(): readonly Props[] {
    return [];
  }
  stop(): void {}
  newTask(): SinkTask {
    return new FileTask();
  }
}

export const sink = { ...definition, type: 'sink', create: (): SinkConnector => new FileSink() };
