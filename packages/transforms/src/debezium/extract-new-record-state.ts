import {
  ConfigDef,
  STRING_SCHEMA,
  getOwn,
  newHeader,
  structGet,
  withRecord,
  type AnyRecord,
  type ConfigOf,
  type Header,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { isObjectValue, requireStruct, type PlainObject } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { validWord } from './config-problems.ts';
import { FieldDropper } from './drop-fields.ts';
import { isEnvelope, stringMember } from './envelope.ts';
import { FieldReference } from './field-reference.ts';
import { partSchema, unwrapPlan, type UnwrapPlan } from './unwrap-plan.ts';

const MODES = [
  'drop',
  'tombstone',
  'rewrite',
  'rewrite-with-tombstone',
  'delete-to-tombstone',
] as const;
type Mode = (typeof MODES)[number];

const CONFIG = new ConfigDef({
  'delete.tombstone.handling.mode': {
    type: 'STRING',
    default: 'tombstone',
    importance: 'MEDIUM',
    width: 'MEDIUM',
    validator: validWord(...MODES),
    doc:
      'What becomes of deletes and of the tombstones behind them. drop: both go. tombstone: a ' +
      'delete becomes a tombstone (with the schema of its row), the tombstone goes. rewrite: a ' +
      'delete becomes its old row with __deleted, the tombstone goes. rewrite-with-tombstone: ' +
      'the same, the tombstone stays. delete-to-tombstone: a delete becomes a tombstone without ' +
      'a schema, the tombstone goes.',
  },
  'route.by.field': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    width: 'LONG',
    doc: 'A field of the row whose value becomes the topic.',
  },
  'add.fields.prefix': {
    type: 'STRING',
    default: '__',
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Stands before the name of each added field.',
  },
  'add.fields': {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    width: 'LONG',
    doc: 'Metadata to add to the row: op, source.ts_ms, transaction.id:NEW_NAME ...',
  },
  'add.headers.prefix': {
    type: 'STRING',
    default: '__',
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Stands before the name of each added header.',
  },
  'add.headers': {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    width: 'LONG',
    doc: 'Metadata to add as headers, named as in add.fields.',
  },
  'drop.fields.header.name': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'A header whose value lists fields to drop from the row.',
  },
  'drop.fields.from.key': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Whether they are dropped from the key, too.',
  },
  'drop.fields.keep.schema.compatible': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Whether only optional fields may be dropped.',
  },
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'In the rewrite modes, whether null is replaced by the default of its field.',
  },
});

const PURPOSE = 'source field insertion';

interface AddedHeader {
  readonly name: string;
  readonly path: readonly string[];
  readonly schema: Schema;
}

/**
 * Takes the row out of a Debezium change event.
 * Mirrors `io.debezium.transforms.ExtractNewRecordState`, but never changes the record it is given.
 */
