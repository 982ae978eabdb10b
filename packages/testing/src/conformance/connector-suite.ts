import type { Props, SinkConnectorPlugin, SourceConnectorPlugin, SourceRecord } from '@sluice/api';
import { STRING_SCHEMA } from '@sluice/api';
import { registerChecks, type Check, type Exceptions } from './check.ts';
import { connectorChecks, connectorContext, type AnyConnector } from './connector-checks.ts';
import type { ConnectorDriver } from './connector-checks.ts';
import { pluginChecks, type PluginSuiteOptions } from './plugin-checks.ts';
import {
  sinkChecks,
  type SinkDriver,
  type SinkEnvironment,
  type SinkRecordContent,
} from './sink-checks.ts';
import { sourceChecks, type SourceDriver, type SourceEnvironment } from './source-checks.ts';

/** What authors of sources and of sinks may tell. */
interface ConnectorSuiteOptions extends PluginSuiteOptions {
  /** Checks known not to pass, each with the reason; they must fail. */
  readonly except?: Exceptions;
  /** How long records may take to come or to be written, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long a stop may take, in milliseconds. Default 5,000, the worker's default grace. */
  readonly stopTimeoutMs?: number;
}

/** How to check a source. */
export interface SourceSuiteOptions extends ConnectorSuiteOptions {
  readonly plugin: SourceConnectorPlugin;
  /** Makes a system to read from, empty and not shared with another check. */
  environment(): SourceEnvironment | Promise<SourceEnvironment>;
  /**
   * What makes a record that record, when it is read a second time: leave out what differs, such as
   * the time of reading. Default: topic, key and value.
   */
  identify?(record: SourceRecord): unknown;
  /** Whether records may come again after a restart. Default `exactly`: none does, none is lost. */
  readonly resume?: 'exactly' | 'at-least-once';
  /** For how long nothing must come when there is nothing, in milliseconds. Default 300. */
  readonly quietMs?: number;
}

/** How to check a sink. */
export interface SinkSuiteOptions extends ConnectorSuiteOptions {
  readonly plugin: SinkConnectorPlugin;
  /** Makes a system to write to, empty and not shared with another check. */
  environment(): SinkEnvironment | Promise<SinkEnvironment>;
  /** The content of the record with that number. Default: the strings `key 0`, `value 0` ... */
  record?(index: number): SinkRecordContent;
  /** A record that the system can't take: it has to be reported. */
  poison?(): SinkRecordContent;
  /** Default `conformance`. */
  readonly topic?: string;
}

const TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
const QUIET_MS = 300;

/**
 * Makes the tests of the contract between a connector and its worker: call it at the top of a test
 * file. See `docs/guides/test-a-plugin.md`.
 */
export function connectorSuite(options: SourceSuiteOptions | SinkSuiteOptions): void {
  const heading = `conformance of ${options.plugin.className}`;
  if (isSource(options)) {
    registerChecks(heading, SOURCE_CHECKS, sourceDriver(options), options.except);
  } else registerChecks(heading, SINK_CHECKS, sinkDriver(options), options.except);
}

export const SOURCE_CHECKS: readonly Check<SourceDriver>[] = [
  ...pluginChecks,
  ...connectorChecks,
  ...sourceChecks,
];

export const SINK_CHECKS: readonly Check<SinkDriver>[] = [
  ...pluginChecks,
  ...connectorChecks,
  ...sinkChecks,
];

function isSource(options: SourceSuiteOptions | SinkSuiteOptions): options is SourceSuiteOptions {
  return options.plugin.type === 'source';
}

/** What the checks need, of what the author told. */
export function sourceDriver(options: SourceSuiteOptions): SourceDriver {
  return {
    ...options,
    ...connectorDriver(options, () => options.plugin.create()),
    source: options.plugin,
    environment: () => options.environment(),
    identify: (record) => options.identify?.(record) ?? contentOf(record),
    resume: options.resume ?? 'exactly',
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    quietMs: options.quietMs ?? QUIET_MS,
  };
}

/** What the checks need, of what the author told. */
export function sinkDriver(options: SinkSuiteOptions): SinkDriver {
  return {
    ...options,
    ...connectorDriver(options, () => options.plugin.create()),
    sink: options.plugin,
    environment: () => options.environment(),
    record: (index) => options.record?.(index) ?? numbered(index),
    topic: options.topic ?? 'conformance',
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  };
}

function connectorDriver(
  options: SourceSuiteOptions | SinkSuiteOptions,
  createConnector: () => AnyConnector & { validate?: AnyValidate },
): ConnectorDriver {
  return {
    ...options,
    stopTimeoutMs: options.stopTimeoutMs ?? STOP_TIMEOUT_MS,
    createConnector,
    async withProps(use) {
      const environment = await options.environment();
      try {
        await use(environment.props);
      } finally {
        await environment[Symbol.asyncDispose]?.();
      }
    },
    validate(props) {
      const connector = createConnector();
      return connector.validate?.(props) ?? options.plugin.config.validate(props);
    },
    async readConfig(props) {
      const connector = createConnector();
      connector.initialize(connectorContext());
      await connector.start(props);
      await connector.taskConfigs(2);
      await connector.stop();
    },
  };
}

type AnyValidate = (props: Props) => ReturnType<ConnectorDriver['validate']>;

function contentOf({ topic, key, value }: SourceRecord): unknown {
  return { topic, key, value };
}

function numbered(index: number): SinkRecordContent {
  return {
    keySchema: STRING_SCHEMA,
    key: `key ${index}`,
    valueSchema: STRING_SCHEMA,
    value: `value ${index}`,
  };
}
