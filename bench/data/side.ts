/**
 * Our side of the bench: does one case (JSON in the argument), round by round, as `java/.../Main`
 * does it on the other side. Each line of the input is the CPU time of a round in milliseconds; the
 * answer is CPU nanoseconds per record, of all threads of the process.
 */
import { createInterface } from 'node:readline';
import {
  type AnyRecord,
  type Converter,
  GrowingBytes,
  newSinkRecord,
  newStruct,
  type Schema,
  type SchemaAndValue,
  type Transformation,
} from '@sluice/api';
import { plugins as converters } from '@sluice/converters';
import { plugins as transforms } from '@sluice/transforms';
import type { Case, Step } from './cases.ts';
import { Orders, RECORDS } from './orders.ts';

const TOPIC = 'shop.orders';
/** Batches between two looks at the CPU time. */
const BATCHES = 16;

type Work = (index: number) => unknown;

/** What a batch has made stays until the next one, as in a worker. */
const kept: unknown[] = Array.from({ length: RECORDS });

async function workOf(spec: Case): Promise<Work> {
  const orders = new Orders(spec.order);
  const { isStruct } = spec;
  const schema = isStruct ? (spec.isNested ? orders.nestedSchema : orders.schema) : null;
  const values = Array.from({ length: RECORDS }, (_, i) => valueOf(spec, orders, i));
  switch (spec.kind) {
    case 'write': {
      const converter = await converterOf(spec);
      if (spec.isDirect) return directWriter(converter, schema, values);
      return (i) => converter.fromConnectData(TOPIC, schema, values[i], []);
    }
    case 'read': {
      const converter = await converterOf(spec);
      const messages = values.map((value) => converter.fromConnectData(TOPIC, schema, value, []));
      if (spec.isDirect) return directReader(converter, messages);
      return (i) => converter.toConnectData(TOPIC, messages[i] ?? null, []);
    }
    case 'build': {
      const maps = values.map((_, i) => orders.map(i));
      return (i) => newStruct(orders.schema, maps[i] ?? {});
    }
    default:
      return transformation(spec, schema, values);
  }
}

function valueOf(spec: Case, orders: Orders, index: number): unknown {
  if (spec.isText) return `order-${1_000_000 + index}`;
  if (spec.isNested) return spec.isStruct ? orders.nestedStruct(index) : orders.nestedMap(index);
  return spec.isStruct ? orders.struct(index) : orders.map(index);
}

/** All messages of a batch in one buffer, which the next batch uses again. */
function directWriter(
  converter: Converter,
  schema: Schema | null,
  values: readonly unknown[],
): Work {
  const sink = new GrowingBytes();
  return (i) => {
    if (i === 0) sink.end = 0;
    const start = sink.end;
    converter.encodeInto?.(TOPIC, schema, values[i], sink, []);
    return sink.end - start;
  };
}

function directReader(converter: Converter, messages: readonly (Uint8Array | null)[]): Work {
  const bytes = Buffer.concat(messages.map((message) => message ?? Buffer.alloc(0)));
  let at = 0;
  const starts = messages.map((message) => (at += message?.length ?? 0) - (message?.length ?? 0));
  return (i) => {
    const start = starts[i] ?? 0;
    const end = start + (messages[i]?.length ?? 0);
    return converter.decodeRange?.(TOPIC, bytes, start, end, []);
  };
}

async function converterOf(spec: Case): Promise<Converter> {
  for (const place of converters) {
    const plugin = await place.load();
    if (plugin.type !== 'converter' || plugin.className !== spec.converter) continue;
    const converter = plugin.create();
    converter.configure(spec.props, false);
    return converter;
  }
  throw new Error(`no ${spec.converter}`);
}

async function transformation(
  spec: Case,
  schema: Schema | null,
  values: readonly unknown[],
): Promise<Work> {
  const chain = await Promise.all(spec.steps.map(stepOf));
  const records = values.map((value, i) =>
    newSinkRecord({
      topic: TOPIC,
      kafkaPartition: i % 12,
      kafkaOffset: i,
      timestamp: 1_700_000_000_000 + i,
      valueSchema: schema,
      value,
    }),
  );
  return (i) => {
    let record: AnyRecord | null = records[i] ?? null;
    for (const each of chain) if (record !== null) record = each.apply(record);
    return record;
  };
}

async function stepOf({ name, props }: Step): Promise<Transformation> {
  const className = `org.apache.kafka.connect.transforms.${name}`;
  for (const place of transforms) {
    const plugin = await place.load();
    if (plugin.type !== 'transformation' || plugin.className !== className) continue;
    const made = plugin.create();
    made.configure(props);
    return made;
  }
  throw new Error(`no ${className}`);
}

/** What both sides make of one order has to be the same. */
function sampleOf(made: unknown): string {
  if (made instanceof Uint8Array) return `bytes ${made.length}`;
  if (typeof made === 'number') return `bytes ${made}`;
  if (typeof made !== 'object' || made === null) return 'nothing';
  if ('kafkaOffset' in made && 'topic' in made) return `record ${String(made.topic)}`;
  if (isRead(made)) {
    const values = Object.values(Object(made.value));
    return `read ${String(made.schema === null ? values.length : values[0])}`;
  }
  return `struct ${Object.keys(made).length}`;
}

function isRead(made: object): made is SchemaAndValue {
  return 'schema' in made && 'value' in made;
}

function round(work: Work, milliseconds: number): number {
  const start = process.cpuUsage();
  let used = 0;
  let records = 0;
  while (used < milliseconds * 1000) {
    for (let batch = 0; batch < BATCHES; batch++) {
      for (let i = 0; i < RECORDS; i++) kept[i] = work(i);
    }
    records += BATCHES * RECORDS;
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
  return (used * 1000) / records;
}

const work = await workOf(JSON.parse(process.argv[2] ?? '') as Case);
console.log(`sample ${sampleOf(work(17))}`);
for await (const line of createInterface({ input: process.stdin })) {
  console.log(`round ${round(work, Number(line))}`);
}
