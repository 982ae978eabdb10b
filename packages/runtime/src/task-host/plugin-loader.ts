import {
  ConnectError,
  type Converter,
  type HeaderConverter,
  type PluginDefinition,
  type Predicate,
  type SinkConnector,
  type SourceConnector,
  type Transformation,
} from '@sluice/api';
import { messageOf } from '../data-plane/errors/thrown.ts';
import type { PluginRef } from './contract.ts';

/** What each type of plug-in makes. */
interface Instances {
  readonly source: SourceConnector;
  readonly sink: SinkConnector;
  readonly converter: Converter;
  readonly header_converter: HeaderConverter;
  readonly transformation: Transformation;
  readonly predicate: Predicate;
}

export type PluginType = keyof Instances;

/** Everything that can be loaded. */
export const PLUGIN_TYPES: readonly PluginType[] = [
  'source',
  'sink',
  'converter',
  'header_converter',
  'transformation',
  'predicate',
];

/** A plug-in's definition as its module exports it. */
export interface LoadedPlugin<Type extends PluginType> extends PluginDefinition<Instances[Type]> {
  readonly type: Type;
}

/**
 * Imports a plug-in and checks that it is of the type asked for.
 *
 * @throws ConnectError when the module or the export is missing or something else
 */
export async function loadPlugin<Type extends PluginType>(
  ref: PluginRef,
  types: readonly Type[],
): Promise<LoadedPlugin<Type>> {
  const { className, moduleUrl, exportName } = ref;
  let module: unknown;
  try {
    module = await import(moduleUrl);
  } catch (cause) {
    throw new ConnectError(
      `Plug-in ${className} could not be loaded from ${moduleUrl}: ` + messageOf(cause),
      { cause, code: 'CONNECT_PLUGIN_LOAD' },
    );
  }
  const exported: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, exportName) : undefined;
  return decodePlugin(exported, ref, types);
}

/** The border to code that is not ours: its shape is checked here, once. */
function decodePlugin<Type extends PluginType>(
  exported: unknown,
  ref: PluginRef,
  types: readonly Type[],
): LoadedPlugin<Type> {
  const where = `export '${ref.exportName}' of ${ref.moduleUrl}`;
  if (typeof exported !== 'object' || exported === null) {
    throw new ConnectError(`Plug-in ${ref.className} is missing: there is no ${where}`, {
      code: 'CONNECT_PLUGIN_LOAD',
    });
  }
  const type: unknown = Reflect.get(exported, 'type');
  const isOfType = types.some((each) => each === type);
  if (!isOfType || typeof Reflect.get(exported, 'create') !== 'function') {
    throw new ConnectError(
      `Plug-in ${ref.className} can't be used as ${types.join(' or ')}: ${where} has the type ` +
        `'${String(type)}'`,
      { code: 'CONNECT_PLUGIN_LOAD' },
    );
  }
  return exported as LoadedPlugin<Type>;
}
