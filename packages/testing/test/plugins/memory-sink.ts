import {
  ConfigDef,
  DataError,
  RetriableError,
  type Props,
  type SinkConnector,
  type SinkConnectorPlugin,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartitionOffset,
} from '@sluice/api';
import type { SinkEnvironment } from '../../src/conformance/index.ts';

const CONFIG = new ConfigDef({
  store: { type: 'STRING', importance: 'HIGH', doc: 'Which store is written.' },
});

/** The system that the sink writes: values by place, and whether it is up. */
export interface Store {
  readonly records: Map<string, unknown>;
  isUp: boolean;
}
export type Stores = Map<string, Store>;

/** A sink that does all that it must. Broken ones extend it. */
export class MemorySink implements SinkConnector {
  readonly stores: Stores;
  protected props: Props = {};

  constructor(stores: Stores) {
    this.stores = stores;
  }
  initialize(): void {
    // It needs nothing of its context.
  }
  start(props: Props): void {
    CONFIG.parse(props);
    this.props = props;
  }
  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, () => this.props);
  }
  newTask(): SinkTask {
    return new MemorySinkTask(this.stores);
  }
  stop(): void {
    // Nothing is held.
  }
}

export class MemorySinkTask implements SinkTask {
  readonly stores: Stores;
  protected context: SinkTaskContext | null = null;
  protected store: Store | null = null;
  protected pending: SinkRecord[] = [];

  constructor(stores: Stores) {
    this.stores = stores;
  }
  initialize(context: SinkTaskContext): void {
    this.context = context;
  }
  start(props: Props): void {
    this.store = this.stores.get(CONFIG.parse(props).store) ?? null;
  }
  async put(records: readonly SinkRecord[]): Promise<void> {
    if (this.store?.isUp === false) throw new RetriableError('the store is away');
    for (const record of records) {
      if (record.value !== 'poison') this.pending.push(record);
      else await this.refuse(record);
    }
  }
  protected async refuse(record: SinkRecord): Promise<void> {
    const reporter = this.context?.errantRecordReporter() ?? null;
    const error = new DataError('poison');
    if (reporter === null) throw error;
    await reporter.report(record, error);
  }
  flush(_offsets: readonly TopicPartitionOffset[]): void {
    for (const record of this.pending) this.write(record);
    this.pending = [];
  }
  protected write(record: SinkRecord): void {
    const place = `${record.originalKafkaPartition}@${record.originalKafkaOffset}`;
    this.store?.records.set(place, record.value);
  }
  stop(): void | Promise<void> {
    this.store = null;
  }
}

/** A plug-in whose connectors are made by `create`. */
export function memorySinkPlugin(create: () => SinkConnector): SinkConnectorPlugin {
  return {
    type: 'sink',
    className: 'org.example.MemorySinkConnector',
    version: '1.0',
    config: CONFIG,
    create,
  };
}

/** A store of its own for each check. */
export function memoryStoreEnvironment(stores: Stores): SinkEnvironment {
  const name = `store ${stores.size}`;
  const store: Store = { records: new Map(), isUp: true };
  stores.set(name, store);
  return {
    props: { store: name },
    received: () => store.records.size,
    interrupt() {
      store.isUp = false;
    },
    restore() {
      store.isUp = true;
    },
  };
}
