import type { PluginTemplate } from './plugin-template.ts';

/** Puts a prefix before topics: works on any record. */
export const TRANSFORMATION_TEMPLATE: PluginTemplate = {
  type: 'transformation',
  suffix: '',
  does: 'puts a prefix before the topic of each record',
  config: {
    prefix: { type: 'STRING', importance: 'HIGH', doc: 'What is put before the topic.' },
  },
  code: ({
    className,
    exportName,
  }) => `import { ConfigDef, defineTransformation, withRecord } from '@sluice/api';

const CONFIG = new ConfigDef({
  prefix: { type: 'STRING', importance: 'HIGH', doc: 'What is put before the topic.' },
});

export const ${exportName} = defineTransformation({
  className: '${className}',
  version: '0.1.0',
  config: CONFIG,
  // Records are never changed in place; null as an answer drops one.
  open:
    ({ prefix }) =>
    (record) =>
      withRecord(record, { topic: prefix + record.topic }),
});
`,
  test: ({ exportName }) => `import { transformationSuite } from '@sluice/testing/conformance';
import { ${exportName} } from './plugin.ts';

transformationSuite({
  plugin: ${exportName},
  manifest: new URL('../connect.json', import.meta.url),
  props: { prefix: 'new-' },
  examples: [{ given: { topic: 'orders' }, gives: { topic: 'new-orders' } }],
});
`,
};
