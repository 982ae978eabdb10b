/**
 * A value as it crosses the driver, in either direction. Exact by construction: integers are text
 * or `bigint`, decimals and times are text as the database writes them, binary is bytes. A `number`
 * is a 64-bit float (or a small integer) and nothing else.
 */
export type Cell = string | number | bigint | Uint8Array | null;

/** The cells of one row, in the order of the columns. */
export type Row = readonly Cell[];
