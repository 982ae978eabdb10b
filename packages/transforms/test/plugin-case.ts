import assert from 'node:assert/strict';
import type { PredicatePlugin, TransformationPlugin } from '@sluice/api';
import type { RecordingLine } from '@sluice/api/java-recording';
import { plugins } from '../src/plugins.ts';
import { recordDifference, recordedConfig, recordedRecord } from './recording.ts';

/** Every plug-in of this package by its class. */
export type Plugins = ReadonlyMap<string, TransformationPlugin | PredicatePlugin>;

/** Loads them all. */
export async function loadPlugins(): Promise<Plugins> {
  const loaded = await Promise.all(plugins.map((place) => place.load()));
  return new Map(loaded.map((plugin) => [plugin.className, plugin]));
}

/** The plug-in that a case is about. */
export function pluginOf(
  loaded: Plugins,
  line: RecordingLine,
): TransformationPlugin | PredicatePlugin {
  const plugin = loaded.get(String(line['class']));
  assert.ok(plugin, `no plug-in ${String(line['class'])}`);
  return plugin;
}

/** Does what Java did in a case of `configure`, `apply` or `test`; answers what differs. */
export function runPluginCase(loaded: Plugins, line: RecordingLine): string | null {
  const plugin = pluginOf(loaded, line);
  const isConfigure = line['op'] === 'configure';
  if (plugin.type === 'predicate') {
    const predicate = plugin.create();
    predicate.configure(recordedConfig(line));
    if (isConfigure) return null;
    const answer = predicate.test(recordedRecord(line['record']));
    return answer === line['result'] ? null : `answer ${answer}`;
  }
  const transformation = plugin.create();
  transformation.configure(recordedConfig(line));
  if (isConfigure) return null;
  const made = transformation.apply(recordedRecord(line['record']));
  if (line['error'] !== undefined) return null;
  if (made === null) return line['dropped'] === true ? null : 'dropped';
  if (line['dropped'] === true) return 'not dropped';
  return recordDifference(made, recordedRecord(line['result']));
}

/** The keys that Java's definition has, as maps of what a form shows of them. */
export function recordedKeys(line: RecordingLine): readonly ReadonlyMap<string, unknown>[] {
  const keys: readonly unknown[] = Array.isArray(line['keys']) ? line['keys'] : [];
  return keys.map((node) => new Map<string, unknown>(Object.entries(Object(node))));
}
