import {
  INT32_SCHEMA,
  inferSchema,
  newSinkRecord,
  newSourceRecord,
  newStruct,
  SchemaBuilder,
  STRING_SCHEMA,
  type AnyRecord,
  type Header,
  type Schema,
} from '@sluice/api';

/** A value in both forms: with a schema, as a struct, and without one, as a plain object. */
export interface SampleValue {
  readonly schema: Schema;
  readonly struct: object;
  readonly map: object;
}

/** A record to try a plug-in on. */
export interface RecordSample {
  readonly name: string;
  /** Of its key, where that is another than the value's. */
  readonly keyForm: SampleForm | null;
  readonly record: AnyRecord;
}

/** What of a record the plug-in works on: the samples that it should be able to take. */
export type SampleForm = 'struct' | 'map' | 'tombstone' | 'odd';

const HEADERS: readonly Header[] = [
  { key: 'trace', schema: STRING_SCHEMA, value: 'abc' },
  { key: 'trace', schema: STRING_SCHEMA, value: 'again' },
  { key: 'none', schema: null, value: null },
];
const PLACE = {
  topic: 'orders',
  kafkaPartition: 1,
  timestamp: 1_700_000_000_000,
  headers: HEADERS,
};
const SOURCE = { sourcePartition: { file: 'a' }, sourceOffset: { at: 5 } };
const SINK = {
  kafkaOffset: 42,
  timestampType: 'CreateTime',
  originalTopic: 'original',
  originalKafkaPartition: 2,
  originalKafkaOffset: 41,
} as const;

/** The sample in both forms; each member's schema is that of its kind, and optional. */
export function sampleValue(sample: Readonly<Record<string, unknown>>): SampleValue {
  const builder = SchemaBuilder.struct().name('org.example.Sample');
  for (const [name, value] of Object.entries(sample)) builder.field(name, schemaOf(name, value));
  const schema: Schema = builder.build();
  return { schema, struct: newStruct(schema, sample), map: { ...sample } };
}

function schemaOf(name: string, value: unknown): Schema {
  const inferred = inferSchema(value);
  if (inferred === null)
    throw new Error(
      `The sample's ${name} has no schema of its own: use numbers, texts, booleans, bytes.`,
    );
  return SchemaBuilder.ofType(inferred.type).optional().build();
}

/** Records whose key and value are both the sample, on both sides, in the form asked for. */
export function samplesOf(form: SampleForm, value: SampleValue): readonly RecordSample[] {
  return contentsOf(form, value).flatMap(({ name, keyForm = null, ...content }) => [
    {
      name: `source record, ${name}`,
      keyForm,
      record: newSourceRecord({ ...PLACE, ...SOURCE, ...content }),
    },
    {
      name: `sink record, ${name}`,
      keyForm,
      record: newSinkRecord({ ...PLACE, ...SINK, ...content }),
    },
  ]);
}

interface Content {
  readonly name: string;
  readonly keyForm?: SampleForm;
  readonly keySchema?: Schema;
  readonly key: unknown;
  readonly valueSchema?: Schema;
  readonly value: unknown;
}

function contentsOf(form: SampleForm, { schema, struct, map }: SampleValue): readonly Content[] {
  switch (form) {
    case 'struct':
      return [
        { name: 'structs', keySchema: schema, key: struct, valueSchema: schema, value: struct },
      ];
    case 'map':
      return [{ name: 'without a schema', key: map, value: map }];
    case 'tombstone':
      return [
        {
          name: 'struct as key, tombstone',
          keyForm: 'struct',
          keySchema: schema,
          key: struct,
          value: null,
        },
        { name: 'map as key, tombstone', keyForm: 'map', key: map, value: null },
      ];
    case 'odd':
    default:
      return [
        { name: 'nulls', key: null, value: null },
        {
          name: 'texts',
          keySchema: STRING_SCHEMA,
          key: 'k',
          valueSchema: STRING_SCHEMA,
          value: 'v',
        },
        { name: 'numbers', keySchema: INT32_SCHEMA, key: 1, valueSchema: INT32_SCHEMA, value: 2 },
        { name: 'a list without a schema', key: 'k', value: [1, 'a', null] },
        { name: 'an empty map', key: {}, value: {} },
      ];
  }
}
