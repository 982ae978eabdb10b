import type { Decimal } from '../data/decimal.ts';
import { decimalSchema } from '../data/decimal-schema.ts';
import { INT64_MAX, INT64_MIN, int64 } from '../data/int64.ts';
import type { Schema, SchemaAndValue } from '../data/schema.ts';
import { SchemaBuilder } from '../data/schema-builder.ts';
import {
  BOOLEAN_SCHEMA,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  INT8_SCHEMA,
  STRING_SCHEMA,
} from '../data/schema-constants.ts';
import { valueEquals } from '../data/value-equals.ts';
import { DataError } from '../errors/data-error.ts';
import { parseDecimal } from '../text/decimal-text.ts';
import { javaTrim, startsWithDigit } from '../text/java-string.ts';

import { decimalToDouble, decimalToFloat } from './decimal-to-float.ts';
import { alignValue } from './align-value.ts';
import { SchemaMerger } from './merge-schemas.ts';
import { toSchemaless } from './to-schemaless.ts';
import { relabelValue } from './relabel-value.ts';
import { StringTokens } from './string-tokens.ts';
import { parseTemporal } from './temporal-text.ts';

/** Deeper than this nothing is taken for an array or a map. */
const DEPTH_MAX = 1000;
/** A long has no more digits than this. */
const LONG_DIGITS = 19;
const NOTHING: SchemaAndValue = { schema: null, value: null };

/**
 * The value that a text most likely stands for: boolean, number (the narrowest type that holds it),
 * date, time, timestamp, array, map, or the text itself. The word `null` gives no schema and null.
 * Mirrors `Values.parseString`, surprises included: `3.141592653589793` becomes a FLOAT32.
 */
export function parseString(text: string | null): SchemaAndValue {
  if (text === null) return NOTHING;
  if (text === '') return { schema: STRING_SCHEMA, value: text };
  return new ValueParser(new StringTokens(text)).parse(false) ?? NOTHING;
}

/** Says that an array or a map is none after all; its text then is a string. */
class NotACollection extends DataError {}

class ValueParser {
  readonly #tokens: StringTokens;
  #depth = 0;

  constructor(tokens: StringTokens) {
    this.#tokens = tokens;
  }

