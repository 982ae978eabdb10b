import type { ConverterPlugin, HeaderConverterPlugin, Props, Schema } from '@sluice/api';
import { registerChecks, type Check, type Exceptions } from './check.ts';
import {
  converterChecks,
  type ConverterDriver,
  type Fidelity,
  type TwoWays,
} from './converter-checks.ts';
import { pluginChecks, type PluginSuiteOptions } from './plugin-checks.ts';

/** How to check a converter or a header converter. */
export interface ConverterSuiteOptions extends PluginSuiteOptions {
  readonly plugin: ConverterPlugin | HeaderConverterPlugin;
  /** Its config, without `key.converter.` or the like. Default: none. */
  readonly props?: Props;
  /** What it can carry, by schema (`null`: without one). Default: everything, `exact`. */
  fidelity?(schema: Schema | null): Fidelity;
  /** Checks known not to pass, each with the reason; they must fail. */
  readonly except?: Exceptions;
}

const TOPIC = 'conformance';

export const CONVERTER_CHECKS: readonly Check<ConverterDriver>[] = [
  ...pluginChecks,
  ...converterChecks,
];

/** Makes the tests of a converter, or of a header converter. See `docs/guides/test-a-plugin.md`. */
export function converterSuite(options: ConverterSuiteOptions): void {
  const { className, type } = options.plugin;
  const heading = `conformance of ${className} (${type})`;
  registerChecks(heading, CONVERTER_CHECKS, converterDriver(options), options.except);
}

/** What the checks need, of what the author told. */
export function converterDriver(options: ConverterSuiteOptions): ConverterDriver {
  const { plugin, props = {} } = options;
  const withType = (given: Props, isKey: boolean): Props => {
    if (plugin.type === 'header_converter') return { ...given, 'converter.type': 'header' };
    return { ...given, 'converter.type': isKey ? 'key' : 'value' };
  };
  const open: ConverterDriver['open'] = (changes = {}) => {
    const isKey = changes.isKey ?? false;
    return opened(plugin, changes.props ?? Object.freeze(withType(props, isKey)), isKey);
  };
  return {
    ...options,
    open,
    async withProps(use) {
      await use(withType(props, false));
    },
    validate: (given) => plugin.config.validate(given),
    readConfig: (given) => open({ props: given }).close(),
    fidelity: (schema) => options.fidelity?.(schema) ?? 'exact',
  };
}

function opened(
  plugin: ConverterPlugin | HeaderConverterPlugin,
  props: Props,
  isKey: boolean,
): TwoWays {
  if (plugin.type === 'converter') {
    const converter = plugin.create();
    converter.configure(props, isKey);
    return {
      write: (schema, value) => converter.fromConnectData(TOPIC, schema, value, []),
      read: (bytes) => converter.toConnectData(TOPIC, bytes, []),
      close: () => converter.close?.(),
    };
  }
  const converter = plugin.create();
  converter.configure(props);
  return {
    write: (schema, value) => converter.fromConnectHeader(TOPIC, 'header', schema, value),
    read: (bytes) => converter.toConnectHeader(TOPIC, 'header', bytes),
    close: () => converter.close?.(),
  };
}
