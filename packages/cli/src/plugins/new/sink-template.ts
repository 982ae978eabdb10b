import type { PluginTemplate } from './plugin-template.ts';

/** A file for each record, named by where it was read: a batch that comes again changes nothing. */
export const SINK_TEMPLATE: PluginTemplate = {
  type: 'sink',
  suffix: 'SinkConnector',
  does: 'writes each record as a file into a directory',
  config: {
    directory: { type: 'STRING', importance: 'HIGH', doc: 'The directory to write to.' },
  },
  code: ({ className, exportName }) => `import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigDef, defineSink, RetriableError, stringifyJson, toSchemaless } from '@sluice/api';

const CONFIG = new ConfigDef({
  directory: { type: 'STRING', importance: 'HIGH', doc: 'The directory to write to.' },
});

export const ${exportName} = defineSink({
  className: '${className}',
  version: '0.1.0',
  config: CONFIG,
  open({ directory }) {
    return {
      // All of a batch is written when put is done, so there is nothing to flush.
      async put(records) {
        for (const record of records) {
          // Where it was read names the file: written again, it is the same file.
          const { originalTopic, originalKafkaPartition, originalKafkaOffset } = record;
          const name = \`\${originalTopic}-\${originalKafkaPartition}-\${originalKafkaOffset}.json\`;
          const text = stringifyJson(toSchemaless(record.valueSchema, record.value));
          try {
            await writeFile(join(directory, name), text);
          } catch (cause) {
            // The worker puts the batch again, later.
            throw new RetriableError(\`Could not write \${name} to \${directory}\`, { cause });
          }
        }
      },
    };
  },
});
`,
  test: ({ exportName }) => `import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectorSuite } from '@sluice/testing/conformance';
import { ${exportName} } from './plugin.ts';

connectorSuite({
  plugin: ${exportName},
  manifest: new URL('../connect.json', import.meta.url),
  async environment() {
    const directory = await mkdtemp(join(tmpdir(), 'records-'));
    return {
      props: { directory },
      received: async () => (await readdir(directory)).length,
      // An outage: the directory is not there.
      interrupt: () => rename(directory, \`\${directory}-away\`),
      restore: () => rename(\`\${directory}-away\`, directory),
      [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
    };
  },
});
`,
};
