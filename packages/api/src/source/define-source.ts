import type { ConfigDef, ConfigSpec, ParsedSpec } from '../config/config-def.ts';
import type { Props, SourceConnector, SourceConnectorPlugin } from '../connector.ts';
import { IllegalWorkerStateError } from '../errors/illegal-worker-state-error.ts';
import type { SourceTask, SourceTaskContext } from './source-task.ts';

/** A source task at work. As {@link SourceTask}, without what comes before. */
export type OpenSource = Pick<SourceTask, 'poll' | 'commit' | 'commitRecord'> &
  Partial<Pick<SourceTask, 'stop'>>;

/** A source connector, as short as it can be written. */
export interface SourceDefinition<S extends ConfigSpec> {
  /** The class name users write, e.g. `org.example.OrdersSourceConnector`. */
  readonly className: string;
  readonly version: string;
  readonly config: ConfigDef<S>;
  /** Starts a task: reads its offset, connects. What it answers is polled until it is stopped. */
  open(
    config: ParsedSpec<S>,
    context: SourceTaskContext,
    props: Props,
  ): OpenSource | Promise<OpenSource>;
  /** At most `maxTasks` configs. Default: one task, with the connector's own config. */
  taskConfigs?(
    config: ParsedSpec<S>,
    props: Props,
    maxTasks: number,
  ): readonly Props[] | Promise<readonly Props[]>;
  exactlyOnceSupport?: SourceConnector['exactlyOnceSupport'];
  alterOffsets?: SourceConnector['alterOffsets'];
}

/**
 * Makes a plug-in of a config and a function that opens a task. For connectors that hold something
 * of their own, write classes in its place: {@link SourceConnector}, {@link SourceTask}.
 */
export function defineSource<const S extends ConfigSpec>(
  definition: SourceDefinition<S>,
): SourceConnectorPlugin {
  const { className, version, config } = definition;
  return { type: 'source', className, version, config, create: () => connectorOf(definition) };
}

function connectorOf<S extends ConfigSpec>(definition: SourceDefinition<S>): SourceConnector {
  const { exactlyOnceSupport, alterOffsets } = definition;
  let props: Props = {};
  return {
    initialize: () => undefined,
    start(given) {
      definition.config.parse(given);
      props = given;
    },
    taskConfigs: (maxTasks) =>
      definition.taskConfigs?.(definition.config.parse(props), props, maxTasks) ?? [props],
    newTask: () => taskOf(definition),
    stop: () => undefined,
    ...(exactlyOnceSupport === undefined ? {} : { exactlyOnceSupport }),
    ...(alterOffsets === undefined ? {} : { alterOffsets }),
  };
}

function taskOf<S extends ConfigSpec>(definition: SourceDefinition<S>): SourceTask {
  let context: SourceTaskContext | null = null;
  let source: OpenSource | null = null;
  return {
    initialize(given) {
      context = given;
    },
    async start(props) {
      if (context === null) throw notYet(definition.className);
      source = await definition.open(definition.config.parse(props), context, props);
    },
    poll(signal) {
      if (source === null) throw notYet(definition.className);
      return source.poll(signal);
    },
    commit: () => source?.commit?.(),
    commitRecord: (record, metadata) => source?.commitRecord?.(record, metadata),
    async stop() {
      await source?.stop?.();
      source = null;
    },
  };
}

function notYet(className: string): IllegalWorkerStateError {
  return new IllegalWorkerStateError(`A task of ${className} was used before it was started.`);
}
