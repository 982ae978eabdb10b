/** The sources and sinks with which bytes are compared: a config each, given to both workers as it is. */
type Props = Readonly<Record<string, string>>;

/** A source whose records go to `<worker>-<topic>`. */
export interface StructSource {
  readonly topic: string;
  /** How many records are compared; a verifiable source never ends. */
  readonly records: number;
  /** Whether the task puts the time of day into the value, as `time_ms`. */
  readonly isTimed: boolean;
  readonly props: Props;
}

/** A sink over records that stand in a topic. */
export interface StructSink {
  readonly name: string;
  readonly props: Props;
}

const KAFKA = 'org.apache.kafka.connect';
const JSON_CONVERTER = `${KAFKA}.json.JsonConverter`;
const STRING_CONVERTER = `${KAFKA}.storage.StringConverter`;
const VERIFIABLE = { 'connector.class': `${KAFKA}.tools.VerifiableSourceConnector` };
const SCHEMAS = { 'connector.class': `${KAFKA}.tools.SchemaSourceConnector` };
const COMPLETE = { ...VERIFIABLE, 'complete.record.data': 'true' };
/** Little: a verifiable source never ends, and prints each record twice. */
const PER_SECOND = '10';
const VERIFIABLE_RECORDS = 20;
const SCHEMA_RECORDS = 12;

const converters = (key: string, value: string, schemas = 'true'): Props => ({
  'key.converter': key,
  'value.converter': value,
  'key.converter.schemas.enable': schemas,
  'value.converter.schemas.enable': schemas,
});
const primitive = (type: string): string => `${KAFKA}.converters.${type}Converter`;

/** `{ name: [Class, { key: value }] }` as the keys of a chain; the last sends to the worker's topic. */
function chain(
  worker: string,
  steps: Readonly<Record<string, readonly [string, Props]>> = {},
): Props {
  const all = {
    ...steps,
    route: ['RegexRouter', { regex: '.*', replacement: `${worker}-$0` }] as const,
  };
  const keys = Object.entries(all).flatMap(([name, [type, props]]) => [
    [`transforms.${name}.type`, `${KAFKA}.transforms.${type}`],
    ...Object.entries(props).map(([key, value]) => [`transforms.${name}.${key}`, value]),
  ]);
  return { transforms: Object.keys(all).join(','), ...Object.fromEntries(keys) };
}

/** What both workers run, the one after the other. */
export function structSources(worker: string): readonly StructSource[] {
  return [...verifiableSources(worker), ...schemaSources(worker), ...chains(worker)];
}

function verifiable(worker: string, topic: string, props: Props): StructSource {
  return {
    topic,
    records: VERIFIABLE_RECORDS,
    isTimed: props['complete.record.data'] === 'true',
    props: { name: topic, topic, throughput: PER_SECOND, ...chain(worker), ...props },
  };
}

function verifiableSources(worker: string): readonly StructSource[] {
  const both = (converter: string, schemas?: string): Props =>
    converters(converter, converter, schemas);
  return [
    verifiable(worker, 'complete-json', { ...COMPLETE, ...both(JSON_CONVERTER) }),
    verifiable(worker, 'complete-plain', { ...COMPLETE, ...both(JSON_CONVERTER, 'false') }),
    verifiable(worker, 'complete-string', { ...COMPLETE, ...both(STRING_CONVERTER) }),
    verifiable(worker, 'numbers', {
      ...VERIFIABLE,
      ...converters(primitive('Integer'), primitive('Long')),
    }),
    verifiable(worker, 'numbers-json', { ...VERIFIABLE, ...both(JSON_CONVERTER) }),
  ];
}

function schemas(worker: string, topic: string, props: Props): StructSource {
  return {
    topic,
    records: SCHEMA_RECORDS,
    isTimed: false,
    props: {
      name: topic,
      topic,
      ...SCHEMAS,
      throughput: '1000',
      'num.messages': String(SCHEMA_RECORDS),
      'partition.count': '3',
      ...chain(worker),
      ...props,
    },
  };
}

/** One field of the struct alone, in the converter of its type. */
function alone(worker: string, name: string, type: string, cast?: string): StructSource {
  return schemas(worker, `alone-${type.toLowerCase()}`, {
    ...converters(STRING_CONVERTER, primitive(type)),
    ...chain(worker, {
      alone: ['ExtractField$Value', { field: name }],
      ...(cast === undefined ? {} : { cast: ['Cast$Value', { spec: cast }] }),
    }),
  });
}

