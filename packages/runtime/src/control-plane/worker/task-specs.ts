/** From configs to what the task host starts. */
import { ConfigError, type Props } from '@sluice/api';
import {
  SINK_CONNECTOR_CONFIG,
  SOURCE_CONNECTOR_CONFIG,
  type SinkConnectorValues,
  type SourceConnectorValues,
} from '../../config/connector-config-def.ts';
import { SOURCE_DEAD_LETTER_CONFIG } from '../../config/source-dead-letter-def.ts';
import type { Plugin, PluginType } from '../../plugins/plugin-catalog.ts';
import {
  adminConfig,
  deadLetterAdminConfig,
  deadLetterProducerConfig,
  sinkConsumerConfig,
  sourceProducerConfig,
  withPrefix,
  type ClientConfigInput,
} from '../../task-host/client-configs.ts';
import type {
  ConfiguredPlugin,
  ConnectorSpec,
  ConnectorTarget,
  DeadLetterSpec,
  Isolation,
  TaskId,
  TaskSpec,
  TaskTarget,
  TransformationSpec,
} from '../../task-host/contract.ts';
import { checkOverrides } from './refused-overrides.ts';
import { topicCreationGroups } from './topic-creation-groups.ts';
import type { WorkerContext } from './worker-context.ts';

type ConverterKey = 'key.converter' | 'value.converter' | 'header.converter';

/** Packages of our own: asynchronous, tested to leave their thread to others. */
const OWN_PACKAGES = '@sluice/';

/** A connector as it is to run: its plug-in and its config with all references resolved. */
export interface RunnableConnector {
  readonly name: string;
  readonly plugin: Plugin;
  readonly props: Props;
}

/**
 * What the task host needs to start the Connector object.
 *
 * @throws ConfigError for wrong `topic.creation.*` keys, which validation leaves alone (R2.76)
 */
export function connectorSpec(
  connector: RunnableConnector,
  target: ConnectorTarget,
  worker: WorkerContext,
): ConnectorSpec {
  if (connector.plugin.type === 'source') topicCreation(connector.props, worker);
  const isolation = isolationOf(connector.plugin, worker);
  return {
    name: connector.name,
    type: connector.plugin.type === 'source' ? 'source' : 'sink',
    plugin: connector.plugin.ref(),
    props: connector.props,
    target,
    isolation: isolation === 'task' ? 'connector' : isolation,
  };
}

/**
 * What the task host needs to start one task.
 *
 * @param taskProps what the connector gave for it, references resolved
 * @throws ConfigError when a class it names is not there
 * @throws ConnectError when the worker's policy refuses a client's override
 */
export function taskSpec(
  connector: RunnableConnector,
  id: TaskId,
  taskProps: Props,
  target: TaskTarget,
  worker: WorkerContext,
): TaskSpec {
  const { plugin, props } = connector;
  checkOverrides(connector, worker);
  const clients: ClientConfigInput = { workerProps: worker.props, connectorProps: props };
  const values = frameworkValues(plugin, props);
  const heapMb = worker.values['sluice.task.max.heap.mb'];
  const base = {
    id,
    plugin: plugin.ref(),
    connectorProps: props,
    taskProps,
    keyConverter: converter('key.converter', connector, worker),
    valueConverter: converter('value.converter', connector, worker),
    headerConverter: converter('header.converter', connector, worker),
    transformations: transformations(values.transforms, props, worker),
    errors: {
      tolerance: values['errors.tolerance'] === 'all' ? 'all' : 'none',
      retryTimeoutMs: values['errors.retry.timeout'],
      retryDelayMaxMs: values['errors.retry.delay.max.ms'],
      logEnable: values['errors.log.enable'],
      logIncludeMessages: values['errors.log.include.messages'],
    },
    target,
    isolation: heapMb === null ? isolationOf(plugin, worker) : 'task',
    maxHeapMb: heapMb,
    offsetFlushIntervalMs: worker.values['offset.flush.interval.ms'],
    offsetFlushTimeoutMs: worker.values['offset.flush.timeout.ms'],
    isTopicTracked: worker.values['topic.tracking.enable'],
    metricWindow: {
      windowMs: worker.values['metrics.sample.window.ms'],
      samples: worker.values['metrics.num.samples'],
    },
  } as const;
  if (values.type === 'source')
    return {
      ...base,
      type: 'source',
      producerConfig: sourceProducerConfig(clients, id),
      adminConfig: adminConfig(clients, id),
      topicCreation: topicCreation(props, worker),
      deadLetters: deadLetters(sourceLetterKeys(props), clients, id),
    };
  return {
    ...base,
    type: 'sink',
    consumerConfig: sinkConsumerConfig(clients, id),
    topics: values.topics.length === 0 ? null : values.topics,
    topicsRegex: values['topics.regex'] === '' ? null : values['topics.regex'],
    deadLetters: deadLetters(sinkLetterKeys(values), clients, id),
  };
}

/** What the framework adds to a task's config (R2.77): its class, and for sinks the topics. */
export function frameworkTaskProps(plugin: Plugin, connectorProps: Props): Props {
  const topics = (['topics', 'topics.regex'] as const).flatMap((key) => {
    const value = connectorProps[key];
    return value === undefined ? [] : [[key, value]];
  });
  return {
    'task.class': taskClassOf(plugin.className),
    ...(plugin.type === 'sink' ? Object.fromEntries(topics) : {}),
  };
}

