import {
  ConfigDef,
  ConnectError,
  javaText,
  lambdaValidator,
  structGet,
  withRecord,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { isObjectValue, requireStruct, type PlainObject } from '../record/requirements.ts';
import { configProblem, requiredValue, validNames } from './config-problems.ts';
import { isEnvelope, stringMember } from './envelope.ts';
import { javaHashCode } from './java-hash-code.ts';
import { murmurBytes, murmurInt, murmurText } from './murmur-hash.ts';

const INT32_MAX = 2 ** 31 - 1;

const CONFIG = new ConfigDef({
  'partition.payload.fields': {
    type: 'LIST',
    default: null,
    importance: 'HIGH',
    validator: validNames(true),
    group: 'partitions',
    orderInGroup: 1,
    doc:
      'Fields that the partition is computed of, with dots: after.name, source.table, ' +
      'change.name (after, or before for deletes). Fields that are not there are left out.',
  },
  'partition.topic.num': {
    type: 'INT',
    default: null,
    importance: 'HIGH',
    validator: lambdaValidator((name, value) => {
      if (typeof value !== 'number' || value > 0) return;
      throw configProblem(name, value, 'A positive, non-zero integer value is expected');
    }, 'a positive number'),
    group: 'partitions',
    orderInGroup: 2,
    doc: 'How many partitions the topic has.',
  },
  'partition.hash.function': {
    type: 'STRING',
    default: 'java',
    importance: 'LOW',
    group: 'partitions',
    orderInGroup: 3,
    doc: 'java (the sum of hash codes) or murmur.',
  },
});

/**
 * Computes the partition from fields of the change event.
 * Mirrors `io.debezium.transforms.partitions.PartitionRouting`.
 */
class PartitionRouting implements Transformation {
  #paths: readonly (readonly string[])[] = [];
  #partitions = 1;
  #isMurmur = false;

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const partitions = requiredValue('partition.topic.num', config['partition.topic.num']);
    const fields = requiredValue('partition.payload.fields', config['partition.payload.fields']);
    this.#paths = fields.map((field) => {
      return field.split('.').map((name) => name.trim());
    });
    this.#partitions = partitions;
    this.#isMurmur = config['partition.hash.function'].trim().toLowerCase() === 'murmur';
  }

  apply<R extends AnyRecord>(record: R): R {
    const { value, valueSchema } = record;
    if (value === null || !isEnvelope(valueSchema)) return record;
    const envelope = requireStruct(value, valueSchema, 'partition routing');
    const operation = stringMember(valueSchema, envelope, 'op');
    if (operation === 't' || operation === 'm') return record;
    try {
      const hashes = this.#paths.flatMap((path) => this.#hash(valueSchema, envelope, path));
      if (hashes.length === 0) return record;
      const sum = hashes.reduce((total, hash) => (total + hash) | 0, 0) & INT32_MAX;
      const kafkaPartition = (sum === INT32_MAX ? 0 : sum) % this.#partitions;
      return withRecord(record, { kafkaPartition });
    } catch (cause) {
      const reason = cause instanceof Error ? ` (${cause.message})` : '';
      const text = `Unprocessable message ${javaText(envelope, valueSchema)}${reason}`;
      throw new ConnectError(text, { cause });
    }
  }

  /** Nothing when the field is not there. */
  #hash(schema: Schema, envelope: PlainObject, path: readonly string[]): readonly number[] {
    let value: unknown = envelope;
    let current = schema;
    for (const [depth, name] of path.entries()) {
      const isLast = depth === path.length - 1;
      const step = name === 'change' && !isLast ? changedPart(schema, envelope) : name;
      const field = current.field(step);
      if (field === null || !isObjectValue(value)) return [];
      value = structGet(current, value, step);
      current = field.schema;
    }
    return value === null
      ? []
      : [this.#isMurmur ? murmurOf(value, current) : javaHashCode(value, current)];
  }
}

function changedPart(schema: Schema, envelope: PlainObject): string {
  return stringMember(schema, envelope, 'op') === 'd' ? 'before' : 'after';
}

function murmurOf(value: unknown, schema: Schema): number {
  if (typeof value === 'string') return murmurText(value);
  if (value instanceof Uint8Array) return murmurBytes(value);
  return murmurInt(javaHashCode(value, schema));
}

/** `io.debezium.transforms.partitions.PartitionRouting` */
export const partitionRouting: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.partitions.PartitionRouting',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new PartitionRouting(),
};
