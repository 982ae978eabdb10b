import type {
  DefaultValue,
  Field,
  FieldType,
  Message,
  PrimitiveName,
  PrimitiveType,
  Struct,
  StructType,
} from './model.ts';
import type { RawField, RawMessage, RawStruct } from './parse-definition.ts';
import { intersect, isEmpty, parseVersions, type VersionRange } from './version-range.ts';

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveName>([
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'int64',
  'float64',
  'uuid',
  'string',
  'bytes',
  'records',
]);

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Resolves types and versions of one definition. Null when the message has no versions left. */
export function buildMessage(raw: RawMessage): Message | null {
  const versions = parseVersions(raw.validVersions);
  if (isEmpty(versions)) return null;
  return new MessageBuilder(raw, versions).build();
}

class MessageBuilder {
  private readonly raw: RawMessage;
  private readonly versions: VersionRange;
  private readonly flexible: VersionRange;
  private readonly finished = new Map<string, Struct>();
  /**
   * Structs being built: one that meets itself here is recursive, which no bound on depth would
   * survive.
   */
  private readonly open = new Set<string>();

  constructor(raw: RawMessage, versions: VersionRange) {
    this.raw = raw;
    this.versions = versions;
    this.flexible = intersect(parseVersions(raw.flexibleVersions), versions);
  }

  build(): Message {
    const { raw, versions } = this;
    const root = this.struct(raw.name, raw.fields, versions);
    return {
      name: raw.name,
      type: raw.type,
      apiKey: raw.apiKey,
      listeners: raw.listeners,
      versions,
      flexible: this.flexible,
      latestStableVersion: raw.latestVersionUnstable ? versions.high - 1 : versions.high,
      root,
      structs: [...this.finished.values()],
    };
  }

  private struct(name: string, fields: readonly RawField[], versions: VersionRange): Struct {
    if (this.open.has(name)) throw new Error(`${this.raw.name}: struct ${name} contains itself`);
    if (this.finished.has(name)) throw new Error(`${this.raw.name}: struct ${name} defined twice`);
    this.open.add(name);
    const struct: Struct = {
      name,
      typeName: name.startsWith(this.raw.name) ? name : `${this.raw.name}${name}`,
      versions,
      fields: fields.flatMap((field) => this.field(field, versions)),
    };
    this.open.delete(name);
    this.finished.set(name, struct);
    return struct;
  }

  /** No field when the struct's versions have none of its. */
  private field(raw: RawField, within: VersionRange): Field[] {
    const versions = intersect(parseVersions(raw.versions), within);
    if (isEmpty(versions)) return [];
    const type = this.type(raw, versions);
    const nullable = intersect(parseVersions(raw.nullableVersions), versions);
    const flexible =
      raw.flexibleVersions === null
        ? intersect(this.flexible, versions)
        : intersect(parseVersions(raw.flexibleVersions), versions);
    const field: Field = {
      name: raw.name.charAt(0).toLowerCase() + raw.name.slice(1),
      type,
      versions,
      nullable,
      tag: raw.tag,
      flexible,
      defaultValue: defaultValue(raw, type, nullable),
      ignorable: raw.ignorable,
    };
    this.requireSupported(raw, field);
    return [field];
  }

  private type(raw: RawField, versions: VersionRange): FieldType {
    if (!raw.type.startsWith('[]')) return this.elementType(raw, raw.type, versions);
    return { kind: 'array', element: this.elementType(raw, raw.type.slice(2), versions) };
  }

  private elementType(
    raw: RawField,
    name: string,
    versions: VersionRange,
  ): PrimitiveType | StructType {
    if (PRIMITIVES.has(name)) return { kind: 'primitive', name: name as PrimitiveName };
    const known = this.finished.get(name);
    if (known !== undefined) return { kind: 'struct', struct: requireWithin(known, versions) };
    const common = this.raw.commonStructs.find((candidate) => candidate.name === name);
    return { kind: 'struct', struct: this.newStruct(raw, name, common, versions) };
  }

  private newStruct(
    raw: RawField,
    name: string,
    common: RawStruct | undefined,
    versions: VersionRange,
  ): Struct {
    if (common === undefined) return this.struct(name, raw.fields, versions);
    const range = intersect(parseVersions(common.versions), this.versions);
    return requireWithin(this.struct(name, common.fields, range), versions);
  }

  /**
   * Refuses what the emitters do not know, so that a new definition can't be generated wrongly in
   * silence.
   */
  private requireSupported(raw: RawField, field: Field): void {
    const where = `${this.raw.name}.${raw.name}`;
    const tagged = parseVersions(raw.taggedVersions);
    if ((raw.tag === null) !== isEmpty(tagged)) throw new Error(`${where}: tag without versions`);
    if (raw.tag !== null) {
      const inRange = intersect(tagged, field.versions);
      const same = inRange.low === field.versions.low && inRange.high === field.versions.high;
      if (!same) throw new Error(`${where}: tagged in some versions only`);
      if (isRecords(field.type)) throw new Error(`${where}: records in a tagged field`);
    }
    if (field.type.kind === 'struct' && !isEmpty(field.nullable)) {
      const all = field.nullable.low === field.versions.low;
      if (!all || field.tag !== null || field.defaultValue.kind !== 'null') {
        throw new Error(`${where}: a nullable struct must be so in all its versions, not tagged`);
      }
    }
  }
}

function requireWithin(struct: Struct, versions: VersionRange): Struct {
  if (struct.versions.low <= versions.low && struct.versions.high >= versions.high) return struct;
  throw new Error(`struct ${struct.name} is used in versions that it does not have`);
}

function isRecords(type: FieldType): boolean {
  return type.kind === 'primitive' && type.name === 'records';
}

function defaultValue(raw: RawField, type: FieldType, nullable: VersionRange): DefaultValue {
  const text = raw.defaultText;
  if (text === 'null') return isEmpty(nullable) ? implicitDefault(type) : { kind: 'null' };
  if (isRecords(type)) return isEmpty(nullable) ? { kind: 'empty' } : { kind: 'null' };
  if (text === null) return implicitDefault(type);
  if (type.kind !== 'primitive') throw new Error(`${raw.name}: default ${text} of a ${type.kind}`);
  if (type.name === 'bool') return { kind: 'boolean', value: text === 'true' };
  if (type.name === 'string' || type.name === 'uuid') return { kind: 'text', value: text };
  return { kind: 'number', value: text === '' ? 0n : integer(text) };
}

function implicitDefault(type: FieldType): DefaultValue {
  if (type.kind !== 'primitive') return { kind: 'empty' };
  switch (type.name) {
    case 'bool':
      return { kind: 'boolean', value: false };
    case 'string':
      return { kind: 'text', value: '' };
    case 'uuid':
      return { kind: 'text', value: ZERO_UUID };
    case 'bytes':
    case 'records':
      return { kind: 'empty' };
    default:
      return { kind: 'number', value: 0n };
  }
}

function integer(text: string): bigint {
  const trimmed = text.trim();
  return trimmed.startsWith('-') ? -BigInt(trimmed.slice(1)) : BigInt(trimmed);
}
