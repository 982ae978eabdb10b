import {
  ConfigDef,
  ConnectError,
  DataError,
  STRING_SCHEMA,
  withRecord,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { TopicCache } from '../kafka/topic-cache.ts';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { javaClassName } from '../record/java-class-name.ts';
import { isObjectValue, requireStruct } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import {
  argumentSlot,
  compileStructMaker,
  copySlot,
  type StructMaker,
} from '../schema/struct-plan.ts';
import { JavaRegex } from '@sluice/api/java-regex';
import { envelopeName, isEnvelope } from './envelope.ts';
import { adjusterOf, type NameAdjuster } from './schema-name-adjuster.ts';

const CONFIG = new ConfigDef({
  'topic.regex': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'LONG',
    doc: 'Has to match the whole topic; required. A regular expression (java.util.regex).',
  },
  'topic.replacement': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'LONG',
    doc: 'The new topic; required. Groups of topic.regex stand in it as $1 or ${name}.',
  },
  'key.enforce.uniqueness': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Whether the old topic is put into the key, so that rows of different tables differ.',
  },
  'key.field.regex': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'LONG',
    doc: 'Takes out of the old topic what is put into the key.',
  },
  'key.field.replacement': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'LONG',
    doc: 'What is put into the key, made of the groups of key.field.regex.',
  },
  'key.field.name': {
    type: 'STRING',
    default: '__dbz__sourceIdentifier',
    importance: 'LOW',
    width: 'LONG',
    doc: 'The field of the key that tells the tables apart.',
  },
  'schema.name.adjustment.mode': {
    type: 'STRING',
    default: 'none',
    importance: 'LOW',
    width: 'MEDIUM',
    doc: 'What is done to schema names that Avro does not allow: none, avro, avro_unicode.',
  },
  'logical.destination.cache.size': {
    type: 'INT',
    default: 16,
    importance: 'LOW',
    width: 'LONG',
    doc: 'Kept for old configurations: what is worked out per topic and schema is always kept.',
  },
});

interface Plan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/** Everything that follows from a topic. */
interface Route {
  readonly newTopic: string;
  /** What is put into keys. */
  readonly identifier: string;
  readonly keys: SchemaCache<Plan>;
  readonly envelopes: SchemaCache<Plan>;
}

/** Both regexes and what replaces their matches. */
interface Routing {
  readonly topicRegex: JavaRegex;
  readonly topicReplacement: string;
  readonly keyRegex: JavaRegex | null;
  readonly keyReplacement: string;
}

/**
 * Sends the events of several tables to one topic, under schemas named after it.
 * Mirrors `io.debezium.transforms.ToLogicalTopicRouter`. Java keeps one new schema per old schema
 * whatever the topic; here it is one per old schema and topic, as its names promise.
 */
class ToLogicalTopicRouter implements Transformation {
  readonly #isLegacy: boolean;
  #isKeyUnique = true;
  #keyField = '';
  #adjust: NameAdjuster = (name) => name;
  #routes = new TopicCache<Route | null>(() => null);

  /** @param isLegacy the names that ByLogicalTableRouter had for the same things */
  constructor(isLegacy: boolean) {
    this.#isLegacy = isLegacy;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(this.#isLegacy ? withLegacyNames(props) : props);
    const routing = routingOf(
      config['topic.regex'],
      config['topic.replacement'],
      config['key.field.regex'],
      config['key.field.replacement'],
    );
    this.#isKeyUnique = config['key.enforce.uniqueness'];
    this.#keyField = config['key.field.name'];
    this.#adjust = adjusterOf(config['schema.name.adjustment.mode']);
    this.#routes = new TopicCache((topic) => this.#route(topic, routing));
  }

  apply<R extends AnyRecord>(record: R): R {
    const route = this.#routes.get(record.topic);
    if (route === null) return record;
    const { key, keySchema, value, valueSchema } = record;
    const changes = { topic: route.newTopic, ...newKey(route, keySchema, key) };
    if (value === null || !isEnvelope(valueSchema)) return withRecord(record, changes);
    const plan = route.envelopes.get(valueSchema);
    const envelope = requireStruct(value, valueSchema, 'Updating schema');
    return withRecord(record, {
      ...changes,
      valueSchema: plan.schema,
      value: plan.make(envelope),
    });
  }

