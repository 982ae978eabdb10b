import {
  ConfigDef,
  type ConverterPlugin,
  type DescribablePlugin,
  type HeaderConverterPlugin,
  type PluginDescription,
} from '@sluice/api';

const PACKAGE = 'test.plugins';

/** Converters that Java's `ConnectorValidationIntegrationTest` validates configs with. */
export function validationPlugins(): Readonly<Record<string, DescribablePlugin>> {
  return {
    ...both('singleProperty', 'TestConverterWithSinglePropertyConfigDef', {
      prop: { type: 'BOOLEAN', importance: 'HIGH', doc: 'True or false.' },
    }),
    ...both('noConfig', 'TestConverterWithNoConfigDef', {}),
    ...both('throwing', 'DefaultConstructorThrowsConverter', {}, () => {
      throw new Error('I always throw');
    }),
  };
}

/**
 * Converters that a package lists, of which its module has no definition: what an abstract class and
 * one that cannot be made without arguments are in Java.
 */
export function undefinedConverters(): readonly PluginDescription[] {
  return ['AbstractTestConverter', 'NoDefaultConstructorConverter'].flatMap((simple) =>
    (['converter', 'header_converter'] as const).map((type) => ({
      class: `${PACKAGE}.${simple}`,
      aliases: [],
      type,
      export: '.',
      name: `missing${simple}`,
      version: '1.0.0',
      config: [],
    })),
  );
}

function both(
  name: string,
  simple: string,
  keys: ConstructorParameters<typeof ConfigDef>[0],
  check: () => void = () => undefined,
): Readonly<Record<string, ConverterPlugin | HeaderConverterPlugin>> {
  const shared = {
    className: `${PACKAGE}.${simple}`,
    aliases: [],
    version: '1.0.0',
    config: new ConfigDef(keys),
  };
  return {
    [name]: {
      ...shared,
      type: 'converter',
      create() {
        check();
        return {
          configure: () => undefined,
          fromConnectData: () => null,
          toConnectData: () => ({ schema: null, value: null }),
        };
      },
    },
    [`${name}Header`]: {
      ...shared,
      type: 'header_converter',
      create() {
        check();
        return {
          configure: () => undefined,
          fromConnectHeader: () => null,
          toConnectHeader: () => ({ schema: null, value: null }),
        };
      },
    },
  };
}
