import type { ConfigDef, ConfigSpec, ParsedSpec } from '../config/config-def.ts';
import { IllegalWorkerStateError } from '../errors/illegal-worker-state-error.ts';
import type { Logger } from '../logging.ts';
import type { PluginMetrics } from '../plugin-metrics.ts';
import type { AnyRecord, TransformationPlugin } from './transformation.ts';

/** What a configured transformation does to each record; `null` drops it. */
export type ApplyRecord = <R extends AnyRecord>(record: R) => R | null;

/** A transformation, as short as it can be written. */
export interface TransformationDefinition<S extends ConfigSpec> {
  /** The class name users write, e.g. `org.example.Rename`. */
  readonly className: string;
  readonly version: string;
  readonly config: ConfigDef<S>;
  /** Called once with the parsed config; plans that do not hang on a record are made here. */
  open(config: ParsedSpec<S>, logger: Logger, metrics: PluginMetrics): ApplyRecord;
}

/** For who uses a transformation without a worker: in a test, say. */
const SILENT: Logger = { trace: drop, debug: drop, info: drop, warn: drop, error: drop };
const UNREAD: PluginMetrics = {
  counter: () => ({ add: drop, remove: drop }),
  gauge: () => ({ remove: drop }),
  sensor: () => ({ record: drop, remove: drop }),
};

/** Makes a plug-in of a config and a function that gives the work for it. */
export function defineTransformation<const S extends ConfigSpec>(
  definition: TransformationDefinition<S>,
): TransformationPlugin {
  const { className, version, config } = definition;
  const create: TransformationPlugin['create'] = () => {
    let applyRecord: ApplyRecord | null = null;
    let logger = SILENT;
    let metrics = UNREAD;
    return {
      useLogger(given) {
        logger = given;
      },
      useMetrics(given) {
        metrics = given;
      },
      configure(props) {
        applyRecord = definition.open(config.parse(props), logger, metrics);
      },
      apply(record) {
        if (applyRecord !== null) return applyRecord(record);
        throw new IllegalWorkerStateError(`${className} was used before it was configured.`);
      },
    };
  };
  return { type: 'transformation', className, version, config, create };
}

function drop(): void {
  // Nobody listens, nobody looks.
}
