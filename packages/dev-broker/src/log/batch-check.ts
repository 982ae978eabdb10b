import { BrokerError } from '../storage/broker-error.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  type BatchHeader,
  batchChecksum,
  batchMagicAt,
  batchSizeAt,
  isControlBatch,
  readBatchHeader,
} from './batch-header.ts';
import { chooseCrc32c } from '@sluice/kafka/batch';
import type { LogSettings } from './log-settings.ts';

/**
 * Reads the one batch that a produce request carries for a partition, and refuses what does not
 * belong into a log. The records inside stay as they are, compressed or not.
 *
 * @throws BrokerError with the code that Kafka answers with
 */
export function checkProducedBatch(
  records: Buffer,
  settings: LogSettings,
  nowMs: number,
): BatchHeader {
  const size = batchSizeAt(records, 0);
  if (records.length < BATCH_HEADER_BYTES || size < BATCH_HEADER_BYTES || size > records.length) {
    throw corrupt(`it claims ${size} bytes, ${records.length} were sent`);
  }
  const magic = batchMagicAt(records, 0);
  if (magic !== BATCH_MAGIC) {
    const text = `Records of format ${magic} are not taken; send record batches of format 2`;
    throw new BrokerError('UNSUPPORTED_FOR_MESSAGE_FORMAT', text);
  }
  if (size !== records.length) {
    const text = `A produce request carries exactly one record batch per partition; behind the first one, ${records.length - size} bytes follow`;
    throw new BrokerError('INVALID_RECORD', text);
  }
  if (size > settings.maxMessageBytes) {
    const text = `The record batch has ${size} bytes; the topic's max.message.bytes is ${settings.maxMessageBytes}`;
    throw new BrokerError('MESSAGE_TOO_LARGE', text);
  }
  const { claimed, covered } = batchChecksum(records, 0);
  if (chooseCrc32c()(covered) !== claimed) throw corrupt('its checksum does not fit its bytes');
  const header = readBatchHeader(records, 0);
  checkFields(header);
  if (!settings.isLogAppendTime) checkTimestamps(header, settings, nowMs);
  return header;
}

function checkFields(header: BatchHeader): void {
  if (isControlBatch(header)) throw invalid('clients may not write control batches');
  const span = header.lastOffset - header.baseOffset + 1;
  if (header.recordCount <= 0 || span !== header.recordCount) {
    throw invalid(`it counts ${header.recordCount} records for ${span} offsets`);
  }
  if (header.producerId >= 0 && header.baseSequence < 0) {
    throw invalid(`it has a producer id but the sequence ${header.baseSequence}`);
  }
}

function checkTimestamps(header: BatchHeader, settings: LogSettings, nowMs: number): void {
  const { baseTimestamp, maxTimestamp } = header;
  const oldest = nowMs - settings.timestampBeforeMaxMs;
  const newest = nowMs + settings.timestampAfterMaxMs;
  // -1 stands for "no timestamp", which is always allowed.
  const isTooOld = baseTimestamp !== -1 && baseTimestamp < oldest;
  if (!isTooOld && maxTimestamp <= newest) return;
  const text = `Timestamps from ${baseTimestamp} to ${maxTimestamp} are not within ${oldest} to ${newest} (message.timestamp.before.max.ms, message.timestamp.after.max.ms)`;
  throw new BrokerError('INVALID_TIMESTAMP', text);
}

function corrupt(what: string): BrokerError {
  return new BrokerError('CORRUPT_MESSAGE', `The record batch is damaged: ${what}`);
}
function invalid(what: string): BrokerError {
  return new BrokerError('INVALID_RECORD', `The record batch is refused: ${what}`);
}
