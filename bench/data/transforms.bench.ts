/**
 * What transformations cost per record: each alone and in chains of three, over a ten-field order
 * with and without schema. Run it with
 * `node --conditions=@sluice/source bench/data/transforms.bench.ts`. Prints CPU
 * nanoseconds per record: the median of several rounds, and the fastest one.
 */
import {
  SchemaBuilder,
  FLOAT64_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
  BOOLEAN_SCHEMA,
  newSinkRecord,
  newStruct,
  type AnyRecord,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { plugins } from '../../packages/transforms/src/plugins.ts';

/** Records that a round goes over, so that no single one stays in the fastest cache. */
const RECORDS = 1024;
const ROUND_MS = 150;
const ROUNDS = 7;

type Props = Readonly<Record<string, string>>;

interface Step {
  readonly name: string;
  readonly props: Props;
}

const ORDER_SCHEMA: Schema = SchemaBuilder.struct()
  .name('bench.Order')
  .field('id', INT64_SCHEMA)
  .field('customer', STRING_SCHEMA)
  .field('email', OPTIONAL_STRING_SCHEMA)
  .field('amount', FLOAT64_SCHEMA)
  .field('quantity', INT32_SCHEMA)
  .field('currency', STRING_SCHEMA)
  .field('paid', BOOLEAN_SCHEMA)
  .field('created', INT64_SCHEMA)
  .field('note', OPTIONAL_STRING_SCHEMA)
  .field('country', STRING_SCHEMA)
  .build();

function order(index: number): Readonly<Record<string, unknown>> {
  return {
    id: 1_000_000 + index,
    customer: `customer-${index}`,
    email: index % 3 === 0 ? null : `c${index}@example.org`,
    amount: index * 1.25,
    quantity: index % 50,
    currency: 'EUR',
    paid: index % 2 === 0,
    created: 1_700_000_000_000 + index,
    note: null,
    country: 'NL',
  };
}

function recordsOf(schema: Schema | null): readonly AnyRecord[] {
  return Array.from({ length: RECORDS }, (_, index) =>
    newSinkRecord({
      topic: 'shop.orders',
      kafkaPartition: index % 12,
      kafkaOffset: index,
      timestamp: 1_700_000_000_000 + index,
      valueSchema: schema,
      value: schema === null ? order(index) : newStruct(schema, order(index)),
    }),
  );
}

const INSERT: Step = { name: 'InsertField$Value', props: { 'topic.field': 'topic' } };
const REPLACE: Step = {
  name: 'ReplaceField$Value',
  props: { exclude: 'note', renames: 'customer:client' },
};
const CAST: Step = { name: 'Cast$Value', props: { spec: 'quantity:int64,amount:string' } };
const TIMESTAMP: Step = {
  name: 'TimestampConverter$Value',
  props: { field: 'created', 'target.type': 'string', format: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'" },
};

const CASES: readonly (readonly [string, readonly Step[]])[] = [
  ['InsertField', [INSERT]],
  ['ReplaceField', [REPLACE]],
  ['Cast', [CAST]],
  ['TimestampConverter to text', [TIMESTAMP]],
  ['MaskField', [{ name: 'MaskField$Value', props: { fields: 'email,customer' } }]],
  ['HoistField', [{ name: 'HoistField$Value', props: { field: 'order' } }]],
  ['ExtractField', [{ name: 'ExtractField$Value', props: { field: 'id' } }]],
  ['ValueToKey', [{ name: 'ValueToKey', props: { fields: 'id' } }]],
  ['Flatten', [{ name: 'Flatten$Value', props: {} }]],
  ['SetSchemaMetadata', [{ name: 'SetSchemaMetadata$Value', props: { 'schema.name': 'n' } }]],
  ['RegexRouter', [{ name: 'RegexRouter', props: { regex: '(.*)\\.(.*)', replacement: '$2-$1' } }]],
  ['TimestampRouter', [{ name: 'TimestampRouter', props: {} }]],
  ['InsertField, ReplaceField, Cast', [INSERT, REPLACE, CAST]],
  ['InsertField, ReplaceField, TimestampConverter', [INSERT, REPLACE, TIMESTAMP]],
];

async function main(): Promise<void> {
  const loaded = await Promise.all(plugins.map((place) => place.load()));
  const records = { struct: recordsOf(ORDER_SCHEMA), map: recordsOf(null) };
  console.log(`node ${process.version}, CPU ns per record: median (fastest)`);
  for (const [title, steps] of CASES) {
    const figures = [records.struct, records.map].map((input, index) => {
      if (index === 1 && title === 'SetSchemaMetadata') return '-';
      return measure(chainOf(steps, loaded), input);
    });
    console.log(`${title.padEnd(48)} schema ${figures[0]?.padEnd(14)} schemaless ${figures[1]}`);
  }
}

function chainOf(
  steps: readonly Step[],
  loaded: readonly { readonly className: string; readonly type: string }[],
): readonly Transformation[] {
  return steps.map(({ name, props }) => {
    const className = `org.apache.kafka.connect.transforms.${name}`;
    const plugin = loaded.find((each) => each.className === className);
    if (plugin === undefined || !isTransformation(plugin)) throw new Error(`no ${className}`);
    const transformation = plugin.create();
    transformation.configure(props);
    return transformation;
  });
}

function isTransformation(plugin: { readonly type: string }): plugin is TransformationPlugin {
  return plugin.type === 'transformation';
}

function measure(chain: readonly Transformation[], records: readonly AnyRecord[]): string {
  let checked = 0;
  const once = (): void => {
    for (const record of records) {
      let current: AnyRecord | null = record;
      for (const transformation of chain) {
        if (current !== null) current = transformation.apply(current);
      }
      if (current !== null) checked++;
    }
  };
  for (let i = 0; i < 50; i++) once();
  const figures = Array.from({ length: ROUNDS }, () => round(once)).sort((a, b) => a - b);
  if (checked === 0) throw new Error('every record was dropped');
  const [median, fastest] = [figures[Math.floor(ROUNDS / 2)] ?? 0, figures[0] ?? 0];
  return `${median.toFixed(0)} (${fastest.toFixed(0)})`;
}

/** CPU time of this thread, which other work on the machine disturbs less than the clock. */
function round(once: () => void): number {
  const start = process.threadCpuUsage();
  const end = performance.now() + ROUND_MS;
  let rounds = 0;
  while (performance.now() < end) {
    once();
    rounds++;
  }
  const { user, system } = process.threadCpuUsage(start);
  return ((user + system) * 1000) / (rounds * RECORDS);
}

await main();
