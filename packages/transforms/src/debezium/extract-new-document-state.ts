import {
  DataError,
  STRING_SCHEMA,
  SchemaBuilder,
  getOwn,
  javaText,
  newHeader,
  newStruct,
  setOwn,
  structGet,
  withRecord,
  type AnyRecord,
  type Header,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { flattenValue } from '../kafka/flatten.ts';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { isObjectValue, requireStruct, type PlainObject } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import type { BsonMember } from './bson-node.ts';
import { DocumentEncoder } from './document-encoder.ts';
import { deleteHandling, type DeleteHandling } from './document-delete-handling.ts';
import { DOCUMENT_STATE_CONFIG } from './document-state-config.ts';
import { isEnvelope } from './envelope.ts';
import { parseExtendedJson, parseExtendedJsonValue } from './extended-json.ts';
import { fieldNameAdjuster } from './field-name-adjuster.ts';
import { FieldReference } from './field-reference.ts';

const PURPOSE = 'source field insertion';
const KEY_SUFFIX = '.Key';
const ENVELOPE_SUFFIX = '.Envelope';
const ID_FIELD = '_id';
const DELETED_FIELD = '__deleted';
const OPERATION_HEADER = '__op';

interface Made {
  readonly schema: Schema | null;
  readonly value: unknown;
}

const NOTHING: Made = { schema: null, value: null };

/**
 * Makes structs of the MongoDB documents that Debezium's change events hold as JSON, and of the
 * key's id. Schemas are inferred from each document.
 * Mirrors `io.debezium.connector.mongodb.transforms.ExtractNewDocumentState`, but never changes
 * the record it is given. The keys of Debezium before 3 (`drop.tombstones`, ...) still work.
 */
class ExtractNewDocumentState implements Transformation {
  #handling: DeleteHandling = deleteHandling({});
  #addedFields: readonly FieldReference[] = [];
  #addedHeaders: readonly FieldReference[] = [];
  #addsOperation = false;
  #rewritesId = false;
  #delimiter = '_';
  #flatten: Transformation | null = null;
  // Alike documents share one schema: structs and later stages keep what they work out by it.
  readonly #keySchemas = new SchemaCache((schema) => ({ schema }));
  readonly #valueSchemas = new SchemaCache((schema) => ({ schema }));
  #encoder = new DocumentEncoder({
    arrayEncoding: 'array',
    adjustName: (name) => name,
    dropsEmptyArrays: false,
  });

  configure(props: Props): void {
    const config = DOCUMENT_STATE_CONFIG.parse(props);
    this.#handling = deleteHandling(props);
    this.#addedFields = FieldReference.list(config['add.fields.prefix'], config['add.fields']);
    this.#addedHeaders = FieldReference.list(config['add.headers.prefix'], config['add.headers']);
    this.#addsOperation = config['operation.header'];
    this.#rewritesId = config['delete.tombstone.handling.mode.rewrite-with-id'];
    this.#delimiter = config['flatten.struct.delimiter'];
    this.#flatten = config['flatten.struct'] ? flattenValue.create() : null;
    this.#flatten?.configure({ delimiter: this.#delimiter });
    const sanitizes = config['sanitize.field.names'];
    const mode = sanitizes ? 'avro' : config['field.name.adjustment.mode'].trim().toLowerCase();
    const encoding = config['array.encoding'].trim().toLowerCase();
    this.#encoder = new DocumentEncoder({
      arrayEncoding: encoding === 'document' ? 'document' : 'array',
      adjustName: fieldNameAdjuster(mode),
      dropsEmptyArrays: mode !== 'none',
    });
  }

  apply<R extends AnyRecord>(record: R): R | null {
    const { keySchema, valueSchema, value } = record;
    if (keySchema?.name?.endsWith(KEY_SUFFIX) !== true) return record;
    if (value === null) return this.#applyToTombstone(record, keySchema);
    if (!isEnvelope(valueSchema)) return record;
    const envelope = requireStruct(value, valueSchema, PURPOSE);
    const after = partOf(valueSchema, envelope, 'after');
    const update = partOf(valueSchema, envelope, 'updateDescription');
    const isDelete = after === null && update === null;
    if (isDelete && this.#handling.onDelete === 'drop') return null;
    const id = idMember(keySchema, record.key);
    const members = this.#membersOf(valueSchema, envelope, after, update, id);
    const made = this.#withKey(record, id, this.#madeOf(valueSchema, envelope, members), [
      ...record.headers,
      ...this.#headersOf(valueSchema, envelope),
    ]);
    return this.#flatten === null ? made : this.#flatten.apply(made);
  }

  #applyToTombstone<R extends AnyRecord>(record: R, keySchema: Schema): R | null {
    if (!this.#handling.keepsTombstones) return null;
    const added = this.#addedHeaders
      .filter(({ field }) => field === 'op')
      .map(({ newName }) => newHeader(newName, 'd', STRING_SCHEMA));
    if (this.#addedHeaders.length === 0 && this.#addsOperation) {
      added.push(newHeader(OPERATION_HEADER, 'd', STRING_SCHEMA));
    }
    const id = idMember(keySchema, record.key);
    return this.#withKey(record, id, NOTHING, [...record.headers, ...added]);
  }

  /** What the new value is made of; nothing for a tombstone. */
  #membersOf(
    schema: Schema,
    envelope: PlainObject,
    after: unknown,
    update: unknown,
    id: BsonMember,
  ): readonly BsonMember[] {
    const isDelete = after === null && update === null;
    const isRewritten = isDelete && this.#handling.onDelete === 'rewrite';
    const text = isRewritten ? partOf(schema, envelope, 'before') : after;
    const members = new Map<string, BsonMember>();
    if (text !== null) put(members, documentMembers(text));
    else if (update !== null) this.#putUpdate(members, update, id);
    if (this.#handling.isRewrite) {
      put(members, [{ name: DELETED_FIELD, node: { type: 'boolean', value: isDelete } }]);
      const isWithId = this.#rewritesId && !members.has(ID_FIELD);
      if (isWithId) put(members, [{ name: ID_FIELD, node: id.node }]);
    }
    return [...members.values()];
  }

  /** Of an update without the whole document: the fields it has set, and the document's id. */
  #putUpdate(members: Map<string, BsonMember>, update: unknown, id: BsonMember): void {
    if (!isObjectValue(update)) {
      throw new DataError(
        'Only Struct objects supported for [updateDescription], found: a value of type ' +
          `${typeof update}. Debezium before 2 sends another form of updates.`,
      );
    }
    const updated = getOwn(update, 'updatedFields') ?? null;
    const removed = getOwn(update, 'removedFields');
    if (updated !== null) put(members, documentMembers(updated));
    for (const name of Array.isArray(removed) ? removed : []) members.delete(String(name));
    if (!members.has(ID_FIELD)) put(members, [{ name: ID_FIELD, node: id.node }]);
    if (this.#flatten === null) return;
    const dotted = [...members.values()];
    members.clear();
    for (const { name, node } of dotted) {
      put(members, [{ name: name.replaceAll('.', this.#delimiter), node }]);
    }
  }

  #madeOf(envelopeSchema: Schema, envelope: PlainObject, members: readonly BsonMember[]): Made {
    if (members.length === 0) return NOTHING;
    const name = envelopeSchema.name?.slice(0, -ENVELOPE_SUFFIX.length) ?? null;
    const builder = SchemaBuilder.struct().name(name);
    this.#encoder.addFields(builder, name, members);
    for (const reference of this.#addedFields) {
      const referred = reference.resolve(envelopeSchema);
      if (referred === null) throw new DataError(`${reference.field} is not a valid field name`);
      builder.field(reference.newName, referred.schema);
    }
    const { schema } = this.#valueSchemas.get(builder.build());
    const values = this.#encoder.values(schema, members);
    for (const reference of this.#addedFields) {
      const path = reference.resolve(envelopeSchema)?.path ?? [];
      setOwn(values, reference.newName, memberAt(envelope, path));
    }
    return { schema, value: newStruct(schema, values) };
  }

  #headersOf(schema: Schema, envelope: PlainObject): readonly Header[] {
    if (this.#addedHeaders.length === 0 && this.#addsOperation) {
      return [newHeader(OPERATION_HEADER, memberAt(envelope, ['op']), STRING_SCHEMA)];
    }
    return this.#addedHeaders.flatMap((reference) => {
      const referred = reference.resolve(schema);
      if (referred === null) return [];
      const value = memberAt(envelope, referred.path);
      return [newHeader(reference.newName, value, referred.schema)];
    });
  }

  #withKey<R extends AnyRecord>(
    record: R,
    id: BsonMember,
    made: Made,
    headers: readonly Header[],
  ): R {
    const builder = SchemaBuilder.struct();
    this.#encoder.addFields(builder, null, [id]);
    const { schema: keySchema } = this.#keySchemas.get(builder.build());
    const key = newStruct(keySchema, this.#encoder.values(keySchema, [id]));
    const { schema: valueSchema, value } = made;
    return withRecord(record, { keySchema, key, valueSchema, value, headers });
  }
}

