import {
  ConnectError,
  SchemaBuilder,
  javaText,
  newStruct,
  structGet,
  withRecord,
  STRING_SCHEMA,
  type AnyRecord,
  type Header,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { TopicCache } from '../kafka/topic-cache.ts';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { requireStruct, type PlainObject } from '../record/requirements.ts';
import { JavaRegex } from '@sluice/api/java-regex';
import { isEnvelope, stringMember, typedMember } from './envelope.ts';
import {
  EVENT_ROUTER_CONFIG,
  additionalFields,
  type AdditionalField,
  type EventRouterConfig,
} from './event-router-config.ts';
import { eventTimestamp } from './event-timestamp.ts';
import { JsonExpander } from './json-expander.ts';
import { partSchema } from './unwrap-plan.ts';

/** An event of the outbox table. */
interface OutboxEvent {
  readonly schema: Schema;
  readonly row: PlainObject;
  readonly payloadSchema: Schema;
  readonly payload: unknown;
}

/** What additional columns give. */
interface Placed {
  readonly headers: readonly Header[];
  readonly envelope: ReadonlyMap<string, unknown>;
  readonly partition: number | null;
}

/**
 * Turns the rows of an outbox table into the events that they stand for.
 * Mirrors `io.debezium.transforms.outbox.EventRouter`, without its tracing.
 */
class EventRouter implements Transformation {
  #config: EventRouterConfig = EVENT_ROUTER_CONFIG.parse({});
  #additional: readonly AdditionalField[] = [];
  #topics = new TopicCache((topic) => topic);
  #expander: JsonExpander | null = null;

  configure(props: Props): void {
    const config = EVENT_ROUTER_CONFIG.parse(props);
    this.#config = config;
    this.#additional = additionalFields(config);
    const regex = new JavaRegex(config['route.topic.regex']);
    this.#topics = new TopicCache((value) => {
      if (!regex.matches(value)) return value;
      return regex.replaceFirst(value, regex.replacement(config['route.topic.replacement']));
    });
    this.#expander = config['table.expand.json.payload']
      ? new JsonExpander({
          keepsNull: config['table.json.payload.null.behavior'].toLowerCase() !== 'ignore',
          keepsEmptyArrays:
            config['table.json.payload.empty.array.behavior'].toLowerCase() !== 'ignore',
        })
      : null;
  }

  apply<R extends AnyRecord>(record: R): R | null {
    const { value, valueSchema } = record;
    if (value === null) return null;
    if (!isEnvelope(valueSchema)) return record;
    const envelope = requireStruct(value, valueSchema, 'Detect Debezium Operation');
    const operation = stringMember(valueSchema, envelope, 'op');
    if (operation === 'd') return null;
    if (operation === 'u') return this.#dropUpdate(record);
    return this.#route(record, valueSchema, envelope);
  }

  #dropUpdate(record: AnyRecord): null {
    if (this.#config['table.op.invalid.behavior'].toLowerCase() !== 'fatal') return null;
    throw new ConnectError(
      `Unexpected update message received ${javaText(record.key, record.keySchema)}, fail.`,
    );
  }

  #route<R extends AnyRecord>(record: R, schema: Schema, envelope: PlainObject): R {
    const event = this.#eventOf(schema, envelope);
    const { row } = event;
    const timestampField = this.#config['table.field.event.timestamp'];
    const timestamp = eventTimestamp(timestampField, schema, envelope, event.schema, row);
    const idHeader = this.#idHeader(event);
    const hasEnvelope = this.#additional.some(({ placement }) => placement === 'envelope');
    const envelopeSchema = hasEnvelope ? this.#envelopeSchema(event) : null;
    const placed = this.#place(event);
    const { valueSchema, value } = this.#valueOf(event, placed, envelopeSchema);
    const routedBy = stringMember(event.schema, row, this.#config['route.by.field']);
    if (routedBy === null) {
      throw new ConnectError(
        `Can't route an outbox event: its column ${this.#config['route.by.field']} is null`,
      );
    }
    const keyField = this.#config['table.field.event.key'];
    return withRecord(record, {
      topic: this.#topics.get(routedBy),
      kafkaPartition: placed.partition,
      keySchema: event.schema.field(keyField)?.schema ?? STRING_SCHEMA,
      key: structGet(event.schema, row, keyField),
      valueSchema,
      value,
      timestamp,
      headers: [...record.headers, idHeader, ...placed.headers],
    });
  }

  #eventOf(schema: Schema, envelope: PlainObject): OutboxEvent {
    const rowSchema = partSchema(schema, 'after');
    const row = requireStruct(structGet(schema, envelope, 'after'), rowSchema, 'Read Outbox Event');
    const name = this.#config['table.field.event.payload'];
    const field = rowSchema.field(name);
    if (field === null) throw new ConnectError(`Unable to find payload field ${name} in event`);
    const payload = structGet(rowSchema, row, name);
    const expanded = typeof payload === 'string' ? this.#expander?.expand(name, payload) : null;
    return {
      schema: rowSchema,
      row,
      payloadSchema: expanded?.schema ?? field.schema,
      payload: expanded?.value ?? payload,
    };
  }

  #idHeader({ schema, row }: OutboxEvent): Header {
    const name = this.#config['table.field.event.id'];
    const value = structGet(schema, row, name);
    return { key: 'id', schema: schema.field(name)?.schema ?? null, value };
  }

  #place({ schema, row }: OutboxEvent): Placed {
    const headers: Header[] = [];
    const envelope = new Map<string, unknown>();
    let partition: number | null = null;
    const isIgnored = this.#config['table.field.additional.missing'].toLowerCase() === 'ignore';
    for (const { field: name, placement, alias } of this.#additional) {
      const field = schema.field(name);
      if (field === null && isIgnored) continue;
      if (placement === 'partition') {
        const value = typedMember(schema, row, name, 'INT32');
        partition = typeof value === 'number' ? value : null;
      } else {
        const value = structGet(schema, row, name);
        if (placement === 'envelope') envelope.set(alias, value);
        else headers.push({ key: alias, schema: field?.schema ?? null, value });
      }
    }
    return { headers, envelope, partition };
  }

  /** The bare payload; or a struct around it, when a column has its place there. */
  #valueOf(
    event: OutboxEvent,
    placed: Placed,
    schema: Schema | null,
  ): { readonly valueSchema: Schema | null; readonly value: unknown } {
    const { payload, payloadSchema } = event;
    const isEmpty = payload === null || (typeof payload === 'string' && payload.trim() === '');
    if (isEmpty && this.#config['route.tombstone.on.empty.payload']) {
      return { valueSchema: null, value: null };
    }
    if (schema === null) return { valueSchema: payloadSchema, value: payload };
    const members = Object.fromEntries([['payload', payload], ...placed.envelope]);
    return { valueSchema: schema, value: newStruct(schema, members) };
  }

  #envelopeSchema({ schema, row, payloadSchema }: OutboxEvent): Schema {
    const routedBy = stringMember(schema, row, this.#config['route.by.field']);
    const builder = SchemaBuilder.struct().name(envelopeSchemaName(schema.name, String(routedBy)));
    const versionField = this.#config['table.field.event.schema.version'];
    if (versionField !== null) {
      const version = typedMember(schema, row, versionField, 'INT32');
      builder.version(typeof version === 'number' ? version : null);
    }
    builder.field('payload', payloadSchema);
    const isIgnored = this.#config['table.field.additional.missing'].toLowerCase() === 'ignore';
    for (const { field: name, placement, alias } of this.#additional) {
      if (placement !== 'envelope') continue;
      const field = schema.field(name);
      if (field !== null) builder.field(alias, field.schema);
      else if (!isIgnored) throw new ConnectError(`Unable to find field ${name} in event`);
    }
    return builder.build();
  }
}

/** The routed value goes before the last part of the row schema's name. */
function envelopeSchemaName(name: string | null, routedBy: string): string {
  if (name === null) return routedBy;
  const dot = name.lastIndexOf('.');
  return dot < 0
    ? `${routedBy}.${name}`
    : `${name.slice(0, dot + 1)}${routedBy}.${name.slice(dot + 1)}`;
}

/** `io.debezium.transforms.outbox.EventRouter` */
export const eventRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.outbox.EventRouter',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: EVENT_ROUTER_CONFIG,
  create: () => new EventRouter(),
};
