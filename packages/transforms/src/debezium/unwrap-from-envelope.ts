import {
  ConfigDef,
  STRING_SCHEMA,
  getOwn,
  javaText,
  newHeader,
  structGet,
  withRecord,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { isObjectValue, requireStruct, type PlainObject } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import {
  argumentSlot,
  compileStructMaker,
  copySlot,
  type Slot,
  type StructMaker,
} from '../schema/struct-plan.ts';
import { validWord } from './config-problems.ts';
import { isEnvelope, stringMember } from './envelope.ts';
import { partSchema } from './unwrap-plan.ts';

const CONFIG = new ConfigDef({
  'drop.tombstones': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Whether the tombstones that stand behind deletes are dropped.',
  },
  'drop.deletes': {
    type: 'BOOLEAN',
    default: null,
    importance: 'MEDIUM',
    width: 'SHORT',
    doc: 'Older form of delete.handling.mode, which it overrules: true is drop, false is none.',
  },
  'delete.handling.mode': {
    type: 'STRING',
    default: 'drop',
    importance: 'MEDIUM',
    width: 'MEDIUM',
    validator: validWord('drop', 'rewrite', 'none'),
    doc: 'drop: deletes go. rewrite: a delete becomes its old row with __deleted. none: a tombstone.',
  },
  'operation.header': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Whether the operation is added as the header __debezium-operation.',
  },
  'add.source.fields': {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    width: 'LONG',
    doc: 'Fields of source to add to new rows as text, each with __ before its name.',
  },
});

const PURPOSE = 'source field insertion';
const OPERATION_HEADER = '__debezium-operation';
const DELETED_FIELD = '__deleted';

interface Plan {
  readonly schema: Schema;
  /** Takes the envelope, and the text of `__deleted` where there is one. */
  readonly make: StructMaker;
}

/**
 * Takes the row out of a change event, with the options of Debezium up to 0.9; configs of that time
 * are still about. Its successor is `ExtractNewRecordState`.
 * Mirrors `io.debezium.transforms.UnwrapFromEnvelope`.
 */
class UnwrapFromEnvelope implements Transformation {
  #dropsTombstones = true;
  #mode = 'drop';
  #addsHeader = false;
  #sourceFields: readonly string[] = [];
  readonly #afterPlans = new SchemaCache<Plan>((schema) => this.#plan(schema, 'after'));
  readonly #beforePlans = new SchemaCache<Plan>((schema) => this.#plan(schema, 'before'));

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const dropsDeletes = config['drop.deletes'];
    const mode = config['delete.handling.mode'].trim().toLowerCase();
    this.#dropsTombstones = config['drop.tombstones'];
    this.#mode = dropsDeletes === null ? mode : dropsDeletes ? 'drop' : 'none';
    this.#addsHeader = config['operation.header'];
    this.#sourceFields = config['add.source.fields'];
  }

  apply<R extends AnyRecord>(record: R): R | null {
    if (record.value === null) {
      return this.#dropsTombstones ? null : this.#withOperation(record, 'DELETE');
    }
    const { valueSchema } = record;
    if (!isEnvelope(valueSchema)) return record;
    const envelope = requireStruct(record.value, valueSchema, PURPOSE);
    const after = structGet(valueSchema, envelope, 'after');
    const unwrapped =
      after === null
        ? this.#deleted(record, valueSchema, envelope)
        : this.#changed(record, valueSchema, envelope, after);
    if (unwrapped === null || !this.#addsHeader) return unwrapped;
    return this.#withOperation(unwrapped, stringMember(valueSchema, envelope, 'op'));
  }

  #deleted<R extends AnyRecord>(record: R, schema: Schema, envelope: PlainObject): R | null {
    if (this.#mode === 'drop') return null;
    if (this.#mode === 'none') {
      return withRecord(record, { valueSchema: partSchema(schema, 'after'), value: null });
    }
    const before = structGet(schema, envelope, 'before');
    // There is nothing to rewrite: the table was truncated.
    if (before === null) return null;
    const plan = this.#beforePlans.get(schema);
    return withRecord(record, { valueSchema: plan.schema, value: plan.make(envelope, 'true') });
  }

  #changed<R extends AnyRecord>(
    record: R,
    schema: Schema,
    envelope: PlainObject,
    after: unknown,
  ): R {
    if (this.#mode !== 'rewrite' && this.#sourceFields.length === 0) {
      return withRecord(record, { valueSchema: partSchema(schema, 'after'), value: after });
    }
    const plan = this.#afterPlans.get(schema);
    return withRecord(record, { valueSchema: plan.schema, value: plan.make(envelope, 'false') });
  }

  #withOperation<R extends AnyRecord>(record: R, operation: string | null): R {
    if (!this.#addsHeader || operation === null || operation === '') return record;
    const header = newHeader(OPERATION_HEADER, operation, STRING_SCHEMA);
    return withRecord(record, { headers: [...record.headers, header] });
  }

  #plan(envelope: Schema, part: 'before' | 'after'): Plan {
    const row = partSchema(envelope, part);
    const builder = copySchemaBasics(row, 'STRUCT');
    const slots: Slot[] = row.fields.map((field) => {
      builder.field(field.name, field.schema);
      return { ...copySlot(field, true), from: [part, field.name] };
    });
    const sourceSchema = envelope.field('source')?.schema ?? null;
    // As in Java, old rows get no fields of source.
    for (const name of part === 'after' ? this.#sourceFields : []) {
      builder.field(`__${name}`, STRING_SCHEMA);
      slots.push(sourceSlot(name, sourceSchema));
    }
    if (this.#mode === 'rewrite') {
      builder.field(DELETED_FIELD, STRING_SCHEMA);
      slots.push(argumentSlot(DELETED_FIELD, 0));
    }
    const schema = builder.build();
    return { schema, make: compileStructMaker(schema, slots) };
  }
}

/** The text of a field of source; empty where there is none. */
function sourceSlot(name: string, sourceSchema: Schema | null): Slot {
  const schema = sourceSchema?.field(name)?.schema ?? null;
  const map = (source: unknown): string => {
    const value = schema !== null && isObjectValue(source) ? (getOwn(source, name) ?? null) : null;
    return value === null ? '' : javaText(value, schema);
  };
  return { ...argumentSlot(`__${name}`, 0), from: ['source'], map };
}

/** `io.debezium.transforms.UnwrapFromEnvelope`, the older name of ExtractNewRecordState. */
export const unwrapFromEnvelope: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.UnwrapFromEnvelope',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new UnwrapFromEnvelope(),
};
