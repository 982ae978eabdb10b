import { hasTagSection, isNotDefault, listedStructs } from './field-code.ts';
import type { ArrayType, Field, Message, PrimitiveName, Struct } from './model.ts';
import { condition, isEmpty, type VersionRange } from './version-range.ts';

/**
 * The function that encodes one struct: straight writes in wire order, then the tagged fields that
 * differ from their defaults.
 */
export function emitEncoder(struct: Struct, message: Message): string {
  const code = new StructEncoder(struct, message).code();
  const version = /(?<!\.)\b(version|flexible)\b/.test(code) ? 'version' : '_version';
  const flexible = /\bflexible\b/.test(code)
    ? `const flexible = version >= ${message.flexible.low};\n`
    : '';
  const parameters = `writer: Writer, value: ${struct.typeName}, ${version}: number`;
  return `function encode${struct.typeName}(${parameters}): void {\n${flexible}${code}}\n`;
}

/**
 * The function that encodes a list of structs; one that takes null too where some field is
 * nullable.
 */
export function emitListEncoder(struct: Struct, nullable: boolean, message: Message): string {
  const name = nullable ? `encodeNullable${struct.typeName}List` : `encode${struct.typeName}List`;
  const type = `readonly ${struct.typeName}[]${nullable ? ' | null' : ''}`;
  const compact = condition(message.flexible, struct.versions);
  const writeCount = (count: string): string =>
    either(compact, `writer.compactArrayLength(${count});`, `writer.arrayLength(${count});`);
  const whenNull = nullable ? `if (list === null) {\n${writeCount('-1')}return;\n}\n` : '';
  const writeItem = `encode${struct.typeName}(writer, value, version);`;
  return `function ${name}(writer: Writer, list: ${type}, version: number): void {
${whenNull}${writeCount('list.length')}for (const value of list) ${writeItem}
}
`;
}

/**
 * The structs for which some field needs the list encoder that takes null, or the one that does
 * not.
 */
export function encodedLists(structs: readonly Struct[], nullable: boolean): ReadonlySet<Struct> {
  return listedStructs(structs, (field) => isEmpty(field.nullable) !== nullable);
}

/** `flexible` in the code of a struct stands for "this version has compact lengths and tags". */
class StructEncoder {
  private readonly struct: Struct;
  private readonly message: Message;

  constructor(struct: Struct, message: Message) {
    this.struct = struct;
    this.message = message;
  }

  code(): string {
    const inline = this.struct.fields.filter((field) => field.tag === null);
    const tagged = this.struct.fields.filter((field) => field.tag !== null);
    const lines = [...inline.map((field) => this.inline(field)), this.tagSection(tagged)];
    return lines.join('');
  }

  private inline(field: Field): string {
    const present = condition(field.versions, this.struct.versions);
    const write = this.refuseNull(field) + writeValue(field);
    if (present === 'always') return write;
    if (field.ignorable) return `if (${present}) ${block(write)}`;
    const refusal = `if (${isNotDefault(field, access(field))}) ${block(this.refuse(field))}`;
    return `if (${present}) {\n${write}} else ${refusal}`;
  }

  private tagSection(tagged: readonly Field[]): string {
    if (!hasTagSection(this.struct, this.message.flexible)) return '';
    const ordered = [...tagged].sort((a, b) => (a.tag ?? 0) - (b.tag ?? 0));
    const flexible = condition(this.message.flexible, this.struct.versions);
    const refusals = ordered.map((field) => this.refuseAbsent(field)).join('');
    const code = ordered.length === 0 ? 'writer.unsignedVarint(0);\n' : this.tags(ordered);
    return refusals + (flexible === 'always' ? code : `if (flexible) ${block(code)}`);
  }

  private tags(ordered: readonly Field[]): string {
    const within = this.tagVersions();
    const tests = ordered.map((field) => {
      const present = condition(field.versions, within);
      const differs = isNotDefault(field, access(field));
      return `const has${field.tag} = ${present === 'always' ? '' : `${present} && `}${differs};\n`;
    });
    const count = ordered.map((field) => `(has${field.tag} ? 1 : 0)`).join(' + ');
    const writes = ordered.map((field) => {
      const mark = `mark${field.tag}`;
      return `if (has${field.tag}) {
const ${mark} = writer.startTag(${field.tag});
${writeValue(field)}writer.endTag(${mark});
}
`;
    });
    return `${tests.join('')}writer.unsignedVarint(${count});\n${writes.join('')}`;
  }