function topicCreation(
  props: Props,
  worker: WorkerContext,
): ReturnType<typeof topicCreationGroups> {
  return worker.values['topic.creation.enable'] ? topicCreationGroups(props) : null;
}

type FrameworkValues =
  | ({ readonly type: 'source' } & SourceConnectorValues)
  | ({ readonly type: 'sink' } & SinkConnectorValues);

function frameworkValues(plugin: Plugin, props: Props): FrameworkValues {
  return plugin.type === 'source'
    ? { type: 'source', ...SOURCE_CONNECTOR_CONFIG.parse(props) }
    : { type: 'sink', ...SINK_CONNECTOR_CONFIG.parse(props) };
}

/** Java names task classes after their connectors; ours have none, but clients read the name. */
function taskClassOf(connectorClass: string): string {
  return `${connectorClass.replace(/Connector$/, '')}Task`;
}

/** The connector's converter with its own keys, else the worker's with its (R2.54, R6.16). */
function converter(
  key: ConverterKey,
  { plugin: connector, props }: RunnableConnector,
  worker: WorkerContext,
): ConfiguredPlugin {
  const name = props[key];
  const isOwn = name !== undefined;
  const version = props[`${key}.plugin.version`] ?? null;
  const plugin = isOwn
    ? pluginOf(key, converterType(key), { name, version }, worker, connector)
    : worker.converters[key];
  const side = key.slice(0, key.indexOf('.'));
  return {
    plugin: plugin.ref(),
    props: { ...withPrefix(isOwn ? props : worker.props, `${key}.`), 'converter.type': side },
  };
}

function converterType(key: ConverterKey): PluginType {
  return key === 'header.converter' ? 'header_converter' : 'converter';
}

function transformations(
  aliases: readonly string[],
  props: Props,
  worker: WorkerContext,
): readonly TransformationSpec[] {
  return aliases.map((alias) => {
    const prefix = `transforms.${alias}.`;
    const { predicate, negate, ...own } = withPrefix(props, prefix);
    return {
      alias,
      ...configured(`${prefix}type`, 'transformation', own, worker),
      predicate:
        predicate === undefined
          ? null
          : configured(
              `predicates.${predicate}.type`,
              'predicate',
              withPrefix(props, `predicates.${predicate}.`),
              worker,
            ),
      ...(predicate === undefined ? {} : { predicateAlias: predicate }),
      negate: negate?.trim().toLowerCase() === 'true',
    };
  });
}

/** A plug-in by the class under `type` of its own keys, which go to it without `type`. */
function configured(
  key: string,
  type: PluginType,
  given: Props,
  worker: WorkerContext,
): ConfiguredPlugin {
  const { type: name = '', 'plugin.version': version = null, ...props } = given;
  return { plugin: pluginOf(key, type, { name, version }, worker).ref(), props };
}

/** The newest version asked for (KIP-891); with `beside`, that of the same package first. */
function pluginOf(
  key: string,
  type: PluginType,
  { name, version }: { readonly name: string; readonly version: string | null },
  worker: WorkerContext,
  beside: Plugin | null = null,
): Plugin {
  const { catalog } = worker;
  const plugin =
    beside === null
      ? catalog.find(type, name.trim(), version)
      : catalog.findBeside(beside, type, name.trim(), version);
  if (plugin !== null) return plugin;
  const error = ConfigError.ofValue(key, name, `Class ${name} could not be found.`);
  throw new ConfigError(error.message + worker.catalog.hint(type, name), {
    code: 'CONNECT_UNKNOWN_CLASS',
  });
}

type LetterKeys = Pick<DeadLetterSpec, 'topic' | 'replicationFactor' | 'isContextInHeaders'>;

function sinkLetterKeys(values: SinkConnectorValues): LetterKeys {
  return {
    topic: values['errors.deadletterqueue.topic.name'],
    replicationFactor: values['errors.deadletterqueue.topic.replication.factor'],
    isContextInHeaders: values['errors.deadletterqueue.context.headers.enable'],
  };
}

/** Under Sluice's own names: Java's sources have no dead letters (R4.07). */
function sourceLetterKeys(props: Props): LetterKeys {
  const own = Object.entries(props).filter(([key]) => SOURCE_DEAD_LETTER_CONFIG.keys.has(key));
  const values = SOURCE_DEAD_LETTER_CONFIG.parse(Object.fromEntries(own));
  return {
    topic: values['sluice.errors.deadletterqueue.topic.name'],
    replicationFactor: values['sluice.errors.deadletterqueue.topic.replication.factor'],
    isContextInHeaders: values['sluice.errors.deadletterqueue.context.headers.enable'],
  };
}

function deadLetters(
  keys: LetterKeys,
  clients: ClientConfigInput,
  id: TaskId,
): DeadLetterSpec | null {
  if (keys.topic === '') return null;
  return {
    ...keys,
    producerConfig: deadLetterProducerConfig(clients, id),
    adminConfig: deadLetterAdminConfig(clients, id),
  };
}

/** Our own plug-ins share threads; what others wrote gets a thread per connector. */
function isolationOf(plugin: Plugin, worker: WorkerContext): Isolation {
  if (worker.values['sluice.task.isolation'].toLowerCase() === 'thread') return 'task';
  return plugin.packageName.startsWith(OWN_PACKAGES) ? 'shared' : 'connector';
}
