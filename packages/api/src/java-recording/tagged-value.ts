import { float64, Float32 } from '../data/boxed-float.ts';
import { Decimal } from '../data/decimal.ts';
import { int64 } from '../data/int64.ts';
import type { Schema } from '../data/schema.ts';
import { setOwn } from '../data/struct.ts';
import { Password } from '../config/password.ts';

/**
 * A value of a Java recording in the form that this package gives it: `null`, or an array whose
 * first element names the Java class. With a schema, floats are plain numbers and maps are `Map`s.
 */
export function taggedValue(node: unknown, schema: Schema | null): unknown {
  if (!Array.isArray(node)) return null;
  const [tag, content, extra]: readonly unknown[] = node;
  switch (tag) {
    case 'i8':
    case 'i16':
    case 'i32':
    case 'b':
    case 's':
    case 'c':
      return content;
    case 'i64':
      return int64(BigInt(String(content)));
    case 'f32': {
      const value = floatOfBits(String(content));
      return schema === null ? new Float32(value) : value;
    }
    case 'f64': {
      const value = doubleOfBits(String(content));
      return schema === null ? float64(value) : value;
    }
    case 'y':
      return Buffer.from(String(content), 'base64');
    case 'd':
      return new Decimal(BigInt(String(content)), Number(extra));
    case 't':
      return new Date(Number(content));
    case 'p':
      return new Password(String(content));
    case 'a':
      return itemsOf(content).map((item) => taggedValue(item, schema?.valueSchema ?? null));
    case 'm':
      return taggedMap(itemsOf(content), schema);
    case 'st':
      return taggedStruct(itemsOf(content), schema);
    default:
      throw new TypeError(`No tag: ${String(tag)}`);
  }
}

/** The float of its bits in hexadecimal. */
export function floatOfBits(hex: string): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(hex, 16));
  return view.getFloat32(0);
}

/** The double of its bits in hexadecimal. */
export function doubleOfBits(hex: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

function itemsOf(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : [];
}

function taggedMap(entries: readonly unknown[], schema: Schema | null): unknown {
  const pairs = entries.map((entry): readonly [unknown, unknown] => {
    const [key, value]: readonly unknown[] = itemsOf(entry);
    return [
      taggedValue(key, schema?.keySchema ?? null),
      taggedValue(value, schema?.valueSchema ?? null),
    ];
  });
  if (schema !== null || pairs.some(([key]) => typeof key !== 'string')) return new Map(pairs);
  const object = {};
  for (const [key, value] of pairs) setOwn(object, String(key), value);
  return object;
}

function taggedStruct(members: readonly unknown[], schema: Schema | null): unknown {
  const struct = {};
  for (const field of schema?.fields ?? []) {
    setOwn(struct, field.name, taggedValue(members[field.index], field.schema));
  }
  return struct;
}
