import {
  ConfigDef,
  ConnectError,
  setOwn,
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
import { TopicCache } from '../kafka/topic-cache.ts';
import { requiredValue } from './config-problems.ts';
import { convertEpoch, convertZoned, isConvertible } from './convert-time-zone.ts';
import { isEnvelope } from './envelope.ts';
import { TimeZone } from './time-zone.ts';
import { TimezoneRules, type FieldSelection } from './timezone-rules.ts';

const CONFIG = new ConfigDef({
  'converted.timezone': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    width: 'MEDIUM',
    doc: 'The time zone to convert to: America/Los_Angeles, or +08:00. Required.',
  },
  'include.list': {
    type: 'LIST',
    default: null,
    importance: 'HIGH',
    width: 'MEDIUM',
    doc:
      'What to convert: source:<table>, source:<table>:<field>, topic:<topic>, ' +
      'topic:<topic>:<field>, or <table or topic>:<field>. Default: all fields of all events.',
  },
  'exclude.list': {
    type: 'LIST',
    default: null,
    importance: 'HIGH',
    width: 'MEDIUM',
    doc: 'What not to convert, in the form of include.list. Only one of the two may be set.',
  },
});

const EPOCH_FIELDS: readonly string[] = ['ts_ms', 'ts_us', 'ts_ns'];
const PARTS = ['before', 'after', 'source'] as const;
type Part = (typeof PARTS)[number];

/**
 * Converts the times in change events to another time zone.
 * Mirrors `io.debezium.transforms.TimezoneConverter`, but never changes the record it is given.
 */
class TimezoneConverter implements Transformation {
  #zone = new TimeZone('+00:00');
  #rules = new TimezoneRules([], []);
  readonly #selections = new TopicCache<FieldSelection>((key) => {
    const [topic = '', table] = key.split('\u0000');
    return this.#rules.select(topic, table ?? null);
  });

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const zone = requiredValue('converted.timezone', config['converted.timezone']);
    this.#rules = new TimezoneRules(config['include.list'] ?? [], config['exclude.list'] ?? []);
    this.#zone = zoneOf(zone);
  }

  apply<R extends AnyRecord>(record: R): R {
    const { value, valueSchema } = record;
    if (value === null || !isEnvelope(valueSchema)) return record;
    const envelope = requireStruct(value, valueSchema, 'time zone conversion');
    const table = tableOf(valueSchema, envelope);
    const selection = this.#selections.get(
      table === null ? record.topic : `${record.topic}\u0000${table}`,
    );
    if (selection.type === 'NONE') return record;
    const changes: Record<string, unknown> = {};
    for (const part of PARTS) {
      const changed = this.#convertPart(valueSchema, envelope, part, selection);
      if (changed !== null) changes[part] = changed;
    }
    return withRecord(record, { value: { ...envelope, ...changes } });
  }

  /** `null` when the part is not there, or nothing of it is to be converted. */
  #convertPart(
    schema: Schema,
    envelope: PlainObject,
    part: Part,
    selection: FieldSelection,
  ): PlainObject | null {
    const rowSchema = schema.field(part)?.schema;
    const row = rowSchema === undefined ? null : structGet(schema, envelope, part);
    if (rowSchema?.type !== 'STRUCT' || !isObjectValue(row)) return null;
    const { type } = selection;
    const names = selection.fields[part];
    if (part === 'source' && names.size === 0) return null;
    const copy = { ...row };
    for (const field of rowSchema.fields) {
      const isListed = names.has(field.name);
      const isChosen = type === 'ALL' || (type === 'INCLUDE' ? isListed : !isListed);
      const isEpoch = part === 'source' && EPOCH_FIELDS.includes(field.name);
      const member = isChosen ? structGet(rowSchema, row, field.name) : null;
      if (member === null) continue;
      const { name } = field.schema;
      if (name !== null && isConvertible(name)) {
        setOwn(copy, field.name, convertZoned(member, name, this.#zone));
      } else if (name === null && isEpoch) {
        setOwn(copy, field.name, convertEpoch(member, field.name, this.#zone));
      }
    }
    return copy;
  }
}

function tableOf(schema: Schema, envelope: PlainObject): string | null {
  const source = schema.field('source')?.schema;
  if (source?.type !== 'STRUCT' || source.field('table')?.schema.type !== 'STRING') return null;
  const value = structGet(schema, envelope, 'source');
  const table = isObjectValue(value) ? structGet(source, value, 'table') : null;
  return typeof table === 'string' ? table : null;
}

function zoneOf(name: string): TimeZone {
  try {
    return new TimeZone(name);
  } catch (cause) {
    throw new ConnectError(
      'Invalid timezone format. Please specify either a geographic timezone (e.g. ' +
        'America/Los_Angeles) or a UTC offset in the format of +/-hh:mm, (e.g. +08:00).',
      { cause },
    );
  }
}

/** `io.debezium.transforms.TimezoneConverter` */
export const timezoneConverter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.TimezoneConverter',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new TimezoneConverter(),
};
