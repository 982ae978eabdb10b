import fc from 'fast-check';
import { INT64_MAX } from '../src/int64.ts';
import { defaultOf } from './java-json.ts';
import { holds, type MessageSchema, type SchemaField, type SchemaType } from './message-schema.ts';

const LIST_MAX = 3;

/** Random messages that the version can carry: fields that it lacks are at their defaults. */
export function arbitraryMessage(schema: MessageSchema, version: number): fc.Arbitrary<object> {
  return arbitraryStruct(schema.fields, version);
}

function arbitraryStruct(fields: readonly SchemaField[], version: number): fc.Arbitrary<object> {
  return fc.record(
    Object.fromEntries(fields.map((field) => [field.name, arbitraryField(field, version)])),
    { noNullPrototype: true },
  );
}

function arbitraryField(field: SchemaField, version: number): fc.Arbitrary<unknown> {
  if (!holds(field.versions, version)) return fc.constant(defaultOf(field));
  const value = arbitraryValue(field, version);
  return holds(field.nullable, version) ? fc.option(value, { nil: null, freq: 3 }) : value;
}

function arbitraryValue(type: SchemaType, version: number): fc.Arbitrary<unknown> {
  if (type.element !== undefined) {
    return fc.array(arbitraryValue(type.element, version), { maxLength: LIST_MAX });
  }
  if (type.fields !== undefined) return arbitraryStruct(type.fields, version);
  switch (type.type) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -128, max: 127 });
    case 'int16':
      return fc.integer({ min: -32768, max: 32767 });
    case 'uint16':
      return fc.integer({ min: 0, max: 65535 });
    case 'int32':
      return fc.integer();
    case 'int64':
      return fc.oneof({ weight: 9, arbitrary: fc.maxSafeInteger() }, fc.constant(INT64_MAX));
    case 'float64':
      return fc.double();
    case 'uuid':
      return bytes(16, 16).map((value) => value.toString('base64url'));
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 12 });
    case 'bytes':
    case 'records':
      return bytes(0, 40);
    default:
      throw new Error(`no arbitrary for ${type.type}`);
  }
}

function bytes(minLength: number, maxLength: number): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ minLength, maxLength }).map((value) => Buffer.from(value));
}
