import type { PluginTemplate } from './plugin-template.ts';

/** Files of a directory, in the order of their names: small, and all that a source has to do. */
export const SOURCE_TEMPLATE: PluginTemplate = {
  type: 'source',
  suffix: 'SourceConnector',
  does: 'makes a record of each file in a directory, in the order of their names',
  config: {
    directory: { type: 'STRING', importance: 'HIGH', doc: 'The directory to read.' },
    topic: { type: 'STRING', importance: 'HIGH', doc: 'The topic to which the files go.' },
    'poll.interval.ms': {
      type: 'INT',
      default: 1000,
      importance: 'LOW',
      doc: 'How long to wait when there is nothing new.',
    },
  },
  code: ({ className, exportName }) => `import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigDef, defineSource, newSourceRecord, STRING_SCHEMA } from '@sluice/api';

const CONFIG = new ConfigDef({
  directory: { type: 'STRING', importance: 'HIGH', doc: 'The directory to read.' },
  topic: { type: 'STRING', importance: 'HIGH', doc: 'The topic to which the files go.' },
  'poll.interval.ms': {
    type: 'INT',
    default: 1000,
    importance: 'LOW',
    doc: 'How long to wait when there is nothing new.',
  },
});

/** How many files one poll reads at most. */
const BATCH_SIZE = 100;

export const ${exportName} = defineSource({
  className: '${className}',
  version: '0.1.0',
  config: CONFIG,
  async open({ directory, topic, 'poll.interval.ms': pollIntervalMs }, context) {
    // Where to go on: the offset of the last record that Kafka has.
    const partition = { directory };
    const offset = await context.offsetStorageReader.offset(partition);
    let last = String(offset?.['name'] ?? '');
    return {
      async poll(signal) {
        const names = (await readdir(directory)).filter((name) => name > last).sort();
        if (names.length === 0) {
          await sleep(pollIntervalMs, undefined, { signal }).catch(() => undefined);
          return null;
        }
        const records = [];
        for (const name of names.slice(0, BATCH_SIZE)) {
          records.push(
            newSourceRecord({
              topic,
              keySchema: STRING_SCHEMA,
              key: name,
              valueSchema: STRING_SCHEMA,
              value: await readFile(join(directory, name), 'utf8'),
              sourcePartition: partition,
              sourceOffset: { name },
            }),
          );
          last = name;
        }
        return records;
      },
    };
  },
});
`,
  test: ({ exportName }) => `import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectorSuite } from '@sluice/testing/conformance';
import { ${exportName} } from './plugin.ts';

connectorSuite({
  plugin: ${exportName},
  manifest: new URL('../connect.json', import.meta.url),
  async environment() {
    const directory = await mkdtemp(join(tmpdir(), 'files-'));
    let files = 0;
    return {
      props: { directory, topic: 'files', 'poll.interval.ms': '20' },
      async produce(count) {
        for (let i = 0; i < count; i++) {
          const name = String(files++).padStart(5, '0');
          await writeFile(join(directory, name), \`text of \${name}\`);
        }
      },
      [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
    };
  },
});
`,
};
