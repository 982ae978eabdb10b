import { COMPRESSION_TYPES, type CompressionType } from '../batch-format.ts';
import { KafkaError } from '../../errors/kafka-error.ts';

/** One codec, ready to use: everything it needs is loaded, so its calls are synchronous. */
export interface Compression {
  readonly type: CompressionType;
  /** Its number in a batch's attributes. */
  readonly id: number;
  compress(bytes: Buffer): Buffer;
  /**
   * @throws KafkaError `CORRUPT_MESSAGE` for input that is not this codec's, or unpacks to more
   * than `sizeMax` bytes
   */
  decompress(bytes: Buffer, sizeMax: number): Buffer;
}

/** A codec's number on the wire. */
export function compressionId(type: CompressionType): number {
  return COMPRESSION_TYPES.indexOf(type);
}

/** The error for packed bytes that can't be unpacked. */
export function badPacking(type: CompressionType, what: string, cause?: unknown): KafkaError {
  const text = `Unpacking a record batch compressed with ${type}: ${what}.`;
  return new KafkaError('CORRUPT_MESSAGE', text, { cause });
}

/** The error for a batch that would unpack to more than allowed. */
export function tooLarge(type: CompressionType, sizeMax: number): KafkaError {
  return badPacking(
    type,
    `it has more than ${sizeMax} bytes when unpacked, the most that is allowed`,
  );
}
