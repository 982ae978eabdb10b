import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageCodec } from '../src/codec.ts';

/** First and last version. */
export type VersionPair = readonly [number, number];

/** The type of a field, as the generator's schema table gives it. */
export interface SchemaType {
  readonly type: string;
  /** Of a struct. */
  readonly fields?: readonly SchemaField[];
  /** Of an array. */
  readonly element?: SchemaType;
}

export interface SchemaField extends SchemaType {
  readonly name: string;
  readonly versions: VersionPair;
  readonly nullable: VersionPair | null;
  readonly tag: number | null;
  /** Numbers as text; '' for what is empty. */
  readonly default: string | boolean | null;
  readonly ignorable: boolean;
}

export interface MessageSchema {
  readonly name: string;
  /** File in src/gen. */
  readonly file: string;
  readonly type: 'request' | 'response' | 'header' | 'data';
  readonly versions: VersionPair;
  readonly flexible: VersionPair | null;
  readonly fields: readonly SchemaField[];
}

/** A decoded message or struct, seen through its schema. */
export type Fields = Readonly<Record<string, unknown>>;

/** The schema table that the generator writes beside the codecs, for tests only. */
export function loadMessageSchemas(): readonly MessageSchema[] {
  const file = join(import.meta.dirname, 'gen', 'message-schemas.json');
  return JSON.parse(readFileSync(file, 'utf8')) as readonly MessageSchema[];
}

/** The generated codec of a message. */
export async function loadCodec(schema: MessageSchema): Promise<MessageCodec<Fields>> {
  const module: unknown = await import(`../src/gen/${schema.file}`);
  const codec = isFields(module) ? module[schema.name] : undefined;
  if (!isCodec(codec)) throw new Error(`${schema.file} exports no codec ${schema.name}`);
  return codec;
}

export function holds(range: VersionPair | null, version: number): boolean {
  return range !== null && version >= range[0] && version <= range[1];
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isCodec(value: unknown): value is MessageCodec<Fields> {
  return (
    isFields(value) &&
    typeof value['encode'] === 'function' &&
    typeof value['decode'] === 'function'
  );
}