  /** `null` when records of this topic pass unchanged. */
  #route(topic: string, routing: Routing): Route | null {
    const newTopic = replaced(topic, routing.topicRegex, routing.topicReplacement);
    if (newTopic === null || newTopic === '') return null;
    const { keyRegex, keyReplacement } = routing;
    const identifier = keyRegex === null ? null : replaced(topic, keyRegex, keyReplacement);
    return {
      newTopic,
      identifier: identifier ?? topic,
      keys: new SchemaCache((schema) => this.#keyPlan(schema, newTopic)),
      envelopes: new SchemaCache((schema) => this.#envelopePlan(schema, newTopic)),
    };
  }

  #keyPlan(schema: Schema, topic: string): Plan {
    const builder = renamed(schema, this.#adjust(`${topic}.Key`));
    for (const field of schema.fields) builder.field(field.name, field.schema);
    const slots = schema.fields.map((field) => copySlot(field, false));
    if (this.#isKeyUnique) {
      builder.field(this.#keyField, STRING_SCHEMA);
      slots.push(argumentSlot(this.#keyField, 0));
    }
    const made = builder.build();
    return { schema: made, make: compileStructMaker(made, slots) };
  }

  #envelopePlan(schema: Schema, topic: string): Plan {
    const row = (schema.field('before') ?? schema.field('after'))?.schema ?? null;
    const rowPlan = row === null ? null : this.#rowPlan(row, topic);
    const builder = renamed(schema, this.#adjust(envelopeName(topic)));
    const slots = schema.fields.map((field) => {
      const isRow = rowPlan !== null && (field.name === 'before' || field.name === 'after');
      builder.field(field.name, isRow ? rowPlan.schema : field.schema);
      if (!isRow) return copySlot(field, true);
      const map = (value: unknown): unknown => (isObjectValue(value) ? rowPlan.make(value) : null);
      const isRequired = !rowPlan.schema.isOptional;
      return { ...copySlot(field, true, field.name, map), isRequired };
    });
    const made = builder.build();
    return { schema: made, make: compileStructMaker(made, slots) };
  }

  #rowPlan(row: Schema, topic: string): Plan {
    const builder = renamed(row, this.#adjust(`${topic}.Value`));
    for (const field of row.fields) builder.field(field.name, field.schema);
    const schema = builder.build();
    const slots = row.fields.map((field) => copySlot(field, false));
    return { schema, make: compileStructMaker(schema, slots) };
  }
}

function noStruct(key: unknown): DataError {
  return new DataError(
    `Only Struct objects supported for [Updating schema], found: ${javaClassName(key, null)}`,
  );
}

/** A key may be missing: tables without primary key have none. */
function newKey(
  route: Route,
  schema: Schema | null,
  key: unknown,
): { readonly keySchema: Schema | null; readonly key: unknown } {
  if (key === null) return { keySchema: null, key: null };
  // Without a schema it is no Struct: dropping it would send rows of one key to other partitions.
  if (schema === null) throw noStruct(key);
  const struct = requireStruct(key, schema, 'Updating schema');
  const plan = route.keys.get(schema);
  return { keySchema: plan.schema, key: plan.make(struct, route.identifier) };
}

/** A builder with all of a schema's basics but its name; optional stays. */
function renamed(schema: Schema, name: string): ReturnType<typeof copySchemaBasics> {
  const builder = copySchemaBasics(schema, 'STRUCT', name);
  return schema.isOptional ? builder.optional() : builder;
}

function replaced(topic: string, regex: JavaRegex, replacement: string): string | null {
  if (!regex.matches(topic)) return null;
  return regex.replaceFirst(topic, regex.replacement(replacement));
}

function routingOf(
  topicRegex: string | null,
  topicReplacement: string | null,
  keyRegex: string | null,
  keyReplacement: string | null,
): Routing {
  const problems = [
    ...((topicRegex ?? '').trim() === '' ? ['topic.regex: A value is required.'] : []),
    ...((topicReplacement ?? '').trim() === '' ? ['topic.replacement: A value is required.'] : []),
  ];
  const hasKeyRegex = keyRegex !== null && keyRegex.trim() !== '';
  if (hasKeyRegex && (keyReplacement ?? '').trim() === '') {
    problems.push('key.field.replacement must be non-empty if key.field.regex is set.');
  }
  if (topicRegex === null || problems.length > 0) throw invalid(problems);
  return {
    topicRegex: regexOf('topic.regex', topicRegex),
    topicReplacement: topicReplacement ?? '',
    keyRegex: hasKeyRegex ? regexOf('key.field.regex', keyRegex) : null,
    keyReplacement: keyReplacement ?? '',
  };
}

function regexOf(key: string, pattern: string): JavaRegex {
  try {
    return new JavaRegex(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid([`${key}: A valid regular expressions is expected, but ${reason}`]);
  }
}

/** Java logs what is wrong and throws the first sentence alone. */
function invalid(problems: readonly string[]): ConnectError {
  return new ConnectError(`Unable to validate config. ${problems.join(' ')}`);
}

function withLegacyNames(props: Props): Props {
  const size = props['logical.destination.cache.size'] ?? props['logical.table.cache.size'];
  return {
    ...props,
    'key.field.name': props['key.field.name'] ?? '__dbz__physicalTableIdentifier',
    ...(size === undefined ? {} : { 'logical.destination.cache.size': size }),
  };
}

/** `io.debezium.transforms.ToLogicalTopicRouter` */
export const toLogicalTopicRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.ToLogicalTopicRouter',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ToLogicalTopicRouter(false),
};

/** `io.debezium.transforms.ByLogicalTableRouter`, the older name of ToLogicalTopicRouter. */
export const byLogicalTableRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.ByLogicalTableRouter',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ToLogicalTopicRouter(true),
};
