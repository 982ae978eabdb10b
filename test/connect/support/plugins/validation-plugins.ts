import {
  ConfigDef,
  type ConverterPlugin,
  type DescribablePlugin,
  type HeaderConverterPlugin,
  type PluginDescription,
  type TransformationPlugin,
} from '@sluice/api';

const PACKAGE = 'test.plugins';

/**
 * Converters that Java's `ConnectorValidationIntegrationTest` validates configs with, and a
 * transformation and a predicate of which none can be made either.
 */
export function validationPlugins(): Readonly<Record<string, DescribablePlugin>> {
  return {
    ...both('singleProperty', 'TestConverterWithSinglePropertyConfigDef', {
      prop: { type: 'BOOLEAN', importance: 'HIGH', doc: 'True or false.' },
    }),
    ...both('noConfig', 'TestConverterWithNoConfigDef', {}),
    ...both('throwing', 'DefaultConstructorThrowsConverter', {}, () => {
      throw new Error('I always throw');
    }),
    throwingTransformation: {
      type: 'transformation',
      ...throwing('DefaultConstructorThrowsTransformation'),
    },
    throwingPredicate: { type: 'predicate', ...throwing('DefaultConstructorThrowsPredicate') },
  };
}

/** What any kind of plug-in has that can't be made. */
function throwing(
  simple: string,
): Pick<TransformationPlugin, 'className' | 'version' | 'config'> & { create(): never } {
  return {
    className: `${PACKAGE}.${simple}`,
    version: '1.0.0',
    config: new ConfigDef({ own: { type: 'STRING', importance: 'HIGH', doc: 'Its own key.' } }),
    create() {
      throw new Error('I always throw');
    },
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
