import { schemaEquals, type Schema } from '@sluice/api';

/** As many schemas as Java's transformations remember. */
const RECENT_MAX = 16;

interface Entry<V> {
  readonly schema: Schema;
  readonly value: V;
}

/**
 * What was worked out for a schema, so that it is worked out once. A schema is looked for as the
 * last one asked for, then by identity (forgotten with the schema), then by equality among a
 * bounded number of recent ones: some converters make an equal schema for every record.
 */
export class SchemaCache<V extends object> {
  readonly #make: (schema: Schema) => V;
  #last: Entry<V> | null = null;
  #byIdentity = new WeakMap<Schema, Entry<V>>();
  /** Least recently used first. */
  #recent: Entry<V>[] = [];

  /** @param make works out the value of a schema not seen before; what it throws is not kept */
  constructor(make: (schema: Schema) => V) {
    this.#make = make;
  }

  /** The value of this schema, or of an equal one. */
  get(schema: Schema): V {
    const last = this.#last;
    if (last !== null && last.schema === schema) return last.value;
    return this.#find(schema).value;
  }

  #find(schema: Schema): Entry<V> {
    const known = this.#byIdentity.get(schema);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    const value = this.#findEqual(schema) ?? this.#make(schema);
    return this.#remember({ schema, value });
  }

  /** Moves what it finds to the end: it was used last. */
  #findEqual(schema: Schema): V | undefined {
    const at = this.#recent.findIndex((entry) => schemaEquals(entry.schema, schema));
    return this.#recent.splice(at, at < 0 ? 0 : 1)[0]?.value;
  }

  #remember(entry: Entry<V>): Entry<V> {
    this.#last = entry;
    this.#byIdentity.set(entry.schema, entry);
    if (this.#recent.length === RECENT_MAX) this.#recent.shift();
    this.#recent.push(entry);
    return entry;
  }
}
