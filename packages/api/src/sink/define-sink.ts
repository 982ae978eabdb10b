import type { ConfigDef, ConfigSpec, ParsedSpec } from '../config/config-def.ts';
import type { Props, SinkConnector, SinkConnectorPlugin } from '../connector.ts';
import { IllegalWorkerStateError } from '../errors/illegal-worker-state-error.ts';
import type { SinkTask, SinkTaskContext } from './sink-task.ts';

/** A sink task at work. As {@link SinkTask}, without what comes before. */
export type OpenSink = Pick<SinkTask, 'put' | 'flush' | 'preCommit' | 'open' | 'close'> &
  Partial<Pick<SinkTask, 'stop'>>;

/** A sink connector, as short as it can be written. */
export interface SinkDefinition<S extends ConfigSpec> {
  /** The class name users write, e.g. `org.example.ShelfSinkConnector`. */
  readonly className: string;
  readonly version: string;
  readonly config: ConfigDef<S>;
  /** Starts a task: connects. What it answers is given records until it is stopped. */
  open(config: ParsedSpec<S>, context: SinkTaskContext, props: Props): OpenSink | Promise<OpenSink>;
  alterOffsets?: SinkConnector['alterOffsets'];
}

/**
 * Makes a plug-in of a config and a function that opens a task; every task gets the connector's
 * config. For more, write classes in its place: {@link SinkConnector}, {@link SinkTask}.
 */
export function defineSink<const S extends ConfigSpec>(
  definition: SinkDefinition<S>,
): SinkConnectorPlugin {
  const { className, version, config } = definition;
  return { type: 'sink', className, version, config, create: () => connectorOf(definition) };
}

function connectorOf<S extends ConfigSpec>(definition: SinkDefinition<S>): SinkConnector {
  const { alterOffsets } = definition;
  let props: Props = {};
  return {
    initialize: () => undefined,
    start(given) {
      definition.config.parse(given);
      props = given;
    },
    taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => props),
    newTask: () => taskOf(definition),
    stop: () => undefined,
    ...(alterOffsets === undefined ? {} : { alterOffsets }),
  };
}

function taskOf<S extends ConfigSpec>(definition: SinkDefinition<S>): SinkTask {
  let context: SinkTaskContext | null = null;
  let sink: OpenSink | null = null;
  const opened = (): OpenSink => {
    if (sink !== null) return sink;
    throw new IllegalWorkerStateError(
      `A task of ${definition.className} was used before it was started.`,
    );
  };
  return {
    initialize(given) {
      context = given;
    },
    async start(props) {
      if (context === null) opened();
      else sink = await definition.open(definition.config.parse(props), context, props);
    },
    open: (partitions) => opened().open?.(partitions),
    put: (records) => opened().put(records),
    flush: (offsets) => opened().flush?.(offsets),
    async preCommit(offsets) {
      const task = opened();
      if (task.preCommit !== undefined) return await task.preCommit(offsets);
      await task.flush?.(offsets);
      return offsets;
    },
    close: (partitions) => sink?.close?.(partitions),
    async stop() {
      await sink?.stop?.();
      sink = null;
    },
  };
}