class ExtractNewRecordState implements Transformation {
  #mode: Mode = 'tombstone';
  #routeByField = '';
  #replacesNull = true;
  #addedFields: readonly FieldReference[] = [];
  #addedHeaders: readonly FieldReference[] = [];
  #dropper = new FieldDropper({ headerName: '', fromKey: false, keepsCompatible: true });
  readonly #afterPlans = new SchemaCache<UnwrapPlan>((schema) => this.#plan(schema, 'after'));
  readonly #beforePlans = new SchemaCache<UnwrapPlan>((schema) => this.#plan(schema, 'before'));
  readonly #headerPlans = new SchemaCache<readonly AddedHeader[]>((schema) =>
    this.#headersOf(schema),
  );

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#mode = modeOf(config['delete.tombstone.handling.mode']);
    this.#routeByField = config['route.by.field'];
    this.#replacesNull = config['replace.null.with.default'];
    this.#addedFields = FieldReference.list(config['add.fields.prefix'], config['add.fields']);
    this.#addedHeaders = FieldReference.list(config['add.headers.prefix'], config['add.headers']);
    this.#dropper = dropperOf(config);
  }

  apply<R extends AnyRecord>(record: R): R | null {
    const { value, valueSchema } = record;
    if (value === null) return this.#applyToTombstone(record);
    if (!isEnvelope(valueSchema)) return record;
    const envelope = requireStruct(value, valueSchema, PURPOSE);
    const headers = this.#withAddedHeaders(record.headers, valueSchema, envelope);
    const after = structGet(valueSchema, envelope, 'after');
    if (after !== null) return this.#applyToUpsert(record, valueSchema, envelope, headers);
    partSchema(valueSchema, 'before');
    const before = structGet(valueSchema, envelope, 'before');
    // Neither a new nor an old row: the table was truncated.
    if (before === null) return null;
    return this.#applyToDelete(record, valueSchema, envelope, headers);
  }

  #applyToTombstone<R extends AnyRecord>(record: R): R | null {
    if (this.#mode !== 'rewrite-with-tombstone') return null;
    const added = this.#addedHeaders
      .filter(({ field }) => field === 'op')
      .map(({ newName }) => newHeader(newName, 'd', STRING_SCHEMA));
    return added.length === 0
      ? record
      : withRecord(record, { headers: [...record.headers, ...added] });
  }

  #applyToUpsert<R extends AnyRecord>(
    record: R,
    schema: Schema,
    envelope: PlainObject,
    headers: readonly Header[],
  ): R {
    const plan = this.#afterPlans.get(schema);
    const value = plan.make(envelope, 'false');
    // Rows are routed by what they have become: in rewrite modes, with defaults for null.
    const topic = this.#routedTopic(partSchema(schema, 'after'), value) ?? record.topic;
    return this.#dropper.drop(
      withRecord(record, { topic, headers, valueSchema: plan.schema, value }),
    );
  }

  #applyToDelete<R extends AnyRecord>(
    record: R,
    schema: Schema,
    envelope: PlainObject,
    headers: readonly Header[],
  ): R | null {
    if (this.#mode === 'drop') return null;
    const before = structGet(schema, envelope, 'before');
    const topic = this.#routedTopic(partSchema(schema, 'before'), before) ?? record.topic;
    if (this.#mode === 'tombstone') {
      const valueSchema = partSchema(schema, 'after');
      return this.#dropper.drop(withRecord(record, { topic, headers, valueSchema, value: null }));
    }
    if (this.#mode === 'delete-to-tombstone') {
      return this.#dropper.drop(
        withRecord(record, { topic, headers, valueSchema: null, value: null }),
      );
    }
    const plan = this.#beforePlans.get(schema);
    const value = plan.make(envelope, 'true');
    const rewritten = withRecord(record, { topic, headers, valueSchema: plan.schema, value });
    // Of a deleted row, Debezium drops fields before it adds its own.
    return this.#dropper.drop(
      rewritten,
      this.#addedFields.map(({ newName }) => newName),
    );
  }

  #routedTopic(rowSchema: Schema, row: unknown): string | null {
    if (this.#routeByField === '' || !isObjectValue(row)) return null;
    const topic = stringMember(rowSchema, row, this.#routeByField);
    return topic === null || topic.trim() === '' ? null : topic;
  }

  #withAddedHeaders(
    headers: readonly Header[],
    schema: Schema,
    envelope: PlainObject,
  ): readonly Header[] {
    if (this.#addedHeaders.length === 0) return headers;
    const added = this.#headerPlans.get(schema).map((header) => {
      return { key: header.name, schema: header.schema, value: valueAt(envelope, header.path) };
    });
    return [...headers, ...added];
  }

  #headersOf(schema: Schema): readonly AddedHeader[] {
    return this.#addedHeaders.flatMap((reference) => {
      const referred = reference.resolve(schema);
      return referred === null ? [] : [{ name: reference.newName, ...referred }];
    });
  }

  #plan(schema: Schema, part: 'before' | 'after'): UnwrapPlan {
    return unwrapPlan(schema, part, {
      addedFields: this.#addedFields,
      isRewrite: this.#mode === 'rewrite' || this.#mode === 'rewrite-with-tombstone',
      replacesNull: this.#replacesNull,
    });
  }
}

function valueAt(envelope: PlainObject, path: readonly string[]): unknown {
  let value: unknown = envelope;
  for (const name of path) value = isObjectValue(value) ? (getOwn(value, name) ?? null) : null;
  return value;
}

function modeOf(text: string): Mode {
  return MODES.find((mode) => mode === text.trim().toLowerCase()) ?? 'tombstone';
}

function dropperOf(config: ConfigOf<typeof CONFIG>): FieldDropper {
  return new FieldDropper({
    headerName: config['drop.fields.header.name'] ?? '',
    fromKey: config['drop.fields.from.key'],
    keepsCompatible: config['drop.fields.keep.schema.compatible'],
  });
}

/** `io.debezium.transforms.ExtractNewRecordState` */
export const extractNewRecordState: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.ExtractNewRecordState',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ExtractNewRecordState(),
};
