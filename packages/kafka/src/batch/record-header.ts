/** One record header: order counts, keys may repeat, values may be null. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}
