import { DataError, type Schema } from '@sluice/api';
import { copySchemaBasics } from '../schema/copy-schema.ts';

/** Where a field that is asked for by its name alone stands in the envelope. */
const TRANSACTION_FIELDS: readonly string[] = ['id', 'data_collection_order', 'total_order'];
const ENVELOPE_FIELDS: readonly string[] = ['op', 'ts_ms', 'ts_us', 'ts_ns'];
const UPDATE_DESCRIPTION = 'updateDescription';

/** What a reference means in one envelope schema. */
export interface ReferredField {
  /** Names that lead to the value in the envelope. */
  readonly path: readonly string[];
  /** The field's schema, made optional. */
  readonly schema: Schema;
}

/**
 * A piece of metadata that `add.fields` or `add.headers` asks for: `op`, `source.ts_ms`,
 * `transaction.id:TX`. Mirrors `AbstractExtractNewRecordState.FieldReference`.
 */
export class FieldReference {
  readonly field: string;
  /** The struct that it is in; `null` for a field of the envelope itself. */
  readonly struct: string | null;
  /** What it is called in the record made. */
  readonly newName: string;

  /** @throws RangeError when there is more than one colon */
  constructor(prefix: string, text: string) {
    const [path = '', alias, ...more] = splitWithoutTail(text, ':');
    if (more.length > 0) throw new RangeError(`Unexpected field name: ${text}`);
    const [first = '', second] = splitWithoutTail(path, '.');
    this.field = second ?? first;
    this.struct = second === undefined ? structOf(first) : first;
    const ownName = second === undefined ? first : `${first}_${second}`;
    this.newName = prefix + (alias ?? ownName);
  }

  /** The references of a config value. */
  static list(prefix: string, items: readonly string[]): readonly FieldReference[] {
    return items.map((item) => new FieldReference(prefix, item));
  }

  /**
   * What it means in an envelope; `null` when there is no such field, neither in its struct nor in
   * the envelope (where another transformation may have put it).
   *
   * @throws DataError when the envelope has no such struct
   */
  resolve(envelope: Schema): ReferredField | null {
    const inner = this.struct === null ? null : this.#parentOf(envelope, this.struct);
    const field = inner?.field(this.field) ?? null;
    if (field !== null && this.struct !== null) {
      return { path: [this.struct, this.field], schema: optional(field.schema) };
    }
    const own = envelope.field(this.field);
    return own === null ? null : { path: [this.field], schema: optional(own.schema) };
  }

  /** Java fails with a NullPointerException here. */
  #parentOf(envelope: Schema, struct: string): Schema {
    const parent = envelope.field(struct)?.schema;
    if (parent?.type === 'STRUCT') return parent;
    throw new DataError(
      `Can't add ${struct}.${this.field}: the change event has no struct "${struct}". ` +
        'Check add.fields and add.headers.',
    );
  }
}

function structOf(field: string): string | null {
  if (TRANSACTION_FIELDS.includes(field)) return 'transaction';
  if (ENVELOPE_FIELDS.includes(field)) return null;
  return field === UPDATE_DESCRIPTION ? UPDATE_DESCRIPTION : 'source';
}

function optional(schema: Schema): Schema {
  return copySchemaBasics(schema).optional().build();
}

/** As Java's `Pattern.split`: empty parts at the end don't count. */
function splitWithoutTail(text: string, separator: string): readonly string[] {
  const parts = text.split(separator);
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}
