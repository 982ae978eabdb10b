import type { ConfigDef } from './config/config-def.ts';
import type { ConfigValue } from './config/config-value.ts';
import type { Logger } from './logging.ts';
import type { PluginMetrics } from './plugin-metrics.ts';
import type { SinkTask } from './sink/sink-task.ts';
import type { OffsetStorageReader, SourceTask } from './source/source-task.ts';

/** A connector's or task's config as users write it. */
export type Props = Readonly<Record<string, string>>;

/** What the worker gives a connector at `initialize`. Mirrors `ConnectorContext`. */
export interface ConnectorContext {
  readonly logger: Logger;
  /** Where the connector registers metrics. Missing without a worker: in a test, say. */
  readonly pluginMetrics?: PluginMetrics;
  /** Asks the worker to call `taskConfigs` again. */
  requestTaskReconfiguration(): void;
  /** Makes the connector FAILED. */
  raiseError(error: Error): void;
}

export interface SourceConnectorContext extends ConnectorContext {
  readonly offsetStorageReader: OffsetStorageReader;
}

interface ConnectorBase<Context extends ConnectorContext> {
  initialize(context: Context): void;
  start(props: Props): void | Promise<void>;
  /** At most `maxTasks` configs, one per task. */
  taskConfigs(maxTasks: number): readonly Props[] | Promise<readonly Props[]>;
  stop(): void | Promise<void>;
  /** Checks beyond the ConfigDef. May be called without `start`. Default: `config.validate(props)`. */
  validate?(props: Props): readonly ConfigValue[] | Promise<readonly ConfigValue[]>;
}

/** Mirrors `org.apache.kafka.connect.source.SourceConnector`. */
export interface SourceConnector extends ConnectorBase<SourceConnectorContext> {
  newTask(): SourceTask;
  exactlyOnceSupport?(props: Props): 'SUPPORTED' | 'UNSUPPORTED' | null;
  canDefineTransactionBoundaries?(props: Props): 'SUPPORTED' | 'UNSUPPORTED';
  /** `null` as offset means reset. Answers false when the connector keeps no offsets of its own. */
  alterOffsets?(
    props: Props,
    offsets: readonly {
      readonly partition: Readonly<Record<string, unknown>>;
      readonly offset: Readonly<Record<string, unknown>> | null;
    }[],
  ): boolean | Promise<boolean>;
}

/** Mirrors `org.apache.kafka.connect.sink.SinkConnector`. */
export interface SinkConnector extends ConnectorBase<ConnectorContext> {
  newTask(): SinkTask;
  alterOffsets?(
    props: Props,
    offsets: readonly {
      readonly topic: string;
      readonly partition: number;
      readonly offset: number | null;
    }[],
  ): boolean | Promise<boolean>;
}

/** What every plug-in module exports beside its factory: its version and its config. */
export interface PluginDefinition<T> {
  /** The class name users write, e.g. `org.apache.kafka.connect.file.FileStreamSourceConnector`. */
  readonly className: string;
  /**
   * Short names. Default: the class's simple name, and that without its suffix. A package that has
   * several classes of one simple name leaves it to one of them, with `[]` for the others.
   */
  readonly aliases?: readonly string[];
  readonly version: string;
  readonly config: ConfigDef;
  create(): T;
}

export interface SourceConnectorPlugin extends PluginDefinition<SourceConnector> {
  readonly type: 'source';
}
export interface SinkConnectorPlugin extends PluginDefinition<SinkConnector> {
  readonly type: 'sink';
}
