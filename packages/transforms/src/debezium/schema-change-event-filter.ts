import {
  ConfigDef,
  getOwn,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { requireStruct } from '../record/requirements.ts';
import { requiredValue } from './config-problems.ts';

const EVENT_TYPES = ['CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'DATABASE'] as const;
type EventType = (typeof EVENT_TYPES)[number];

const CONFIG = new ConfigDef({
  'schema.change.event.exclude.list': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    width: 'SHORT',
    doc: 'Schema changes to drop: CREATE, ALTER, DROP, TRUNCATE, DATABASE.',
  },
});

/**
 * Drops schema change events of some types; all other records pass.
 * Mirrors `io.debezium.transforms.SchemaChangeEventFilter`.
 */
class SchemaChangeEventFilter implements Transformation {
  #excluded: ReadonlySet<EventType> = new Set();

  configure(props: Props): void {
    const name = 'schema.change.event.exclude.list';
    const list = requiredValue(name, CONFIG.parse(props)[name]);
    this.#excluded = new Set(list.split(',').map((item) => eventType(item.trim())));
  }

  apply<R extends AnyRecord>(record: R): R | null {
    const { value, valueSchema } = record;
    if (value === null || !isSchemaChange(valueSchema)) return record;
    const event = requireStruct(value, valueSchema, 'Read schema change event to filter');
    const changes = getOwn(event, 'tableChanges');
    if (!Array.isArray(changes)) return null;
    const first: unknown = changes[0];
    const type =
      first === undefined ? 'DATABASE' : eventType(String(getOwn(Object(first), 'type')));
    return this.#excluded.has(type) ? null : record;
  }
}

function isSchemaChange(schema: Schema | null): schema is Schema {
  const name = schema?.name ?? '';
  return name.endsWith('.SchemaChangeValue') || name.endsWith('.SchemaChangeKey');
}

/** @throws RangeError for an unknown type, as Java's `Enum.valueOf` */
function eventType(text: string): EventType {
  const type = EVENT_TYPES.find((each) => each === text);
  if (type !== undefined) return type;
  const javaEnum = 'io.debezium.schema.SchemaChangeEvent.SchemaChangeEventType';
  throw new RangeError(`No enum constant ${javaEnum}.${text}`);
}

/** `io.debezium.transforms.SchemaChangeEventFilter` */
export const schemaChangeEventFilter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.SchemaChangeEventFilter',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new SchemaChangeEventFilter(),
};