  /** Versions without the tagged field refuse a value that is not its default. */
  private refuseAbsent(field: Field): string {
    const present = condition(field.versions, this.struct.versions);
    if (field.ignorable || present === 'always') return '';
    const differs = isNotDefault(field, access(field));
    return `if (!(${present}) && ${differs}) {\n${this.refuse(field)}}\n`;
  }

  /** Null in a version that has the field, but not as nullable. */
  private refuseNull(field: Field): string {
    const nullable = condition(field.nullable, field.versions);
    if (nullable === 'always' || nullable === 'never') return '';
    return `if (${access(field)} === null && !(${nullable})) {\n${this.refuse(field)}}\n`;
  }

  private refuse(field: Field): string {
    const path =
      this.struct === this.message.root ? field.name : `${this.struct.name}.${field.name}`;
    return `refuseField('${this.message.name}', '${path}', version);\n`;
  }

  private tagVersions(): VersionRange {
    const { versions } = this.struct;
    return { low: Math.max(versions.low, this.message.flexible.low), high: versions.high };
  }
}

function access(field: Field): string {
  return `value.${field.name}`;
}

/** The statements that write a field in the versions that have it. */
function writeValue(field: Field): string {
  const nullable = condition(field.nullable, field.versions) !== 'never';
  const compact = condition(field.flexible, field.versions);
  const test = compact === 'always' || compact === 'never' ? compact : 'flexible';
  const expression = access(field);
  if (field.type.kind === 'primitive') {
    return writePrimitive(field.type.name, expression, nullable, test);
  }
  if (field.type.kind === 'array') return writeArray(field.type, expression, nullable, test);
  const encode = `encode${field.type.struct.typeName}(writer, ${expression}, version);\n`;
  if (!nullable) return encode;
  return `writer.structPresent(${expression} !== null);\nif (${expression} !== null) ${encode}`;
}

function writePrimitive(
  name: PrimitiveName,
  expression: string,
  nullable: boolean,
  test: string,
): string {
  const lengthWrite = (what: string): string =>
    either(
      test,
      `writer.compact${what}(${expression});`,
      `writer.${uncapital(what)}(${expression});`,
    );
  switch (name) {
    case 'string':
      return lengthWrite(nullable ? 'NullableString' : 'String');
    case 'bytes':
      return lengthWrite(nullable ? 'NullableBytes' : 'Bytes');
    case 'records':
      return lengthWrite('Records');
    case 'bool':
      return `writer.boolean(${expression});\n`;
    default:
      return `writer.${name}(${expression});\n`;
  }
}

function writeArray(type: ArrayType, expression: string, nullable: boolean, test: string): string {
  if (type.element.kind === 'struct') {
    const name = `encode${nullable ? 'Nullable' : ''}${type.element.struct.typeName}List`;
    return `${name}(writer, ${expression}, version);\n`;
  }
  const count = nullable ? `${expression}?.length ?? -1` : `${expression}.length`;
  const length = either(
    test,
    `writer.compactArrayLength(${count});`,
    `writer.arrayLength(${count});`,
  );
  const guard = nullable ? `if (${expression} !== null) ` : '';
  if (type.element.name !== 'string') {
    return `${length}${guard}writer.${type.element.name}List(${expression});\n`;
  }
  const write = either(
    test,
    `writer.compactStringList(${expression});`,
    `writer.stringList(${expression});`,
  );
  return guard === '' ? length + write : `${length}${guard}{\n${write}}\n`;
}

function either(test: string, whenTrue: string, whenFalse: string): string {
  if (test === 'always') return `${whenTrue}\n`;
  if (test === 'never') return `${whenFalse}\n`;
  return `if (${test}) ${whenTrue}\nelse ${whenFalse}\n`;
}

function block(code: string): string {
  return `{\n${code}}\n`;
}

function uncapital(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
