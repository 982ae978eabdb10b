import {
  ConfigDef,
  type AnyRecord,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';

/**
 * Drops records without value.
 * Mirrors `io.confluent.transforms.NullFilter` of Confluent's demonstrations.
 */
class NullFilter implements Transformation {
  configure(): void {
    // Nothing to configure.
  }

  apply<R extends AnyRecord>(record: R): R | null {
    return record.value === null ? null : record;
  }
}

/** `io.confluent.transforms.NullFilter` */
export const nullFilter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.confluent.transforms.NullFilter',
  version: CONFLUENT_PLUGIN_VERSION,
  config: new ConfigDef({}),
  create: () => new NullFilter(),
};