  /** `null` stands for the literal, and for no text at all. */
  parse(isEmbedded: boolean): SchemaAndValue | null {
    const tokens = this.#tokens;
    if (!tokens.hasNext()) return null;
    if (isEmbedded && tokens.takes('"')) return this.#quoted();
    if (this.#takesLiteral('null', isEmbedded)) return null;
    if (this.#takesLiteral('true', isEmbedded)) return { schema: BOOLEAN_SCHEMA, value: true };
    if (this.#takesLiteral('false', isEmbedded)) return { schema: BOOLEAN_SCHEMA, value: false };
    const collection = this.#collection();
    if (collection !== null) return collection;
    const token = tokens.next();
    if (javaTrim(token) === '') return { schema: STRING_SCHEMA, value: token };
    return this.#scalar(javaTrim(token), isEmbedded);
  }

  /** Outside collections a literal has to be all there is. */
  #takesLiteral(literal: string, isEmbedded: boolean): boolean {
    const start = this.#tokens.mark();
    if (this.#tokens.takes(literal) && (isEmbedded || !this.#tokens.hasNext())) return true;
    this.#tokens.rewindTo(start);
    return false;
  }

  #collection(): SchemaAndValue | null {
    const start = this.#tokens.mark();
    try {
      if (this.#tokens.takes('[')) return this.#nested(() => this.#array());
      if (this.#tokens.takes('{')) return this.#nested(() => this.#map());
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      this.#tokens.rewindTo(start);
    }
    return null;
  }

  #nested(parse: () => SchemaAndValue): SchemaAndValue {
    this.#depth++;
    try {
      if (this.#depth > DEPTH_MAX) throw new NotACollection('nested too deep');
      return parse();
    } finally {
      this.#depth--;
    }
  }

  #scalar(token: string, isEmbedded: boolean): SchemaAndValue {
    const isDigitFirst = startsWithDigit(token);
    const temporal = isDigitFirst ? this.#temporal(token) : null;
    if (temporal !== null) return temporal;
    const isNumberLike = isDigitFirst || token.startsWith('+') || token.startsWith('-');
    const decimal = isNumberLike ? parseDecimal(token) : null;
    if (decimal !== null) return numberOf(decimal);
    if (isEmbedded) throw new NotACollection('Failed to parse embedded value');
    return { schema: STRING_SCHEMA, value: this.#tokens.text };
  }

  /** A time's colons are delimiters: it may be spread over five tokens. */
  #temporal(token: string): SchemaAndValue | null {
    const start = this.#tokens.mark();
    const rest = this.#tokens.nextJoined(4);
    const spread = rest === null ? null : parseTemporal(token + rest);
    if (spread !== null) return spread;
    this.#tokens.rewindTo(start);
    return parseTemporal(token);
  }

  #quoted(): SchemaAndValue {
    let content = '';
    while (this.#tokens.hasNext() && !this.#tokens.takes('"')) content += this.#tokens.next();
    return parseTemporal(content) ?? { schema: STRING_SCHEMA, value: content };
  }

  #array(): SchemaAndValue {
    const elements: (SchemaAndValue | null)[] = [];
    const merger = new SchemaMerger();
    while (this.#tokens.hasNext()) {
      if (this.#tokens.takes(']')) return arrayOf(elements, merger.common);
      if (this.#tokens.takes(',')) throw new NotACollection('an element is empty');
      const element = this.parse(true);
      merger.add(element?.schema ?? null);
      elements.push(element);
      const position = this.#tokens.mark();
      if (this.#tokens.takes(']')) this.#tokens.rewindTo(position);
      else if (!this.#tokens.takes(',')) throw new NotACollection("',' is missing");
    }
    throw new NotACollection("']' is missing");
  }

  #map(): SchemaAndValue {
    const entries: (readonly [SchemaAndValue, SchemaAndValue | null])[] = [];
    const keys = new SchemaMerger();
    const values = new SchemaMerger();
    while (this.#tokens.hasNext()) {
      if (this.#tokens.takes('}')) return mapOf(entries, keys.common, values.common);
      if (this.#tokens.takes(',')) throw new NotACollection('an entry is empty');
      const key = this.parse(true);
      if (key === null || key.value === null) throw new NotACollection('a key is null');
      if (!this.#tokens.takes(':')) throw new NotACollection("':' is missing");
      const value = this.parse(true);
      entries.push([key, value]);
      this.#tokens.takes(',');
      keys.add(key.schema);
      values.add(value?.schema ?? null);
    }
    throw new NotACollection("'}' is missing");
  }
}

/** Keys that are objects are found by content. */
function put(entries: Map<unknown, unknown>, key: unknown, value: unknown): void {
  const isObject = typeof key === 'object';
  const present = isObject ? [...entries.keys()].find((other) => valueEquals(other, key)) : key;
  entries.set(present ?? key, value);
}

function arrayOf(
  elements: readonly (SchemaAndValue | null)[],
  common: Schema | null,
): SchemaAndValue {
  const schema = SchemaBuilder.inferred('ARRAY', null, common).build();
  return { schema, value: elements.map((element) => alignedTo(common, element)) };
}

function mapOf(
  entries: readonly (readonly [SchemaAndValue, SchemaAndValue | null])[],
  keySchema: Schema | null,
  commonValue: Schema | null,
): SchemaAndValue {
  // Where the keys have nothing in common, Java does not look at the values either.
  const valueSchema = keySchema === null ? null : commonValue;
  const schema = SchemaBuilder.inferred('MAP', keySchema, valueSchema).build();
  const map = new Map<unknown, unknown>();
  for (const [key, value] of entries)
    put(map, alignedTo(keySchema, key), alignedTo(valueSchema, value));
  return { schema, value: map };
}

/** An element in the form that all have in common; where they have none, it has to tell itself. */
function alignedTo(common: Schema | null, element: SchemaAndValue | null): unknown {
  if (common !== null) {
    return relabelValue(element?.schema ?? null, common, alignValue(common, element?.value));
  }
  return element === null ? null : toSchemaless(element.schema, element.value);
}

function numberOf(decimal: Decimal): SchemaAndValue {
  const whole = wholeNumber(decimal);
  if (whole !== null) return integerOf(whole);
  const float = decimalToFloat(decimal);
  if (Number.isFinite(float) && decimal.scale !== 0) {
    return { schema: FLOAT32_SCHEMA, value: float };
  }
  const double = decimalToDouble(decimal);
  if (Number.isFinite(double) && decimal.scale !== 0) {
    return { schema: FLOAT64_SCHEMA, value: double };
  }
  return { schema: decimalSchema(decimal.scale), value: decimal };
}

/** The integer that a decimal is, if it is one of 64 bits. Never expands a large exponent. */
function wholeNumber(decimal: Decimal): bigint | null {
  const { unscaled, scale } = decimal;
  if (unscaled === 0n) return 0n;
  const digits = unscaled.toString().replace('-', '').length;
  if (digits - scale > LONG_DIGITS || scale > digits) return null;
  const factor = 10n ** BigInt(Math.abs(scale));
  if (scale > 0 && unscaled % factor !== 0n) return null;
  const whole = scale > 0 ? unscaled / factor : unscaled * factor;
  return whole >= INT64_MIN && whole <= INT64_MAX ? whole : null;
}

function integerOf(whole: bigint): SchemaAndValue {
  const value = int64(whole);
  if (BigInt.asIntN(8, whole) === whole) return { schema: INT8_SCHEMA, value };
  if (BigInt.asIntN(16, whole) === whole) return { schema: INT16_SCHEMA, value };
  if (BigInt.asIntN(32, whole) === whole) return { schema: INT32_SCHEMA, value };
  return { schema: INT64_SCHEMA, value };
}
