import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { discoverPlugins } from '../src/plugins/discover-plugins.ts';
import { PluginCatalog, type PluginType } from '../src/plugins/plugin-catalog.ts';

const KAFKA = 'org.apache.kafka.connect';

/** Transformations that have one class for keys and one for values. */
const BOTH_SIDES = `Cast ExtractField Flatten HoistField InsertField MaskField ReplaceField
  SetSchemaMetadata TimestampConverter HeaderFrom`;
const ONE_CLASS = 'DropHeaders Filter InsertHeader RegexRouter TimestampRouter ValueToKey';

const BUNDLED: Readonly<Partial<Record<PluginType, readonly string[]>>> = {
  converter: [
    `${KAFKA}.storage.StringConverter`,
    `${KAFKA}.json.JsonConverter`,
    ...words('ByteArray Boolean Short Integer Long Float Double').map(
      (name) => `${KAFKA}.converters.${name}Converter`,
    ),
  ],
  header_converter: [`${KAFKA}.storage.SimpleHeaderConverter`],
  transformation: [
    ...words(BOTH_SIDES).flatMap((name) => [`${name}$Key`, `${name}$Value`]),
    ...words(ONE_CLASS),
  ].map((name) => `${KAFKA}.transforms.${name}`),
  predicate: words('HasHeaderKey RecordIsTombstone TopicNameMatches').map(
    (name) => `${KAFKA}.transforms.predicates.${name}`,
  ),
};

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

test('R6.15 Kafka’s converters, transformations and predicates come along (MirrorMaker’s connectors not)', async () => {
  const workerDirectory = fileURLToPath(new URL('../../cli/', import.meta.url));
  const catalog = new PluginCatalog(await discoverPlugins({ workerDirectory, pluginPath: [] }));
  for (const type of ['converter', 'header_converter', 'transformation', 'predicate'] as const) {
    const there = catalog.list([type]).map(({ className }) => className);
    const missing = (BUNDLED[type] ?? []).filter((name) => !there.includes(name));
    assert.deepEqual(missing, [], type);
  }
});
