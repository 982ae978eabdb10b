import { javaText } from '@sluice/api';
import { badRequest, type OffsetEntryText, type RestError } from '@sluice/rest';
import { parseOffsetJson } from '../../storage/offset-json.ts';
import type { SinkOffsetAlteration } from '../../task-host/contract.ts';

const TOPIC = 'kafka_topic';
const PARTITION = 'kafka_partition';
const OFFSET = 'kafka_offset';
/** What `Integer.parseInt` and `Long.parseLong` accept. */
const INTEGER = /^[+-]?\d+$/;
const INT_MAX = 2 ** 31 - 1;

/** One offset of a sink's group as REST shows it (R1.55). */
export function sinkOffsetText(topic: string, partition: number, offset: number): OffsetEntryText {
  return {
    partition: JSON.stringify({ [TOPIC]: topic, [PARTITION]: partition }),
    offset: JSON.stringify({ [OFFSET]: offset }),
  };
}

/**
 * Reads offsets of a sink as users write them, numbers or numeric texts. Mirrors
 * `SinkUtils.parseSinkConnectorOffsets`, sentences included.
 *
 * @throws RestError 400 naming what is missing or no integer
 */
export function parseSinkOffsets(
  entries: readonly OffsetEntryText[],
): readonly SinkOffsetAlteration[] {
  const parsed = new Map<string, SinkOffsetAlteration>();
  for (const entry of entries) {
    const partition = objectOf(entry.partition);
    if (partition === null)
      throw badRequest('The partition for a sink connector offset cannot be null or missing');
    if (!Object.hasOwn(partition, TOPIC) || !Object.hasOwn(partition, PARTITION))
      throw badRequest(
        'The partition for a sink connector offset must contain the keys ' +
          `'${TOPIC}' and '${PARTITION}'`,
      );
    if (partition[TOPIC] === null)
      throw badRequest('Kafka topic names must be valid strings and may not be null');
    if (partition[PARTITION] === null)
      throw badRequest('Kafka partitions must be valid numbers and may not be null');
    const topic = javaText(partition[TOPIC]);
    const number = integerOf(partition[PARTITION], INT_MAX);
    if (number === null) throw notInteger('partition', partition[PARTITION]);
    const alteration = { topic, partition: number, offset: offsetOf(objectOf(entry.offset)) };
    parsed.set(`${topic}-${number}`, alteration);
  }
  return [...parsed.values()];
}

function offsetOf(offset: Readonly<Record<string, unknown>> | null): number | null {
  if (offset === null) return null;
  if (!Object.hasOwn(offset, OFFSET))
    throw badRequest(
      `The offset for a sink connector should either be null or contain the key '${OFFSET}'`,
    );
  const value = integerOf(offset[OFFSET], Number.MAX_SAFE_INTEGER);
  if (value === null) throw notInteger('offset', offset[OFFSET]);
  return value;
}

function objectOf(text: string | null): Readonly<Record<string, unknown>> | null {
  return text === null ? null : parseOffsetJson(text);
}

function integerOf(value: unknown, max: number): number | null {
  const text = javaText(value);
  if (!INTEGER.test(text)) return null;
  const number = Number(text);
  return Math.abs(number) <= max ? number : null;
}

function notInteger(what: 'partition' | 'offset', value: unknown): RestError {
  return badRequest(
    `Failed to parse the following Kafka ${what} value in the provided offsets: ` +
      `'${javaText(value)}'. ${what === 'partition' ? 'Partition' : 'Offset'} values for sink ` +
      'connectors need to be integers.',
  );
}
