import {
  ConnectError,
  type ConfigDef,
  type ConfigValue,
  type Int64,
  type Props,
  type SourceConnector,
  type SourceConnectorContext,
  type SourceTask,
} from '@sluice/api';
import { fromSourceOffset } from './cursor-offset.ts';
import {
  JDBC_SOURCE_CONFIG,
  modeOf,
  sourceSettings,
  type SourceSettings,
} from './source-settings.ts';
import { groupTables, TABLES_KEY, tablesText } from './source-tables.ts';
import { JdbcSourceTask } from './source-task.ts';
import { validateSource } from './source-validation.ts';
import { TableMonitor } from './table-monitor.ts';

type OffsetChanges = Parameters<NonNullable<SourceConnector['alterOffsets']>>[1];

/** Whose keys a config is written in. */
export interface SourceFlavour {
  readonly config: ConfigDef;
  /** The same config in the keys of Confluent's connector. */
  readonly toConfluent: (props: Props) => Props;
  /** Where the ids begin; `null` where the flavour has no key for it. */
  readonly initialId: (props: Props) => Int64 | null;
}

const CONFLUENT: SourceFlavour = {
  config: JDBC_SOURCE_CONFIG,
  toConfluent: (props) => props,
  initialId: () => null,
};

/** Mirrors `io.confluent.connect.jdbc.JdbcSourceConnector`. */
export class JdbcSourceConnector implements SourceConnector {
  readonly #flavour: SourceFlavour;
  #context: SourceConnectorContext | null = null;
  #props: Props = {};
  #settings: SourceSettings | null = null;
  #monitor: TableMonitor | null = null;

  constructor(flavour: SourceFlavour = CONFLUENT) {
    this.#flavour = flavour;
  }

  initialize(context: SourceConnectorContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    const context = this.#context;
    if (context === null) throw new Error('start() was called before initialize()');
    this.#props = this.#flavour.toConfluent(props);
    this.#settings = sourceSettings(this.#props, context.logger);
    if (this.#settings.query !== null) return;
    this.#monitor = new TableMonitor(this.#settings, context.logger, {
      onChange: () => context.requestTaskReconfiguration(),
      onError: (error) => context.raiseError(error),
    });
    await this.#monitor.start();
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    if (this.#settings?.query !== null) return [this.#props];
    const tables = this.#monitor?.tables ?? [];
    if (tables.length === 0) {
      this.#context?.logger.warn(
        'No tables to read: there is none that the config asks for, or the user may not see it. ' +
          'They are looked for again every table.poll.interval.ms.',
      );
      return [];
    }
    return groupTables(tables, maxTasks).map((group) => ({
      ...this.#props,
      [TABLES_KEY]: tablesText(group),
    }));
  }

  newTask(): SourceTask {
    return new JdbcSourceTask(this.#flavour.initialId);
  }

  validate(props: Props): Promise<readonly ConfigValue[]> {
    const { config, toConfluent } = this.#flavour;
    return validateSource(toConfluent(props), config.validate(props));
  }

  /**
   * Rows with an id can be read again from any of them. Rows of one time can't be told apart, and a
   * whole table is read anew each time.
   */
  exactlyOnceSupport(props: Props): 'SUPPORTED' | 'UNSUPPORTED' {
    return modeOf(props['mode'] ?? '').includes('incrementing') ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  /** @throws ConnectError for partitions and offsets that this connector would not understand */
  alterOffsets(_props: Props, changes: OffsetChanges): boolean {
    for (const { partition, offset } of changes) {
      const isTable = typeof partition['table'] === 'string';
      if (!isTable && partition['query'] !== 'query') {
        throw new ConnectError(
          `${JSON.stringify(partition)} is no partition of this connector: write ` +
            '{"protocol": "1", "table": "schema.table"} or {"query": "query"}.',
        );
      }
      if (offset !== null) fromSourceOffset(offset);
    }
    return true;
  }

  async stop(): Promise<void> {
    await this.#monitor?.stop();
    this.#monitor = null;
  }
}
