import {
  ConfigDef,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  getOwn,
  structGet,
  valueEquals,
  withRecord,
  type AnyRecord,
  type Header,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { requireStruct } from '../record/requirements.ts';
import { isEnvelope } from './envelope.ts';

const CONFIG = new ConfigDef({
  'header.changed.name': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'LONG',
    doc: 'Header for the names of the fields that an update changed.',
  },
  'header.unchanged.name': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'LONG',
    doc: 'Header for the names of the fields that an update left as they were.',
  },
});

/** A header to add, and which names it lists. */
interface NameHeader {
  readonly name: string;
  readonly schema: Schema;
  readonly isChanged: boolean;
}

/**
 * Tells in headers which fields of a row an update changed; both lists are empty for other events.
 * Mirrors `io.debezium.transforms.ExtractChangedRecordState`.
 */
class ExtractChangedRecordState implements Transformation {
  #headers: readonly NameHeader[] = [];

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#headers = [
      ...headerOf(config['header.changed.name'], true),
      ...headerOf(config['header.unchanged.name'], false),
    ];
  }

  apply<R extends AnyRecord>(record: R): R {
    const { value, valueSchema } = record;
    if (value === null || !isEnvelope(valueSchema) || this.#headers.length === 0) return record;
    const changes = changesOf(valueSchema, value);
    const added: readonly Header[] = this.#headers.map(({ name, schema, isChanged }) => {
      return { key: name, schema, value: changes[isChanged ? 'changed' : 'unchanged'] };
    });
    return withRecord(record, { headers: [...record.headers, ...added] });
  }
}

interface Changes {
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

function changesOf(schema: Schema, value: unknown): Changes {
  const envelope = requireStruct(value, schema, 'Record value should be struct.');
  const after = structGet(schema, envelope, 'after');
  const before = structGet(schema, envelope, 'before');
  const rowSchema = schema.field('after')?.schema ?? null;
  if (after === null || before === null || rowSchema === null)
    return { changed: [], unchanged: [] };
  const newRow = requireStruct(after, rowSchema, 'After value should be struct.');
  const oldRow = requireStruct(before, rowSchema, 'Before value should be struct.');
  const changed: string[] = [];
  const unchanged: string[] = [];
  for (const { name } of rowSchema.fields) {
    const isSame = valueEquals(getOwn(newRow, name) ?? null, getOwn(oldRow, name) ?? null);
    (isSame ? unchanged : changed).push(name);
  }
  return { changed, unchanged };
}

function headerOf(name: string | null, isChanged: boolean): readonly NameHeader[] {
  if (name === null || name.trim() === '') return [];
  const schema = SchemaBuilder.array(OPTIONAL_STRING_SCHEMA).optional().name(name).build();
  return [{ name, schema, isChanged }];
}

/** `io.debezium.transforms.ExtractChangedRecordState` */
export const extractChangedRecordState: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.ExtractChangedRecordState',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ExtractChangedRecordState(),
};
