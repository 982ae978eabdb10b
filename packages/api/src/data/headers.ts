import type { Schema } from './schema.ts';

/** One record header: keys may repeat, order counts, values may be null. */
export interface Header {
  readonly key: string;
  readonly schema: Schema | null;
  readonly value: unknown;
}
