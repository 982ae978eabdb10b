/**
 * Record batch, version 2 ("magic 2"): where each field of the header lies. Length counts from
 * behind itself, the checksum covers everything from the attributes on, so base offset and leader
 * epoch may change without it.
 */
export const BATCH = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** Base offset and length: what the length field does not count. */
export const LOG_OVERHEAD_BYTES = 12;

export const MAGIC = 2;

/** Bits of the attributes. */
export const ATTRIBUTE = {
  compressionMask: 0b111,
  logAppendTime: 0b1000,
  transactional: 0b1_0000,
  control: 0b10_0000,
} as const;

/** What fields hold when a batch belongs to no producer, or a record has no time. */
export const NONE = -1;

/** Values of `compression.type`, each at the index that stands for it on the wire. */
export const COMPRESSION_TYPES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** A codec's name as in `compression.type`. */
export type CompressionType = (typeof COMPRESSION_TYPES)[number];

/**
 * No batch may unpack to more: a few kilobytes of hostile input can claim any size. Far above what
 * a broker accepts (`message.max.bytes`, 1 MiB unless raised) at any usual ratio.
 */
export const UNPACKED_BATCH_MAX_BYTES = 512 * 1024 * 1024;
