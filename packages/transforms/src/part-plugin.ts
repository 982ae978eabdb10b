import type { ConfigDef, Transformation, TransformationPlugin } from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from './plugin-version.ts';
import { partClassName, type RecordPart } from './record/record-part.ts';

/** What the `$Key` and the `$Value` class of a transformation share. */
export interface PartTransformation {
  /** Java's class, without `$Key` or `$Value`. */
  readonly className: string;
  /** Default: that of the Kafka whose behaviour it has. */
  readonly version?: string;
  readonly config: ConfigDef;
  create(part: RecordPart): Transformation;
}

/** The plug-in definition of one of the two. */
export function partPlugin(shared: PartTransformation, part: RecordPart): TransformationPlugin {
  return {
    type: 'transformation',
    className: partClassName(shared.className, part),
    version: shared.version ?? KAFKA_PLUGIN_VERSION,
    config: shared.config,
    create: () => shared.create(part),
  };
}
