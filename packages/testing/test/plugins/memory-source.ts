import {
  ConfigDef,
  newSourceRecord,
  STRING_SCHEMA,
  type ConfigValue,
  type Props,
  type SourceConnector,
  type SourceConnectorPlugin,
  type SourceMap,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceEnvironment } from '../../src/conformance/index.ts';

const CONFIG = new ConfigDef({
  topic: { type: 'STRING', importance: 'HIGH', doc: 'Where the records go.' },
  list: { type: 'STRING', importance: 'HIGH', doc: 'Which list is read.' },
  'batch.size': { type: 'INT', default: 2, importance: 'LOW', doc: 'Records per poll.' },
});

/** Lists by name: the system that the source reads. */
export type Lists = Map<string, string[]>;

/** A source that does all that it must. Broken ones extend it. */
export class MemorySource implements SourceConnector {
  readonly lists: Lists;
  protected props: Props = {};

  constructor(lists: Lists) {
    this.lists = lists;
  }
  initialize(): void {
    // It needs nothing of its context.
  }
  start(props: Props): void | Promise<void> {
    CONFIG.parse(props);
    this.props = props;
  }
  taskConfigs(_maxTasks: number): readonly Props[] {
    return [this.props];
  }
  newTask(): SourceTask {
    return new MemorySourceTask(this.lists);
  }
  validate(props: Props): readonly ConfigValue[] {
    return CONFIG.validate(props);
  }
  alterOffsets(_props: Props, _offsets: unknown): boolean {
    return true;
  }
  stop(): void | Promise<void> {
    // Nothing is held.
  }
}

export class MemorySourceTask implements SourceTask {
  readonly lists: Lists;
  protected context: SourceTaskContext | null = null;
  protected topic = '';
  protected list = '';
  protected batchSize = 0;
  protected position = 0;

  constructor(lists: Lists) {
    this.lists = lists;
  }
  initialize(context: SourceTaskContext): void {
    this.context = context;
  }
  async start(props: Props): Promise<void> {
    const config = CONFIG.parse(props);
    this.topic = config.topic;
    this.list = config.list;
    this.batchSize = config['batch.size'];
    const offset = await this.context?.offsetStorageReader.offset({ list: this.list });
    this.position = Number(offset?.['position'] ?? 0);
  }
  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    for (;;) {
      const found = this.values().slice(this.position, this.position + this.batchSize);
      if (found.length > 0) return found.map((value) => this.record(value, ++this.position));
      if (signal.aborted) return null;
      await sleep(5);
    }
  }
  protected values(): readonly string[] {
    return this.lists.get(this.list) ?? [];
  }
  protected record(value: string, position: number): SourceRecord {
    const sourcePartition: SourceMap = { list: this.list };
    return newSourceRecord({
      topic: this.topic,
      valueSchema: STRING_SCHEMA,
      value,
      sourcePartition,
      sourceOffset: { position },
    });
  }
  commitRecord(_record: SourceRecord, _metadata: unknown): void {
    // Nothing to tell the list.
  }
  stop(): void | Promise<void> {
    // Nothing is held.
  }
}

/** A plug-in whose connectors are made by `create`. */
export function memorySourcePlugin(
  create: () => SourceConnector,
  changes: Partial<SourceConnectorPlugin> = {},
): SourceConnectorPlugin {
  return {
    type: 'source',
    className: 'org.example.MemorySourceConnector',
    version: '1.0',
    config: CONFIG,
    create,
    ...changes,
  };
}

/** A list of its own for each check. */
export function memoryEnvironment(lists: Lists): SourceEnvironment {
  const list = `list ${lists.size}`;
  const values: string[] = [];
  lists.set(list, values);
  return {
    props: { topic: 'numbers', list },
    produce(count) {
      for (let i = 0; i < count; i++) values.push(`value ${values.length}`);
    },
  };
}
