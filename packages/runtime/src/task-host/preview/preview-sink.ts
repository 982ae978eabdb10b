import { newSinkRecord, type Logger, type Props, type SinkRecord } from '@sluice/api';
import type { KafkaAdmin, RecordColumns, RecordConsumer, TopicPartition } from '@sluice/kafka';
import { javaRegex } from '../../config/java-regex.ts';
import type { KafkaClients } from '../../data-plane/kafka-clients.ts';
import type { TaskConverters } from '../../data-plane/source/convert.ts';
import type { TransformationStep } from '../../data-plane/transformation-chain.ts';
import type { PreviewOutcome, PreviewSpec, SinkTaskSpec } from '../contract.ts';
import { StepTrail } from './preview-steps.ts';
import { bytesText, recordText } from './preview-text.ts';

const POLL_MS_MAX = 500;

/** Reads the newest records of a sink's topics outside of its group, and shows their way to `put`. */
export async function previewSink(
  spec: PreviewSpec,
  sink: SinkTaskSpec,
  parts: {
    readonly converters: TaskConverters;
    readonly chain: readonly TransformationStep[];
    readonly clients: KafkaClients;
    readonly logger: Logger;
  },
): Promise<PreviewOutcome> {
  const { converters, chain } = parts;
  const aliases = sink.transformations.map(({ alias }) => alias);
  const { rows, notes } = await sample(spec, sink, parts.clients, parts.logger);
  const records = rows.map(({ columns, row }) => {
    const trail = new StepTrail();
    trail.show('KAFKA_CONSUME', {
      topic: columns.topic,
      partition: columns.partition,
      offset: columns.offset(row),
      key: bytesText(columns.key(row)),
      value: bytesText(columns.value(row)),
      timestamp: columns.timestamp(row),
    });
    const record = convert(trail, columns, row, converters);
    if (record !== null) trail.transform(record, chain, aliases);
    return { steps: trail.steps };
  });
  return { records, notes };
}

function convert(
  trail: StepTrail,
  columns: RecordColumns,
  row: number,
  converters: TaskConverters,
): SinkRecord | null {
  const { topic } = columns;
  const raw = columns.headers(row);
  const key = trail.attempt('KEY_CONVERTER', () =>
    converters.key.toConnectData(topic, columns.key(row), raw),
  );
  if (key === null) return null;
  const value = trail.attempt('VALUE_CONVERTER', () =>
    converters.value.toConnectData(topic, columns.value(row), raw),
  );
  if (value === null) return null;
  const headers = trail.attempt('HEADER_CONVERTER', () =>
    raw.map((each) => {
      const made = converters.header.toConnectHeader(topic, each.key, each.value);
      return { key: each.key, schema: made.schema, value: made.value };
    }),
  );
  if (headers === null) return null;
  const timestamp = columns.timestamp(row);
  const record = newSinkRecord({
    topic,
    kafkaPartition: columns.partition,
    kafkaOffset: columns.offset(row),
    keySchema: key.value.schema,
    key: key.value.value,
    valueSchema: value.value.schema,
    value: value.value.value,
    timestamp: timestamp < 0 ? null : timestamp,
    timestampType: columns.timestampType(row),
    headers: headers.value,
  });
  trail.show('VALUE_CONVERTER', recordText(record));
  return record;
}

interface Sampled {
  readonly rows: readonly { readonly columns: RecordColumns; readonly row: number }[];
  readonly notes: readonly string[];
}

async function sample(
  { records, timeoutMs }: PreviewSpec,
  sink: SinkTaskSpec,
  clients: KafkaClients,
  logger: Logger,
): Promise<Sampled> {
  const config = withoutGroup(sink.consumerConfig);
  const admin = clients.createAdmin(adminConfigOf(config), { logger });
  const consumer = clients.createConsumer(config, { logger });
  try {
    const partitions = await partitionsOf(sink, admin);
    if (partitions.length === 0)
      return { rows: [], notes: ['None of its topics is there, so there is nothing to sample.'] };
    consumer.assign(partitions);
    const available = await seekToNewest(consumer, partitions, records);
    const wanted = Math.min(available, records);
    const rows = await read(consumer, wanted, timeoutMs);
    const notes = ['The newest records were read outside of the group; no offset was stored.'];
    if (rows.length < records)
      notes.push(`Only ${rows.length} of ${records} records could be sampled.`);
    return { rows, notes };
  } finally {
    await consumer.close({ timeoutMs: 0 });
    await admin.close();
  }
}

/** Outside of any group: the connector that may run already is left in peace. */
function withoutGroup(config: Props): Props {
  const { 'group.id': _group, 'group.instance.id': _instance, ...others } = config;
  return { ...others, 'client.id': `${others['client.id'] ?? 'sluice'}-preview` };
}

/** An admin client may have what a consumer has but for what only consumers know. */
function adminConfigOf(config: Props): Props {
  const shared = Object.entries(config).filter(([key]) =>
    /^(bootstrap\.servers|client\.id|security\.|sasl\.|ssl\.|request\.timeout\.ms)/.test(key),
  );
  return Object.fromEntries(shared);
}

async function partitionsOf(
  sink: SinkTaskSpec,
  admin: KafkaAdmin,
): Promise<readonly TopicPartition[]> {
  const pattern = sink.topicsRegex === null ? null : javaRegex('topics.regex', sink.topicsRegex);
  const topics =
    pattern === null
      ? (sink.topics ?? [])
      : (await admin.listTopics()).filter((topic) => pattern.test(topic));
  const found = await admin.describeTopics(topics);
  return [...found.values()].flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => ({ topic: name, partition })),
  );
}

/** How many records lie behind the positions it went to. */
async function seekToNewest(
  consumer: RecordConsumer,
  partitions: readonly TopicPartition[],
  records: number,
): Promise<number> {
  const begins = await consumer.beginningOffsets(partitions);
  const ends = await consumer.endOffsets(partitions);
  let available = 0;
  for (const end of ends) {
    const begin = begins.find(
      ({ topic, partition }) => topic === end.topic && partition === end.partition,
    );
    const offset = Math.max(begin?.offset ?? 0, end.offset - records);
    available += end.offset - offset;
    consumer.seek({ topic: end.topic, partition: end.partition, offset });
  }
  return available;
}

async function read(
  consumer: RecordConsumer,
  wanted: number,
  timeoutMs: number,
): Promise<Sampled['rows']> {
  const deadlineMs = Date.now() + timeoutMs;
  const rows: { readonly columns: RecordColumns; readonly row: number }[] = [];
  while (rows.length < wanted && Date.now() < deadlineMs) {
    for (const columns of await consumer.poll(POLL_MS_MAX)) {
      for (let row = 0; row < columns.count; row++) rows.push({ columns, row });
    }
  }
  return rows.slice(0, wanted);
}
