import {
  ConfigDef,
  defineTransformation,
  newHeader,
  newSourceRecord,
  STRING_SCHEMA,
  withRecord,
  type ConverterPlugin,
  type DescribablePlugin,
  type HeaderConverterPlugin,
  type OffsetStorageReader,
  type PredicatePlugin,
  type Props,
  type SourceConnector,
  type SourceConnectorPlugin,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
  type TransformationPlugin,
} from '@sluice/api';

const PACKAGE = 'test.plugins';
const POLL_MS = 50;
/** After each start, so that who reads the topic comes to its end. */
const RECORDS = 3;
const NO_KEYS = new ConfigDef({});

/**
 * One version of a set of plug-ins, which leave their version in the records: the source in the value,
 * the transformation and the value converter behind it, the header converter in the header `by`. The
 * predicate lets nothing through from version 2 on, and from then on the source has a key
 * `since.two`. Mirrors what `VersionedPluginBuilder` makes.
 */
export function versionedPlugins(version: string): Readonly<Record<string, DescribablePlugin>> {
  return {
    source: versionedSource(version),
    transformation: versionedTransformation(version),
    predicate: versionedPredicate(version),
    converter: versionedConverter(version),
    headerConverter: versionedHeaderConverter(version),
  };
}

function isTwo(version: string): boolean {
  return version.startsWith('2.');
}

function versionedSource(version: string): SourceConnectorPlugin {
  const topic = { type: 'STRING', importance: 'HIGH', doc: 'Where records go.' } as const;
  const later = { type: 'INT', default: 1, importance: 'LOW', doc: 'New in version 2.' } as const;
  return {
    type: 'source',
    className: `${PACKAGE}.VersionedSourceConnector`,
    version,
    config: isTwo(version)
      ? new ConfigDef({ topic, 'since.two': later })
      : new ConfigDef({ topic }),
    create: () => new VersionedSource(version),
  };
}

class VersionedSource implements SourceConnector {
  readonly #version: string;
  #props: Props = {};

  constructor(version: string) {
    this.#version = version;
  }

  initialize(): void {}

  start(props: Props): void {
    this.#props = props;
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, (_, task) => ({ ...this.#props, task: `${task}` }));
  }

  stop(): void {}

  newTask(): SourceTask {
    return new VersionedSourceTask(this.#version);
  }
}

/** Values `<task>.<seq> source <version>`, counted over restarts, three after each start. */
class VersionedSourceTask implements SourceTask {
  readonly #version: string;
  #reader: OffsetStorageReader | null = null;
  #topic = '';
  #task = '';
  #next = 0;
  #left = RECORDS;

  constructor(version: string) {
    this.#version = version;
  }

  initialize(context: SourceTaskContext): void {
    this.#reader = context.offsetStorageReader;
  }

  async start(props: Props): Promise<void> {
    this.#topic = props['topic'] ?? '';
    this.#task = props['task'] ?? '';
    const offset = await this.#reader?.offset({ task: this.#task });
    this.#next = Number(offset?.['seq'] ?? 0);
  }

  async poll(): Promise<readonly SourceRecord[] | null> {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (this.#left === 0) return null;
    this.#left -= 1;
    this.#next += 1;
    return [
      newSourceRecord({
        topic: this.#topic,
        keySchema: STRING_SCHEMA,
        key: 'key',
        valueSchema: STRING_SCHEMA,
        value: `${this.#task}.${this.#next} source ${this.#version}`,
        headers: [newHeader('by', 'header', STRING_SCHEMA)],
        sourcePartition: { task: this.#task },
        sourceOffset: { seq: this.#next },
      }),
    ];
  }

  stop(): void {}
}

function versionedTransformation(version: string): TransformationPlugin {
  return defineTransformation({
    className: `${PACKAGE}.VersionedTransformation`,
    version,
    config: NO_KEYS,
    open: () => (record) =>
      withRecord(record, { value: `${String(record.value)}, transformation ${version}` }),
  });
}

function versionedPredicate(version: string): PredicatePlugin {
  return {
    type: 'predicate',
    className: `${PACKAGE}.VersionedPredicate`,
    version,
    config: NO_KEYS,
    create: () => ({ configure: () => undefined, test: () => !isTwo(version) }),
  };
}

function versionedConverter(version: string): ConverterPlugin {
  return {
    type: 'converter',
    className: `${PACKAGE}.VersionedConverter`,
    version,
    config: NO_KEYS,
    create: () => ({
      configure: () => undefined,
      fromConnectData: (_topic, _schema, value) =>
        Buffer.from(`${String(value)}, converter ${version}`),
      toConnectData: () => ({ schema: null, value: null }),
    }),
  };
}

function versionedHeaderConverter(version: string): HeaderConverterPlugin {
  return {
    type: 'header_converter',
    className: `${PACKAGE}.VersionedHeaderConverter`,
    version,
    config: NO_KEYS,
    create: () => ({
      configure: () => undefined,
      fromConnectHeader: (_topic, _key, _schema, value) =>
        Buffer.from(`${String(value)} ${version}`),
      toConnectHeader: () => ({ schema: null, value: null }),
    }),
  };
}
