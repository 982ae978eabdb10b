import { newStruct, SchemaBuilder, STRING_SCHEMA, type Schema } from '@sluice/api';

/** What the values are made of. `map` is schemaless. */
export type OrderShape = 'string' | 'map' | 'struct';

export const ORDER_SCHEMA = SchemaBuilder.struct()
  .name('Order')
  .field('id', SchemaBuilder.int64().build())
  .field('customer', SchemaBuilder.int32().build())
  .field('sku', STRING_SCHEMA)
  .field('quantity', SchemaBuilder.int32().build())
  .field('price', SchemaBuilder.float64().build())
  .field('paid', SchemaBuilder.bool().build())
  .field('currency', STRING_SCHEMA)
  .field('country', STRING_SCHEMA)
  .field('placed', SchemaBuilder.int64().build())
  .field('note', STRING_SCHEMA)
  .build();

/** What the nine other fields, names and quotes take in JSON, so that the note fills up the rest. */
const OTHER_JSON_BYTES = 150;
const CUSTOMERS = 100_000;
const CUSTOMER_STEP = 7919;
const FIRST_PLACED_MS = 1_700_000_000_000;

/** Makes order number n, the same one as its Java twin. */
export class OrderMaker {
  readonly schema: Schema | null;
  readonly #shape: OrderShape;
  readonly #filler: string;

  /** @param bytes roughly what a value takes as JSON text */
  constructor(shape: OrderShape, bytes: number) {
    this.#shape = shape;
    this.schema = { string: STRING_SCHEMA, map: null, struct: ORDER_SCHEMA }[shape];
    const length = shape === 'string' ? bytes - 10 : bytes - OTHER_JSON_BYTES;
    this.#filler = 'x'.repeat(Math.max(1, length));
  }

  value(n: number): unknown {
    if (this.#shape === 'string') return `${String(n).padStart(10, '0')}${this.#filler}`;
    const fields = {
      id: n,
      customer: (n * CUSTOMER_STEP) % CUSTOMERS,
      sku: `SKU-${n % 1000}`,
      quantity: (n % 9) + 1,
      price: (n % 5000) + 0.25,
      paid: n % 3 === 0,
      currency: 'EUR',
      country: 'DE',
      placed: FIRST_PLACED_MS + n,
      note: this.#filler,
    };
    return this.#shape === 'struct' ? newStruct(ORDER_SCHEMA, fields) : fields;
  }
}
