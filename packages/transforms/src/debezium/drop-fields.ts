import { DataError, withRecord, type AnyRecord, type Header, type Schema } from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { fieldTree } from '../field/field-tree.ts';
import { removalPlan, type RemovalPlan } from '../kafka/remove-fields.ts';
import { isObjectValue } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';

/** Different lists of fields to drop that are remembered; beyond it the memory starts anew. */
const LISTS_MAX = 100;

/** How `drop.fields.*` is configured. */
export interface DropOptions {
  /** The header that holds the names; empty: nothing is dropped. */
  readonly headerName: string;
  readonly fromKey: boolean;
  /** Only optional fields are dropped. */
  readonly keepsCompatible: boolean;
}

/** Drops the fields that a header of each record names. */
export class FieldDropper {
  readonly #options: DropOptions;
  readonly #plans = new Map<string, SchemaCache<RemovalPlan>>();

  constructor(options: DropOptions) {
    this.#options = options;
  }

  /** The record without the fields that its header names; those in `kept` stay. */
  drop<R extends AnyRecord>(record: R, kept: readonly string[] = []): R {
    if (this.#options.headerName.trim() === '') return record;
    const header = record.headers.find(({ key }) => key === this.#options.headerName);
    const names = namesOf(header).filter((name) => !kept.includes(name));
    if (names.length === 0) return record;
    const key = this.#options.fromKey ? this.#without(names, record.keySchema, record.key) : null;
    const value = this.#without(names, record.valueSchema, record.value);
    return withRecord(record, {
      ...(key === null ? {} : { keySchema: key.schema, key: key.data }),
      ...(value === null ? {} : { valueSchema: value.schema, value: value.data }),
    });
  }

  /** `null` when nothing is to be dropped. */
  #without(
    names: readonly string[],
    schema: Schema | null,
    data: unknown,
  ): { readonly schema: Schema; readonly data: unknown } | null {
    if (schema?.type !== 'STRUCT' || !isObjectValue(data)) return null;
    const dropped = this.#options.keepsCompatible
      ? names.filter((name) => schema.field(name)?.schema.isOptional === true)
      : names;
    if (dropped.length === 0) return null;
    const plan = this.#plansOf(dropped).get(schema);
    return { schema: plan.schema, data: plan.make(data) };
  }

  #plansOf(names: readonly string[]): SchemaCache<RemovalPlan> {
    const key = JSON.stringify(names);
    const present = this.#plans.get(key);
    if (present !== undefined) return present;
    const tree = fieldTree(names.map((name) => [new FieldPath(name, 'V1'), true] as const));
    const made = new SchemaCache((schema) => removalPlan(schema, tree, true, true));
    if (this.#plans.size >= LISTS_MAX) this.#plans.clear();
    this.#plans.set(key, made);
    return made;
  }
}

/** @throws DataError when the header holds no list */
function namesOf(header: Header | undefined): readonly string[] {
  const value = header?.value ?? null;
  if (value === null) return [];
  if (Array.isArray(value)) return value.map(String);
  throw new DataError(
    `The header "${header?.key}" has to hold a list of field names to drop, but it holds ` +
      `${typeof value}. Check drop.fields.header.name and the header converter.`,
  );
}
