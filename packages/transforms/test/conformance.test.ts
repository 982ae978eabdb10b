import type { Transformation } from '@sluice/api';
import {
  predicateSuite,
  transformationSuite,
  type TransformationSuiteOptions,
} from '@sluice/testing/conformance';
import { InsertUuid } from '../src/community/insert-uuid.ts';
import { TimestampNowField } from '../src/community/timestamp-now-field.ts';
import { plugins } from '../src/plugins.ts';

type Known = Omit<TransformationSuiteOptions, 'plugin'>;

const manifest = new URL('../connect.json', import.meta.url);
const KAFKA = 'org.apache.kafka.connect.transforms.';
const CONFLUENT = 'io.confluent.connect.transforms.';
const DEBEZIUM = 'io.debezium.transforms.';
const COMMUNITY = 'com.github.jcustenborder.kafka.connect.transform.common.';
const INSERT_UUID = 'com.github.cjmatta.kafka.connect.smt.InsertUuid';
const REROUTE = { 'topic.regex': 'ord(.*)', 'topic.replacement': 'logical$1' };

/** As in Debezium, where only keys with a schema are expected. */
const NO_KEY_WITHOUT_SCHEMA = 'a key without a schema is refused, as by Debezium';
const KEY_NEEDS_SCHEMA = {
  'takes-samples': NO_KEY_WITHOUT_SCHEMA,
  'forms-alike': NO_KEY_WITHOUT_SCHEMA,
};

/** A config for each class that needs one, and what it refuses. The sample has `id` and `name`. */
const SUITES: Readonly<Record<string, Known>> = {
  [`${KAFKA}Cast`]: { props: { spec: 'id:string' } },
  [`${KAFKA}DropHeaders`]: { props: { headers: 'trace' } },
  [`${KAFKA}ExtractField`]: { props: { field: 'id' } },
  [`${KAFKA}HeaderFrom`]: { props: { fields: 'id', headers: 'number', operation: 'move' } },
  [`${KAFKA}HoistField`]: { props: { field: 'inner' } },
  [`${KAFKA}InsertField`]: {
    props: { 'topic.field': 'topic', 'static.field': 'by', 'static.value': 'x' },
  },
  [`${KAFKA}InsertHeader`]: { props: { header: 'h', 'value.literal': '1' } },
  [`${KAFKA}MaskField`]: { props: { fields: 'name' } },
  [`${KAFKA}RegexRouter`]: { props: { regex: 'ord(.*)', replacement: '$1' } },
  [`${KAFKA}ReplaceField`]: { props: { exclude: 'name', renames: 'id:number' } },
  [`${KAFKA}SetSchemaMetadata`]: { props: { 'schema.name': 'N' }, refuses: ['map'] },
  [`${KAFKA}TimestampConverter`]: { props: { field: 'id', 'target.type': 'Timestamp' } },
  [`${KAFKA}ValueToKey`]: { props: { fields: 'id' }, refuses: ['tombstone'] },
  [`${KAFKA}predicates.HasHeaderKey`]: { props: { name: 'trace' } },
  [`${KAFKA}predicates.TopicNameMatches`]: { props: { pattern: 'ord.*' } },
  [`${CONFLUENT}ExtractTopic`]: { props: { field: 'name' } },
  [`${CONFLUENT}ExtractTopic$Header`]: { props: { field: 'trace' } },
  [`${CONFLUENT}Filter`]: {
    props: { 'filter.condition': '$[?(@.id == 7)]', 'filter.type': 'include' },
  },
  // Whole values of bytes are all that it takes.
  [`${CONFLUENT}GzipDecompress`]: { refuses: ['struct', 'map'] },
  [`${CONFLUENT}MessageTimestampRouter`]: {
    props: { 'message.timestamp.keys': 'id' },
    refuses: ['tombstone'],
  },
  'io.confluent.connect.cloud.transforms.TopicRegexRouter': {
    props: { regex: 'ord(.*)', replacement: '$1' },
  },
  [`${DEBEZIUM}ContentBasedRouter`]: {
    props: { language: 'jsr223.graal.js', 'topic.expression': "'t'" },
  },
  [`${DEBEZIUM}Filter`]: { props: { language: 'jsr223.graal.js', condition: 'true' } },
  [`${DEBEZIUM}HeaderToValue`]: {
    props: { headers: 'trace', fields: 'trace', operation: 'copy' },
    refuses: ['map'],
  },
  [`${DEBEZIUM}partitions.PartitionRouting`]: {
    props: { 'partition.payload.fields': 'id', 'partition.topic.num': '3' },
  },
  [`${DEBEZIUM}SchemaChangeEventFilter`]: {
    props: { 'schema.change.event.exclude.list': 'DROP' },
  },
  [`${DEBEZIUM}TimezoneConverter`]: { props: { 'converted.timezone': 'Europe/Berlin' } },
  [`${DEBEZIUM}ToLogicalTopicRouter`]: { props: REROUTE, except: KEY_NEEDS_SCHEMA },
  [`${DEBEZIUM}ByLogicalTableRouter`]: {
    props: REROUTE,
    undeclaredKeys: /^logical\.table\.cache\.size$/,
    except: KEY_NEEDS_SCHEMA,
  },
  [`${COMMUNITY}ChangeTopicCase`]: { props: { from: 'LOWER_HYPHEN', to: 'UPPER_CAMEL' } },
  [`${COMMUNITY}TimestampNowField`]: { props: { fields: 'seen' } },
};

/** These refuse tombstones at work on the value; on the key they never see them. */
const NEED_VALUE = [
  `${KAFKA}HeaderFrom`,
  `${KAFKA}MaskField`,
  `${CONFLUENT}ExtractTopic`,
  `${CONFLUENT}Filter`,
  INSERT_UUID,
];

/** With a clock that stands, and texts that are the same: what they make can be compared. */
const STEADY: Readonly<Record<string, () => Transformation>> = {
  [`${INSERT_UUID}$Key`]: () => new InsertUuid('key', () => 'a UUID'),
  [`${INSERT_UUID}$Value`]: () => new InsertUuid('value', () => 'a UUID'),
  [`${COMMUNITY}TimestampNowField$Key`]: () => new TimestampNowField('key', () => 0),
  [`${COMMUNITY}TimestampNowField$Value`]: () => new TimestampNowField('value', () => 0),
};

function knownOf(className: string): Known {
  const base = className.replace(/\$(Key|Value|Header)$/, '');
  const known = SUITES[className] ?? SUITES[base] ?? {};
  const needsValue = className.endsWith('$Value') && NEED_VALUE.includes(base);
  return needsValue ? { ...known, refuses: ['tombstone'] } : known;
}

for (const place of plugins) {
  const plugin = await place.load();
  const known = knownOf(plugin.className);
  if (plugin.type === 'predicate') predicateSuite({ manifest, ...known, plugin });
  else {
    const create = STEADY[plugin.className] ?? (() => plugin.create());
    transformationSuite({ manifest, ...known, plugin: { ...plugin, create } });
  }
}
