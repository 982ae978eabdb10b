import { fileNameOf } from './emit-message.ts';
import type { DefaultValue, Field, FieldType, Message, Struct } from './model.ts';
import { isEmpty, type VersionRange } from './version-range.ts';

/**
 * The shape of every message as JSON, for tests only: they make random messages from it and turn
 * decoded ones into Java's JSON, independently of the emitted code.
 */
export function emitSchemaTable(messages: readonly Message[]): string {
  const lines = messages.map((message) => JSON.stringify(messageEntry(message)));
  return `[\n${lines.join(',\n')}\n]\n`;
}

function messageEntry(message: Message): object {
  return {
    name: message.name,
    file: fileNameOf(message.name),
    type: message.type,
    versions: pair(message.versions),
    flexible: isEmpty(message.flexible) ? null : pair(message.flexible),
    fields: fields(message.root),
  };
}

function fields(struct: Struct): object[] {
  return struct.fields.map(fieldEntry);
}

function fieldEntry(field: Field): object {
  return {
    name: field.name,
    ...typeEntry(field.type),
    versions: pair(field.versions),
    nullable: isEmpty(field.nullable) ? null : pair(field.nullable),
    tag: field.tag,
    default: defaultEntry(field.defaultValue),
    ignorable: field.ignorable,
  };
}

function typeEntry(type: FieldType): object {
  if (type.kind === 'struct') return { type: 'struct', fields: fields(type.struct) };
  if (type.kind === 'primitive') return { type: type.name };
  return { type: 'array', element: typeEntry(type.element) };
}

/** Numbers as text: JSON readers would round the largest. */
function defaultEntry(value: DefaultValue): string | boolean | null {
  if (value.kind === 'null') return null;
  if (value.kind === 'empty') return '';
  return value.kind === 'number' ? String(value.value) : value.value;
}

function pair(range: VersionRange): readonly [number, number] {
  return [range.low, range.high];
}