function schemaSources(worker: string): readonly StructSource[] {
  const versions = (topic: string, props: Props): StructSource =>
    schemas(worker, topic, { 'multiple.schema': 'true', ...props });
  return [
    versions('versions', converters(JSON_CONVERTER, JSON_CONVERTER)),
    versions('versions-plain', converters(STRING_CONVERTER, JSON_CONVERTER, 'false')),
    versions('versions-string', converters(STRING_CONVERTER, STRING_CONVERTER)),
    alone(worker, 'double', 'Double'),
    alone(worker, 'float', 'Float'),
    alone(worker, 'boolean', 'Boolean'),
    alone(worker, 'long', 'Short', 'int16'),
  ];
}

function chains(worker: string): readonly StructSource[] {
  return [
    schemas(worker, 'chain', {
      ...converters(JSON_CONVERTER, JSON_CONVERTER),
      'header.converter': JSON_CONVERTER,
      ...chain(worker, HEADERS_AND_KEYS),
    }),
    schemas(worker, 'chain-plain', {
      ...converters(JSON_CONVERTER, JSON_CONVERTER, 'false'),
      ...chain(worker, HEADERS_AND_KEYS),
    }),
    schemas(worker, 'chain-nested', {
      ...converters(JSON_CONVERTER, JSON_CONVERTER),
      ...chain(worker, LOGICAL_AND_NESTED),
    }),
    schemas(worker, 'chain-nested-string', {
      ...converters(STRING_CONVERTER, STRING_CONVERTER),
      'header.converter': STRING_CONVERTER,
      ...chain(worker, { ...LOGICAL_AND_NESTED, flat: ['Flatten$Value', { delimiter: '_' }] }),
    }),
    schemas(worker, 'tombstones', {
      ...converters(JSON_CONVERTER, JSON_CONVERTER, 'false'),
      ...chain(worker, {
        empty: ['InsertField$Value', { 'timestamp.field': 'at' }],
        alone: ['ExtractField$Value', { field: 'at' }],
      }),
    }),
  ];
}

const HEADERS_AND_KEYS: Readonly<Record<string, readonly [string, Props]>> = {
  insert: [
    'InsertField$Value',
    {
      'static.field': 'origin',
      'static.value': 'größer "quoted"',
      'topic.field': 'sent_to!',
      'timestamp.field': 'at?',
      'partition.field': 'place',
    },
  ],
  rename: ['ReplaceField$Value', { renames: 'double:ratio', exclude: 'partitioning' }],
  cast: ['Cast$Value', { spec: 'int:string,long:float64,boolean:int8,float:string' }],
  literal: ['InsertHeader', { header: 'literal', 'value.literal': '12.50' }],
  list: ['InsertHeader', { header: 'list', 'value.literal': '[1, 2, 3]' }],
  text: ['InsertHeader', { header: 'text', 'value.literal': 'ünïcode' }],
  copied: [
    'HeaderFrom$Value',
    { fields: 'ratio,seqno,origin', headers: 'ratio,seqno,origin', operation: 'copy' },
  ],
  moved: ['HeaderFrom$Value', { fields: 'origin', headers: 'moved', operation: 'move' }],
  dropped: ['DropHeaders', { headers: 'origin' }],
  mask: ['MaskField$Value', { fields: 'id,int' }],
  named: ['SetSchemaMetadata$Value', { 'schema.name': 'order', 'schema.version': '7' }],
  key: ['ValueToKey', { fields: 'seqno,ratio' }],
  hoist: ['HoistField$Key', { field: 'k' }],
};
const LOGICAL_AND_NESTED: Readonly<Record<string, readonly [string, Props]>> = {
  at: ['TimestampConverter$Value', { field: 'seqno', 'target.type': 'Timestamp' }],
  day: [
    'TimestampConverter$Value',
    { field: 'long', 'target.type': 'Date', 'unix.precision': 'seconds' },
  ],
  outer: ['HoistField$Value', { field: 'outer' }],
  more: ['InsertField$Value', { 'static.field': 'kind', 'static.value': '1.0' }],
};

