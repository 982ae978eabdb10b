import type {
  ConfigDef,
  ConfigValue,
  ConnectorContext,
  Logger,
  Props,
  SinkConnector,
  SinkTask,
} from '@sluice/api';
import { databaseProblems } from '../connection/check-connection.ts';
import { openConnection } from '../connection/open-connection.ts';
import { OffsetKeeper } from './offset-keeper.ts';
import { contradictions } from './sink-keys.ts';
import type { SettingsReader, SinkSettings } from './sink-settings.ts';
import { JdbcSinkTask } from './sink-task.ts';

const SILENT: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A sink under one of the names it is known by; each has its keys and its reader of them. */
export class JdbcSinkConnector implements SinkConnector {
  readonly #config: ConfigDef;
  readonly #readSettings: SettingsReader;
  #context: ConnectorContext | null = null;
  #props: Props = {};

  constructor(config: ConfigDef, readSettings: SettingsReader) {
    this.#config = config;
    this.#readSettings = readSettings;
  }

  initialize(context: ConnectorContext): void {
    this.#context = context;
  }

  /** @throws ConfigError for keys that contradict each other */
  start(props: Props): void {
    const settings = this.#readSettings(props, this.#context?.logger ?? SILENT);
    const [first] = contradictions(settings);
    if (first !== undefined) throw first[1];
    this.#props = props;
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, () => this.#props);
  }

  newTask(): SinkTask {
    return new JdbcSinkTask(this.#readSettings);
  }

  /** Checks the keys, alone and together, and then connects, within some seconds. */
  async validate(props: Props): Promise<readonly ConfigValue[]> {
    const values = this.#config.validate(props);
    if (values.some(({ errorMessages }) => errorMessages.length > 0)) return values;
    const errors = new Map<string, readonly string[]>();
    try {
      const settings = this.#readSettings(props, SILENT);
      for (const [key, error] of contradictions(settings)) errors.set(key, [error.message]);
      for (const [key, text] of await databaseProblems(settings.database)) {
        errors.set(key, [...(errors.get(key) ?? []), text]);
      }
    } catch (error) {
      errors.set('connection.url', [error instanceof Error ? error.message : String(error)]);
    }
    return values.map((value) => ({ ...value, errorMessages: errorsOf(value, errors) }));
  }

  /** With offsets of our own in the database, they are what has to change. */
  async alterOffsets(
    props: Props,
    offsets: Parameters<NonNullable<SinkConnector['alterOffsets']>>[1],
  ): Promise<boolean> {
    const settings: SinkSettings = this.#readSettings(props, this.#context?.logger ?? SILENT);
    if (settings.offsetsTable === null) return true;
    const keeper = new OffsetKeeper(
      settings,
      settings.offsetsTable,
      this.#context?.logger ?? SILENT,
    );
    await using connection = await openConnection(settings.database);
    await keeper.prepare(connection);
    await connection.begin();
    await keeper.reset(connection, offsets);
    await connection.commit();
    return true;
  }

  stop(): void {
    // Nothing is held: the tasks write.
  }
}

function errorsOf(
  value: ConfigValue,
  errors: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return [...value.errorMessages, ...(errors.get(value.name) ?? [])];
}
