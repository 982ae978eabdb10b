import { DataError, Decimal, type Schema } from '@sluice/api';

/**
 * Java's `hashCode` of a Connect value: 32 bits, signed.
 *
 * @throws DataError for structs, maps and bytes, whose hash in Java hangs on its memory
 */
export function javaHashCode(value: unknown, schema: Schema): number {
  if (value instanceof Date) return longHash(BigInt(value.getTime()));
  if (value instanceof Decimal) return decimalHash(value);
  if (typeof value === 'string') return stringHash(value);
  if (typeof value === 'boolean') return value ? 1231 : 1237;
  if (Array.isArray(value) && schema.valueSchema !== null) {
    return listHash(value, schema.valueSchema);
  }
  if (typeof value === 'bigint') return longHash(value);
  if (typeof value === 'number') return numberHash(value, schema);
  throw new DataError(`Can't compute a partition of a value of type ${schema.type}`);
}

/** `String.hashCode`. */
function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

function numberHash(value: number, schema: Schema): number {
  switch (schema.type) {
    case 'INT64':
      return longHash(BigInt(value));
    case 'FLOAT32': {
      const bits = new DataView(new ArrayBuffer(4));
      bits.setFloat32(0, value);
      return bits.getInt32(0);
    }
    case 'FLOAT64': {
      const bits = new DataView(new ArrayBuffer(8));
      bits.setFloat64(0, value);
      return bits.getInt32(0) ^ bits.getInt32(4);
    }
    default:
      return value;
  }
}

/** Both halves, one over the other. */
function longHash(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

function listHash(items: readonly unknown[], schema: Schema): number {
  let hash = 1;
  for (const item of items) {
    hash = (Math.imul(hash, 31) + (item === null ? 0 : javaHashCode(item, schema))) | 0;
  }
  return hash;
}

/** `BigDecimal.hashCode`: of the unscaled number's words, from the highest, and the scale. */
function decimalHash({ unscaled, scale }: Decimal): number {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString(16);
  let hash = 0;
  for (let at = digits.length % 8 || 8, from = 0; from < digits.length; from = at, at += 8) {
    hash = (Math.imul(hash, 31) + Number.parseInt(digits.slice(from, at), 16)) | 0;
  }
  return (Math.imul(31, unscaled < 0n ? -hash : hash) + scale) | 0;
}
