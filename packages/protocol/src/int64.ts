/**
 * How Java's `Long.MAX_VALUE` appears in a field that is a `number`. Kafka uses that one value as
 * "no limit" (for instance the high watermark in a FetchRequest of version 18), so the codecs map
 * it both ways to `Infinity`; every other 64-bit integer beyond 2^53 - 1 is an `UnsafeInteger`
 * error.
 */
export const INT64_MAX = Number.POSITIVE_INFINITY;

/** 2^32: the weight of the upper half of a 64-bit integer. */
export const TWO_POW_32 = 0x1_0000_0000;

/**
 * Upper halves from here on (and from its negative on downwards) belong to integers that may be
 * unsafe.
 */
export const UNSAFE_HIGH_WORD = 0x20_0000;
