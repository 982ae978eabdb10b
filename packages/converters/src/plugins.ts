import type { ConverterPlugin, HeaderConverterPlugin, PluginPlace } from '@sluice/api';

/** A plug-in of this package that is imported when it is first needed. */
export interface LazyPlugin extends PluginPlace {
  readonly load: () => Promise<ConverterPlugin | HeaderConverterPlugin>;
}

/** Every plug-in of this package. Reading the list imports none of them. */
export const plugins: readonly LazyPlugin[] = [
  {
    export: './string-converter',
    name: 'stringConverter',
    load: async () => (await import('./string-converter.ts')).stringConverter,
  },
  {
    export: './string-converter',
    name: 'stringHeaderConverter',
    load: async () => (await import('./string-converter.ts')).stringHeaderConverter,
  },
  {
    export: './json-converter',
    name: 'jsonConverter',
    load: async () => (await import('./json-converter.ts')).jsonConverter,
  },
  {
    export: './json-converter',
    name: 'jsonHeaderConverter',
    load: async () => (await import('./json-converter.ts')).jsonHeaderConverter,
  },
  {
    export: './byte-array-converter',
    name: 'byteArrayConverter',
    load: async () => (await import('./byte-array-converter.ts')).byteArrayConverter,
  },
  {
    export: './byte-array-converter',
    name: 'byteArrayHeaderConverter',
    load: async () => (await import('./byte-array-converter.ts')).byteArrayHeaderConverter,
  },
  {
    export: './boolean-converter',
    name: 'booleanConverter',
    load: async () => (await import('./boolean-converter.ts')).booleanConverter,
  },
  {
    export: './boolean-converter',
    name: 'booleanHeaderConverter',
    load: async () => (await import('./boolean-converter.ts')).booleanHeaderConverter,
  },
  {
    export: './short-converter',
    name: 'shortConverter',
    load: async () => (await import('./short-converter.ts')).shortConverter,
  },
  {
    export: './short-converter',
    name: 'shortHeaderConverter',
    load: async () => (await import('./short-converter.ts')).shortHeaderConverter,
  },
  {
    export: './integer-converter',
    name: 'integerConverter',
    load: async () => (await import('./integer-converter.ts')).integerConverter,
  },
  {
    export: './integer-converter',
    name: 'integerHeaderConverter',
    load: async () => (await import('./integer-converter.ts')).integerHeaderConverter,
  },
  {
    export: './long-converter',
    name: 'longConverter',
    load: async () => (await import('./long-converter.ts')).longConverter,
  },
  {
    export: './long-converter',
    name: 'longHeaderConverter',
    load: async () => (await import('./long-converter.ts')).longHeaderConverter,
  },
  {
    export: './float-converter',
    name: 'floatConverter',
    load: async () => (await import('./float-converter.ts')).floatConverter,
  },
  {
    export: './float-converter',
    name: 'floatHeaderConverter',
    load: async () => (await import('./float-converter.ts')).floatHeaderConverter,
  },
  {
    export: './double-converter',
    name: 'doubleConverter',
    load: async () => (await import('./double-converter.ts')).doubleConverter,
  },
  {
    export: './double-converter',
    name: 'doubleHeaderConverter',
    load: async () => (await import('./double-converter.ts')).doubleHeaderConverter,
  },
  {
    export: './simple-header-converter',
    name: 'simpleHeaderConverter',
    load: async () => (await import('./simple-header-converter.ts')).simpleHeaderConverter,
  },
];