/** @throws DataError for what is no JSON, as the rows of other databases */
function documentMembers(text: unknown): readonly BsonMember[] {
  if (typeof text === 'string') return parseExtendedJson(text).members;
  throw new DataError(
    `Can't read a MongoDB document: expected JSON, but found a value of type ${typeof text}.`,
  );
}

/** A member replaces one of the same name, in its place. */
function put(members: Map<string, BsonMember>, added: readonly BsonMember[]): void {
  for (const member of added) members.set(member.name, member);
}

/** The document's id, which the key holds as JSON. */
function idMember(schema: Schema, key: unknown): BsonMember {
  const struct = requireStruct(key, schema, 'field extraction');
  const field = schema.field('id');
  if (field === null) throw new RangeError('Unknown field: id');
  const id = structGet(schema, struct, 'id');
  if (id === null) throw new DataError("Can't read the id of a document: the key's id is null.");
  const text = typeof id === 'string' ? id : javaText(id, field.schema);
  return { name: 'id', node: parseExtendedJsonValue(text) };
}

/** @throws RangeError when the envelope has no such field, as those of other databases */
function partOf(schema: Schema, envelope: PlainObject, name: string): unknown {
  if (schema.field(name) === null) throw new RangeError(`Unknown field: ${name}`);
  return structGet(schema, envelope, name);
}

function memberAt(envelope: PlainObject, path: readonly string[]): unknown {
  let value: unknown = envelope;
  for (const name of path) value = isObjectValue(value) ? (getOwn(value, name) ?? null) : null;
  return value;
}

/** `io.debezium.connector.mongodb.transforms.ExtractNewDocumentState` */
export const extractNewDocumentState: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.connector.mongodb.transforms.ExtractNewDocumentState',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: DOCUMENT_STATE_CONFIG,
  create: () => new ExtractNewDocumentState(),
};
