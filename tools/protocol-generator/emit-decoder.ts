import { defaultText, hasTagSection, listedStructs, typeText } from './field-code.ts';
import type { ArrayType, Field, Message, PrimitiveName, Struct } from './model.ts';
import { condition, isEmpty, type VersionRange } from './version-range.ts';

/** Names that a generated function uses itself. */
const TAKEN_NAMES: ReadonlySet<string> = new Set([
  'reader',
  'version',
  'flexible',
  'tag',
  'end',
  'left',
]);

/**
 * The function that decodes one struct: straight reads, one object literal, so that all results
 * share one shape.
 */
export function emitDecoder(struct: Struct, message: Message): string {
  const inline = struct.fields.filter((field) => field.tag === null);
  const tagged = struct.fields.filter((field) => field.tag !== null);
  const body: string[] = [];
  for (const field of inline) body.push(readInline(field, struct));
  for (const field of tagged) {
    body.push(`let ${localName(field)}: ${typeText(field)} = ${defaultText(field)};\n`);
  }
  if (hasTagSection(struct, message.flexible)) body.push(readTags(tagged, struct, message));
  const code = body.join('');
  return `function decode${struct.typeName}(${parameters(code)}): ${struct.typeName} {
${flexibleConstant(code, message)}${code}return { ${struct.fields.map(property).join(', ')} };
}
`;
}

/**
 * The function that decodes a list of structs; one that takes null too where some field is
 * nullable.
 */
export function emitListDecoder(struct: Struct, nullable: boolean, message: Message): string {
  const name = nullable ? `decodeNullable${struct.typeName}List` : `decode${struct.typeName}List`;
  const type = `readonly ${struct.typeName}[]`;
  const read = choice(
    condition(message.flexible, struct.versions),
    lengthRead('ArrayLength', nullable, true),
    lengthRead('ArrayLength', nullable, false),
  );
  return `function ${name}(reader: Reader, version: number): ${type}${nullable ? ' | null' : ''} {
const count = ${read};
${nullable ? 'if (count === -1) return null;\n' : ''}const list: ${struct.typeName}[] = [];
for (let index = 0; index < count; index++) list.push(decode${struct.typeName}(reader, version));
return list;
}
`;
}

/**
 * Every parameter is used or left out: `version` does not occur in structs that are the same in all
 * versions.
 */
function parameters(code: string): string {
  const usesVersion = /(?<!\.)\b(version|flexible)\b/.test(code);
  return usesVersion ? 'reader: Reader, version: number' : 'reader: Reader, _version: number';
}

function flexibleConstant(code: string, message: Message): string {
  return /\bflexible\b/.test(code) ? `const flexible = version >= ${message.flexible.low};\n` : '';
}

function property(field: Field): string {
  const local = localName(field);
  return local === field.name ? local : `${field.name}: ${local}`;
}

function localName(field: Field): string {
  return TAKEN_NAMES.has(field.name) || isReserved(field.name) ? `${field.name}Value` : field.name;
}

function isReserved(name: string): boolean {
  return ['default', 'delete', 'new', 'class', 'enum', 'package', 'protected'].includes(name);
}

function readInline(field: Field, struct: Struct): string {
  const present = condition(field.versions, struct.versions);
  const read = readValue(field);
  const value = present === 'always' ? read : `${present} ? ${read} : ${defaultText(field)}`;
  return `const ${localName(field)} = ${value};\n`;
}

function readTags(tagged: readonly Field[], struct: Struct, message: Message): string {
  const present = condition(message.flexible, struct.versions);
  const code = tagged.length === 0 ? 'reader.skipTags();\n' : tagLoop(tagged, struct, message);
  if (present === 'always') return code;
  return tagged.length === 0 ? `if (flexible) ${code}` : `if (flexible) {\n${code}}\n`;
}

function tagLoop(tagged: readonly Field[], struct: Struct, message: Message): string {
  const branches = tagged.map((field) => {
    const present = condition(field.versions, tagVersions(struct, message));
    const test = present === 'always' ? '' : ` && ${present}`;
    return `if (tag === ${field.tag}${test}) ${localName(field)} = ${readValue(field)};\nelse `;
  });
  return `for (let left = reader.unsignedVarint(); left > 0; left--) {
const tag = reader.unsignedVarint();
const end = reader.startTag();
${branches.join('')}reader.skipTag(end);
reader.endTag(end);
}
`;
}

function tagVersions(struct: Struct, message: Message): VersionRange {
  return { low: Math.max(struct.versions.low, message.flexible.low), high: struct.versions.high };
}

/** The expression that reads a field in the versions that have it. */
function readValue(field: Field): string {
  const nullable = condition(field.nullable, field.versions);
  const read = (isNullable: boolean): string => {
    const compact = condition(field.flexible, field.versions);
    if (field.type.kind === 'array') return readArray(field.type, isNullable, compact);
    if (field.type.kind === 'primitive') return readPrimitive(field.type.name, isNullable, compact);
    const decode = `decode${field.type.struct.typeName}(reader, version)`;
    return isNullable ? `reader.structPresent() ? ${decode} : null` : decode;
  };
  if (nullable === 'always' && field.type.kind === 'struct') return `(${read(true)})`;
  return choice(nullable, read(true), read(false));
}

function readPrimitive(name: PrimitiveName, nullable: boolean, compact: string): string {
  switch (name) {
    case 'string':
      return choice(
        flag(compact),
        lengthRead('String', nullable, true),
        lengthRead('String', nullable, false),
      );
    case 'bytes':
    case 'records':
      return choice(
        flag(compact),
        lengthRead('Bytes', nullable, true),
        lengthRead('Bytes', nullable, false),
      );
    case 'bool':
      return 'reader.boolean()';
    default:
      return `reader.${name}()`;
  }
}

function readArray(type: ArrayType, nullable: boolean, compact: string): string {
  if (type.element.kind === 'struct') {
    const name = type.element.struct.typeName;
    return `decode${nullable ? 'Nullable' : ''}${name}List(reader, version)`;
  }
  const element = type.element.name;
  const read = (isCompact: boolean): string => {
    const length = lengthRead('ArrayLength', nullable, isCompact);
    const list =
      element === 'string' && isCompact ? 'CompactStringList' : `${capital(element)}List`;
    return `reader.${nullable ? `nullable${list}` : uncapital(list)}(${length})`;
  };
  return choice(flag(compact), read(true), read(false));
}

/** `compactNullableString` and its siblings. */
function lengthRead(what: string, nullable: boolean, compact: boolean): string {
  const name = `${compact ? 'Compact' : ''}${nullable ? 'Nullable' : ''}${what}`;
  return `reader.${uncapital(name)}()`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function uncapital(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Generated functions hold the answer to "is this version flexible" in a constant. */
function flag(compact: string): string {
  return compact === 'always' || compact === 'never' ? compact : 'flexible';
}

function choice(test: string, whenTrue: string, whenFalse: string): string {
  if (test === 'always') return whenTrue;
  if (test === 'never') return whenFalse;
  return `(${test} ? ${whenTrue} : ${whenFalse})`;
}

/** The structs for which some field needs the list decoder for null, or the one without. */
export function decodedLists(structs: readonly Struct[], nullable: boolean): ReadonlySet<Struct> {
  return listedStructs(structs, (field) => {
    if (nullable) return !isEmpty(field.nullable);
    return condition(field.nullable, field.versions) !== 'always';
  });
}
