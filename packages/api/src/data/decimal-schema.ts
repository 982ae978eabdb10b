import { DataError } from '../errors/data-error.ts';
import { bigintToBytes, bytesToBigint } from './bigint-bytes.ts';
import { Decimal } from './decimal.ts';
import { DECIMAL_LOGICAL_NAME, DECIMAL_SCALE_PARAMETER } from './logical-names.ts';
import type { Schema } from './schema.ts';
import { SchemaBuilder } from './schema-builder.ts';
import type { TypedSchema } from './typed-schema.ts';

/** A builder of a Decimal schema: BYTES, version 1, the scale as a parameter. */
export function decimalBuilder(scale: number): SchemaBuilder<Decimal> {
  return SchemaBuilder.bytes()
    .name(DECIMAL_LOGICAL_NAME)
    .parameter(DECIMAL_SCALE_PARAMETER, String(scale))
    .version(1)
    .ofLogical<Decimal>();
}

/** The schema of required decimals of one scale. */
export function decimalSchema(scale: number): TypedSchema<Decimal> {
  return decimalBuilder(scale).build();
}

/**
 * The bytes of a decimal. Mirrors `Decimal.fromLogical`.
 *
 * @throws DataError when the value's scale is not exactly the schema's
 */
export function decimalToBytes(schema: Schema, value: Decimal): Uint8Array {
  const scale = decimalScale(schema);
  if (value.scale !== scale) {
    throw new DataError(
      'Decimal value has mismatching scale for given Decimal schema. ' +
        `Schema has scale ${scale}, value has scale ${value.scale}.`,
    );
  }
  return bigintToBytes(value.unscaled);
}

/**
 * The decimal that bytes stand for. Mirrors `Decimal.toLogical`.
 *
 * @throws DataError when there are no bytes, or the schema has no scale
 */
export function bytesToDecimal(schema: Schema, bytes: Uint8Array): Decimal {
  const unscaled = bytesToBigint(bytes);
  if (unscaled === null) throw new DataError('Zero length BigInteger');
  return new Decimal(unscaled, decimalScale(schema));
}

/** The scale of a Decimal schema. @throws DataError when it is missing or no number */
export function decimalScale(schema: Schema): number {
  const text = schema.parameters?.get(DECIMAL_SCALE_PARAMETER);
  if (text === undefined) {
    throw new DataError('Invalid Decimal schema: scale parameter not found.');
  }
  const scale = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if ((scale | 0) !== scale) {
    throw new DataError('Invalid scale parameter found in Decimal schema: ', {
      context: { scale: text },
    });
  }
  return scale;
}
