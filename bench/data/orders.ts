/** The records that the bench goes over; `java/.../Orders.java` makes the same. */
import {
  BOOLEAN_SCHEMA,
  FLOAT64_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  newStruct,
  OPTIONAL_STRING_SCHEMA,
  type Schema,
  SchemaBuilder,
  STRING_SCHEMA,
} from '@sluice/api';

/** Records that a batch goes over, so that no single one stays in the fastest cache. */
export const RECORDS = 1024;

/** What an order is like; given to both sides. */
export interface OrderSpec {
  /** Ten field names, a space between them. */
  readonly names: string;
  /** Characters of the last but one field, which fills the order up to its size; 0: null. */
  readonly noteLength: number;
}

const LONG_NAMES = 'id customer email amount quantity currency paid created note country';

/** Some 100, 250 and 1,000 bytes as JSON. */
export const ORDER_100: OrderSpec = { names: 'i c e a q u p t n o', noteLength: 0 };
export const ORDER_250: OrderSpec = { names: LONG_NAMES, noteLength: 50 };
export const ORDER_1000: OrderSpec = { names: LONG_NAMES, noteLength: 800 };

const TYPES: readonly Schema[] = [
  INT64_SCHEMA,
  STRING_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  FLOAT64_SCHEMA,
  INT32_SCHEMA,
  STRING_SCHEMA,
  BOOLEAN_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
];
const FILLER = 'please ring twice, then leave it with the neighbours; ';

type Values = Readonly<Record<string, unknown>>;

export class Orders {
  readonly names: readonly string[];
  readonly schema: Schema;
  readonly nestedSchema: Schema;
  readonly #note: string | null;

  constructor(spec: OrderSpec) {
    this.names = spec.names.split(' ');
    this.#note = spec.noteLength === 0 ? null : FILLER.repeat(20).slice(0, spec.noteLength);
    const builder = SchemaBuilder.ofType('STRUCT').name('bench.Order');
    for (const [i, name] of this.names.entries()) builder.field(name, TYPES[i] ?? STRING_SCHEMA);
    this.schema = builder.build();
    this.nestedSchema = SchemaBuilder.struct()
      .name('bench.Nested')
      .field('order', this.schema)
      .field('id', INT64_SCHEMA)
      .build();
  }

  map(index: number): Values {
    const isShort = this.names[1]?.length === 1;
    const values: readonly unknown[] = [
      1_000_000 + index,
      `${isShort ? 'c' : 'customer-'}${index}`,
      index % 3 === 0 ? null : isShort ? 'c' : `c${index}@example.org`,
      index * 1.25 + 0.125,
      index % 50,
      'EUR',
      index % 2 === 0,
      1_700_000_000_000 + index,
      this.#note,
      'NL',
    ];
    const map = Object.fromEntries(this.names.map((name, i) => [name, values[i]]));
    // As they come from a parser: of one shape, their texts in one piece.
    return JSON.parse(JSON.stringify(map)) as Values;
  }

  struct(index: number): Values {
    return newStruct(this.schema, this.map(index));
  }

  nestedMap(index: number): Values {
    return { order: this.map(index), id: 1_000_000 + index };
  }

  nestedStruct(index: number): Values {
    return newStruct(this.nestedSchema, { order: this.struct(index), id: 1_000_000 + index });
  }
}
