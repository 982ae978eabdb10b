import { ConfigDef, type AnyRecord, type Predicate, type PredicatePlugin } from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';

const CONFIG = new ConfigDef({});

/**
 * True for records without a value, with or without a schema.
 * Mirrors `org.apache.kafka.connect.transforms.predicates.RecordIsTombstone`.
 */
class RecordIsTombstone implements Predicate {
  configure(): void {
    // Nothing to configure.
  }

  test(record: AnyRecord): boolean {
    return record.value === null;
  }
}

/** `org.apache.kafka.connect.transforms.predicates.RecordIsTombstone` */
export const recordIsTombstone: PredicatePlugin = {
  type: 'predicate',
  className: 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new RecordIsTombstone(),
};
