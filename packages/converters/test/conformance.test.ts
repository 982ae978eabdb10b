import type { Schema } from '@sluice/api';
import { converterSuite, type Fidelity } from '@sluice/testing/conformance';
import { plugins } from '../src/plugins.ts';

const manifest = new URL('../connect.json', import.meta.url);

/** Carries one type (others as far as their values happen to fit), and gives an optional schema. */
const only =
  (type: Schema['type']) =>
  (schema: Schema | null): Fidelity =>
    schema?.type === type && schema.name === null ? 'value' : 'lossy';

/** What each class can carry; JSON with its schema carries all. */
const FIDELITY: ReadonlyMap<string, (schema: Schema | null) => Fidelity> = new Map([
  ['StringConverter', only('STRING')],
  ['ByteArrayConverter', only('BYTES')],
  ['BooleanConverter', only('BOOLEAN')],
  ['ShortConverter', only('INT16')],
  ['IntegerConverter', only('INT32')],
  ['LongConverter', only('INT64')],
  ['FloatConverter', only('FLOAT32')],
  ['DoubleConverter', only('FLOAT64')],
  ['SimpleHeaderConverter', () => 'lossy'],
  ['JsonConverter', (schema) => (schema === null ? 'value' : 'exact')],
]);

for (const place of plugins) {
  const plugin = await place.load();
  const fidelity = FIDELITY.get(plugin.className.slice(plugin.className.lastIndexOf('.') + 1));
  if (fidelity === undefined) throw new Error(`What does ${plugin.className} carry?`);
  converterSuite({ plugin, manifest, fidelity });
}
