import {
  ConfigDef,
  type AnyRecord,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';

const CONFIG = new ConfigDef({});

/**
 * Drops every record it is given; a predicate decides which ones that are.
 * Mirrors `org.apache.kafka.connect.transforms.Filter`.
 */
class Filter implements Transformation {
  configure(): void {
    // Nothing to configure.
  }

  apply<R extends AnyRecord>(_record: R): null {
    return null;
  }
}

/** `org.apache.kafka.connect.transforms.Filter` */
export const filter: TransformationPlugin = {
  type: 'transformation',
  className: 'org.apache.kafka.connect.transforms.Filter',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new Filter(),
};
