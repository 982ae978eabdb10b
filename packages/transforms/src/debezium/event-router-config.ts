import { ConfigDef, lambdaValidator, type ConfigOf } from '@sluice/api';
import { configProblem, validPattern, validWord } from './config-problems.ts';

/** Where the value of an additional column goes. */
type Placement = 'header' | 'envelope' | 'partition';

/** An item of `table.fields.additional.placement`. */
export interface AdditionalField {
  readonly field: string;
  readonly placement: Placement;
  readonly alias: string;
}

/** The keys of `io.debezium.transforms.outbox.EventRouter`. */
export const EVENT_ROUTER_CONFIG = new ConfigDef({
  'table.field.event.id': {
    type: 'STRING',
    default: 'id',
    importance: 'LOW',
    group: 'Table',
    orderInGroup: 1,
    width: 'MEDIUM',
    doc: 'The column with the id of the event.',
  },
  'table.field.event.key': {
    type: 'STRING',
    default: 'aggregateid',
    importance: 'LOW',
    group: 'Table',
    orderInGroup: 2,
    width: 'MEDIUM',
    doc: 'The column whose value becomes the key.',
  },
  'table.field.event.type': {
    type: 'STRING',
    default: 'type',
    importance: 'LOW',
    group: 'Table',
    orderInGroup: 3,
    width: 'MEDIUM',
    doc: 'The column with the type of the event.',
  },
  'table.field.event.payload': {
    type: 'STRING',
    default: 'payload',
    importance: 'LOW',
    group: 'Table',
    orderInGroup: 4,
    width: 'MEDIUM',
    doc: 'The column whose value becomes the value.',
  },
  'table.field.event.timestamp': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    group: 'Table',
    orderInGroup: 5,
    width: 'MEDIUM',
    doc: "The column whose value becomes the timestamp; default: the change event's ts_ms.",
  },
  'table.fields.additional.placement': {
    type: 'LIST',
    default: null,
    importance: 'HIGH',
    group: 'Table',
    orderInGroup: 6,
    width: 'MEDIUM',
    validator: lambdaValidator((name, value) => {
      const items: readonly unknown[] = Array.isArray(value) ? value : [];
      for (const item of items) requirePlacement(name, value, String(item));
    }, 'list of column:placement or column:placement:alias'),
    doc: 'More columns and where they go: column:header, column:envelope:alias, column:partition.',
  },
  'table.field.additional.missing': {
    type: 'STRING',
    default: 'error',
    importance: 'MEDIUM',
    group: 'Table',
    orderInGroup: 7,
    width: 'MEDIUM',
    validator: validWord('error', 'ignore'),
    doc: 'What to do when such a column is missing: error, or ignore.',
  },
  'table.field.event.schema.version': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    group: 'Table',
    orderInGroup: 8,
    width: 'MEDIUM',
    doc: 'The column with the version of the value schema.',
  },
  'table.op.invalid.behavior': {
    type: 'STRING',
    default: 'warn',
    importance: 'MEDIUM',
    group: 'Table',
    orderInGroup: 9,
    width: 'MEDIUM',
    validator: validWord('warn', 'error', 'fatal'),
    doc: 'What to do with updates, which an outbox table should not have: warn, error or fatal.',
  },
  'table.expand.json.payload': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    group: 'Table',
    orderInGroup: 10,
    width: 'MEDIUM',
    doc: 'Whether a payload that is JSON text becomes a struct.',
  },
  'table.json.payload.null.behavior': {
    type: 'STRING',
    default: 'ignore',
    importance: 'MEDIUM',
    group: 'Table',
    orderInGroup: 11,
    width: 'MEDIUM',
    validator: validWord('ignore', 'optional_bytes'),
    doc: 'In such JSON, null is left out (ignore) or kept as a field of bytes (optional_bytes).',
  },
  'table.json.payload.empty.array.behavior': {
    type: 'STRING',
    default: 'ignore',
    importance: 'MEDIUM',
    group: 'Table',
    orderInGroup: 12,
    width: 'MEDIUM',
    validator: validWord('ignore', 'optional_string'),
    doc: 'An empty array is left out (ignore) or kept as one of strings (optional_string).',
  },
  'route.by.field': {
    type: 'STRING',
    default: 'aggregatetype',
    importance: 'HIGH',
    group: 'Router',
    orderInGroup: 1,
    width: 'MEDIUM',
    doc: 'The column that the topic is made of.',
  },
  'route.topic.regex': {
    type: 'STRING',
    default: '(?<routedByValue>.*)',
    importance: 'LOW',
    group: 'Router',
    orderInGroup: 2,
    width: 'MEDIUM',
    validator: validPattern(),
    doc: 'A regular expression (java.util.regex) that its value has to match.',
  },
  'route.topic.replacement': {
    type: 'STRING',
    default: 'outbox.event.${routedByValue}',
    importance: 'HIGH',
    group: 'Router',
    orderInGroup: 3,
    width: 'MEDIUM',
    doc: 'The topic; groups of route.topic.regex stand in it as $1 or ${name}.',
  },
  'route.tombstone.on.empty.payload': {
    type: 'BOOLEAN',
    default: false,
    importance: 'HIGH',
    group: 'Router',
    orderInGroup: 4,
    width: 'MEDIUM',
    doc: 'Whether an empty payload becomes a tombstone.',
  },
  'tracing.span.context.field': {
    type: 'STRING',
    default: 'tracingspancontext',
    importance: 'HIGH',
    group: 'Tracing',
    orderInGroup: 1,
    width: 'MEDIUM',
    doc: 'Accepted and not used: tracing is not supported here.',
  },
  'tracing.operation.name': {
    type: 'STRING',
    default: 'debezium-read',
    importance: 'HIGH',
    group: 'Tracing',
    orderInGroup: 2,
    width: 'MEDIUM',
    doc: 'Accepted and not used: tracing is not supported here.',
  },
  'tracing.with.context.field.only': {
    type: 'BOOLEAN',
    default: false,
    importance: 'HIGH',
    group: 'Tracing',
    orderInGroup: 3,
    width: 'MEDIUM',
    doc: 'Accepted and not used: tracing is not supported here.',
  },
});

export type EventRouterConfig = ConfigOf<typeof EVENT_ROUTER_CONFIG>;

/** The additional columns of a config. */
export function additionalFields(config: EventRouterConfig): readonly AdditionalField[] {
  return (config['table.fields.additional.placement'] ?? []).map((item) => {
    const [field = '', placement = '', alias] = item.split(':').map((part) => part.trim());
    return { field, placement: placementOf(placement), alias: alias ?? field };
  });
}

function requirePlacement(name: string, value: unknown, item: string): void {
  const parts = item.split(':');
  if (parts.length === 2 || parts.length === 3) return;
  const list = Array.isArray(value) ? value.join(', ') : item;
  const reason = 'A comma-separated list of valid String pairs or trios is expected but got';
  throw configProblem(name, value, `${reason}: [${list}]`);
}

function placementOf(text: string): Placement {
  const found = (['header', 'envelope', 'partition'] as const).find(
    (placement) => placement === text.toLowerCase(),
  );
  if (found !== undefined) return found;
  throw configProblem(
    'table.fields.additional.placement',
    text,
    'A column goes to header, envelope or partition',
  );
}