/** What the sinks read beside the numbers of a source: JSON with schemas, one record a line. */
export const SINK_TOPIC = 'everything';
/** Key, then value, as the console producer takes them. */
export const NULL_TEXT = '<NULL>';

const field = (name: string, type: string, more: object = {}): object => ({
  field: name,
  type,
  optional: true,
  ...more,
});
const logical = (name: string, of: string, more: object = {}): object => ({
  name: `org.apache.kafka.connect.data.${of}`,
  version: 1,
  field: name,
  optional: true,
  ...more,
});
const EVERYTHING = {
  type: 'struct',
  name: 'everything',
  fields: [
    field('tiny', 'int8'),
    field('small', 'int16'),
    field('int', 'int32', { default: 7 }),
    field('big', 'int64'),
    field('float', 'float'),
    field('double', 'double'),
    field('yes', 'boolean'),
    field('text', 'string'),
    field('list', 'array', { items: { type: 'double', optional: true } }),
    field('map', 'map', {
      keys: { type: 'string' },
      values: { type: 'int32', optional: true },
    }),
    field('inner', 'struct', {
      name: 'inner',
      fields: [field('a', 'string'), field('b', 'float')],
    }),
    logical('amount', 'Decimal', { type: 'bytes', parameters: { scale: '2' } }),
    logical('day', 'Date', { type: 'int32' }),
    logical('clock', 'Time', { type: 'int32' }),
    logical('at', 'Timestamp', { type: 'int64' }),
  ],
};
const FULL = {
  tiny: -128,
  small: 32767,
  int: 1,
  big: 9_007_199_254_740_991,
  float: 0.1,
  double: 1e21,
  yes: true,
  text: 'größer\tplain',
  list: [1, 2.5, null, 1e-7, 100_000_000],
  map: { b: 1, a: 2, longerKey: null, z: 4, ü: 5 },
  inner: { a: 'x', b: 3 },
  amount: Buffer.from([0x30, 0x39]).toString('base64'),
  day: 20_000,
  clock: 3_600_000,
  at: 1_700_000_000_123,
};
const VALUES: readonly object[] = [
  FULL,
  { ...FULL, double: 0.1, float: 16_777_216, big: 1, amount: 'gA==', map: {}, list: [] },
  { tiny: 1, int: null, text: null, inner: null, map: null, at: null, double: null },
  {
    ...FULL,
    double: 12_345_678.9,
    float: 1e10,
    inner: { a: null, b: null },
    day: 0,
    clock: 0,
    at: 0,
  },
];

/** The lines for the console producer. */
export const SINK_INPUT: readonly string[] = [
  ...VALUES.map((payload, at) => line(at, { schema: EVERYTHING, payload })),
  line(4, { schema: { type: 'double' }, payload: 1 }),
  line(5, { schema: { type: 'float' }, payload: 3.4028235e38 }),
  line(6, {
    schema: { type: 'map', keys: { type: 'string' }, values: { type: 'int64' } },
    payload: { one: 1, two: 2 },
  }),
  line(7, { schema: { type: 'array', items: { type: 'string' } }, payload: ['a', 'b, c'] }),
  line(8, { schema: { ...logical('', 'Timestamp'), type: 'int64' }, payload: 1 }),
  line(9, null),
  `${NULL_TEXT}\t${NULL_TEXT}`,
];

function line(key: number, value: object | null): string {
  const text = value === null ? NULL_TEXT : JSON.stringify(value);
  return `${JSON.stringify({ schema: { type: 'int32' }, payload: key })}\t${text}`;
}

/** Both workers' sinks have the same name, and groups of their own. */
export function structSinks(worker: string, file: string, numbers: string): readonly StructSink[] {
  const group = (name: string): Props => ({ 'consumer.override.group.id': `${worker}-${name}` });
  return [
    {
      name: 'file-sink',
      props: {
        'connector.class': 'FileStreamSink',
        topics: SINK_TOPIC,
        file,
        ...converters(JSON_CONVERTER, JSON_CONVERTER),
        ...group('file-sink'),
      },
    },
    {
      name: 'printing-sink',
      props: {
        'connector.class': `${KAFKA}.tools.VerifiableSinkConnector`,
        topics: numbers,
        ...converters(primitive('Integer'), primitive('Long')),
        ...group('printing-sink'),
      },
    },
  ];
}
