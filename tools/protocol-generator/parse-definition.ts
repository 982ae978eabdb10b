/** A field as the definition file says it, versions still text. */
export interface RawField {
  readonly name: string;
  readonly type: string;
  readonly versions: string;
  readonly nullableVersions: string;
  readonly taggedVersions: string;
  readonly tag: number | null;
  /** Overrides the message's; null when it does not. */
  readonly flexibleVersions: string | null;
  /** Text as Kafka writes it (`null`, `-1`, `0x7fffffff`); null when there is none. */
  readonly defaultText: string | null;
  readonly ignorable: boolean;
  readonly fields: readonly RawField[];
}

export interface RawStruct {
  readonly name: string;
  readonly versions: string;
  readonly fields: readonly RawField[];
}

export type MessageType = 'request' | 'response' | 'header' | 'data';

export interface RawMessage {
  readonly name: string;
  readonly type: MessageType;
  /** -1 for headers and data. */
  readonly apiKey: number;
  readonly listeners: readonly string[];
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly latestVersionUnstable: boolean;
  readonly fields: readonly RawField[];
  readonly commonStructs: readonly RawStruct[];
}

/** Keys that say nothing about bytes or types. */
const SILENT_FIELD_KEYS = new Set(['about', 'entityType', 'mapKey', 'zeroCopy']);

/**
 * Parses one definition: JSON with `//` comments. An unknown key is an error, since it may change
 * the bytes.
 */
export function parseDefinition(fileName: string, text: string): RawMessage {
  try {
    return message(new Keys(JSON.parse(withoutComments(text))));
  } catch (error) {
    throw new Error(`parse ${fileName}: ${String(error)}`, { cause: error });
  }
}

function message(keys: Keys): RawMessage {
  const raw: RawMessage = {
    name: keys.text('name'),
    type: messageType(keys.text('type')),
    apiKey: keys.optionalNumber('apiKey') ?? -1,
    listeners: keys.list('listeners').map(String),
    validVersions: keys.text('validVersions'),
    flexibleVersions: keys.optionalText('flexibleVersions') ?? 'none',
    latestVersionUnstable: keys.flag('latestVersionUnstable'),
    fields: keys.list('fields').map((entry) => field(new Keys(entry))),
    commonStructs: keys.list('commonStructs').map((entry) => struct(new Keys(entry))),
  };
  keys.expectNoMore(new Set());
  return raw;
}

function struct(keys: Keys): RawStruct {
  const raw: RawStruct = {
    name: keys.text('name'),
    versions: keys.text('versions'),
    fields: keys.list('fields').map((entry) => field(new Keys(entry))),
  };
  keys.expectNoMore(SILENT_FIELD_KEYS);
  return raw;
}

function field(keys: Keys): RawField {
  const raw: RawField = {
    name: keys.text('name'),
    type: keys.text('type').trim(),
    versions: keys.text('versions'),
    nullableVersions: keys.optionalText('nullableVersions') ?? 'none',
    taggedVersions: keys.optionalText('taggedVersions') ?? 'none',
    tag: keys.optionalNumber('tag'),
    flexibleVersions: keys.optionalText('flexibleVersions'),
    defaultText: keys.scalarText('default'),
    ignorable: keys.flag('ignorable'),
    fields: keys.list('fields').map((entry) => field(new Keys(entry))),
  };
  keys.expectNoMore(SILENT_FIELD_KEYS);
  return raw;
}

function messageType(text: string): MessageType {
  if (text === 'request' || text === 'response' || text === 'header' || text === 'data')
    return text;
  throw new Error(`unknown message type "${text}"`);
}

/** Blanks `//` comments, but not inside strings. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*/g, (part) =>
    part.startsWith('"') ? part : '',
  );
}

/** Typed access to the keys of a parsed object, remembering which were asked for. */
class Keys {
  private readonly values: ReadonlyMap<string, unknown>;
  private readonly seen = new Set<string>();

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null) throw new Error('expected an object');
    this.values = new Map<string, unknown>(Object.entries(value));
  }

  text(key: string): string {
    const value = this.optionalText(key);
    if (value === null) throw new Error(`"${key}" is missing`);
    return value;
  }

  optionalText(key: string): string | null {
    const value = this.take(key);
    if (value === undefined) return null;
    if (typeof value !== 'string') throw new Error(`"${key}" is no string`);
    return value;
  }

  optionalNumber(key: string): number | null {
    const value = this.take(key);
    if (value === undefined) return null;
    if (typeof value !== 'number') throw new Error(`"${key}" is no number`);
    return value;
  }

  scalarText(key: string): string | null {
    const value = this.take(key);
    if (value === undefined) return null;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new Error(`"${key}" is no scalar`);
  }

  flag(key: string): boolean {
    const value = this.take(key) ?? false;
    return value === true || value === 'true';
  }

  list(key: string): readonly unknown[] {
    const value = this.take(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw new Error(`"${key}" is no array`);
    return value;
  }

  expectNoMore(silent: ReadonlySet<string>): void {
    const unknown = [...this.values.keys()].filter(
      (key) => !this.seen.has(key) && !silent.has(key),
    );
    if (unknown.length > 0) throw new Error(`unknown keys: ${unknown.join(', ')}`);
  }

  private take(key: string): unknown {
    this.seen.add(key);
    return this.values.get(key);
  }
}
