import {
  ConfigDef,
  nonEmptyString,
  type AnyRecord,
  type Predicate,
  type PredicatePlugin,
  type Props,
} from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';

const CONFIG = new ConfigDef({
  name: {
    type: 'STRING',
    validator: nonEmptyString(),
    importance: 'MEDIUM',
    doc: 'The header to look for.',
  },
});

/**
 * True for records that have a header of that name, whatever its value.
 * Mirrors `org.apache.kafka.connect.transforms.predicates.HasHeaderKey`.
 */
class HasHeaderKey implements Predicate {
  #name = '';

  configure(props: Props): void {
    this.#name = CONFIG.parse(props).name;
  }

  test(record: AnyRecord): boolean {
    return record.headers.some((header) => header.key === this.#name);
  }
}

/** `org.apache.kafka.connect.transforms.predicates.HasHeaderKey` */
export const hasHeaderKey: PredicatePlugin = {
  type: 'predicate',
  className: 'org.apache.kafka.connect.transforms.predicates.HasHeaderKey',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new HasHeaderKey(),
};
