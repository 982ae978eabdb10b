/** Plug-ins that measure themselves (KIP-877). Imported as lanes import them. */
import {
  ConfigDef,
  type Converter,
  defineSink,
  defineSource,
  defineTransformation,
  type HeaderConverter,
  newSourceRecord,
  type PluginCounter,
  type PluginMetrics,
  type Predicate,
  type SourceConnector,
} from '@sluice/api';
import { textConverter } from './task-fixture.ts';

const definition = { className: 'com.example.Test', version: '1', config: { validate: () => [] } };
const CONFIG = new ConfigDef({});

const defined = defineSource({
  className: 'com.example.Source',
  version: '1',
  config: CONFIG,
  open(_config, { pluginMetrics }) {
    const rows = pluginMetrics?.counter('rows-read', 'Rows that were\n read.');
    const replies = pluginMetrics?.sensor('reply-time-ms', 'How long replies took', { db: 'x' });
    pluginMetrics?.gauge('lag-rows', '', () => 40, { 'table-name': 'a "b"' });
    pluginMetrics?.gauge('broken', 'Always throws', () => {
      throw new Error('no such table');
    });
    let next = 0;
    return {
      async poll(signal) {
        if (next > 0) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          return null;
        }
        replies?.record(3);
        replies?.record(5);
        const records = ['one', 'two', 'three'].map((value) => {
          next += 1;
          const at = { sourcePartition: { part: 'p' }, sourceOffset: { at: next } };
          return newSourceRecord({ topic: 'orders', value, ...at });
        });
        rows?.add(records.length);
        return records;
      },
    };
  },
});

/** A connector that counts its starts and never gives configs; its tasks count rows. */
export const source = {
  ...defined,
  create(): SourceConnector {
    const connector = defined.create();
    let starts: PluginCounter | undefined;
    return {
      ...connector,
      initialize(context) {
        starts = context.pluginMetrics?.counter('starts', 'How often it was started');
      },
      start(props) {
        starts?.add();
        return connector.start(props);
      },
      taskConfigs: () => new Promise(() => undefined),
    };
  },
};

export const sink = defineSink({
  className: 'com.example.Sink',
  version: '1',
  config: CONFIG,
  open(_config, { pluginMetrics }) {
    const rows = pluginMetrics?.counter('rows-written', 'Rows that were written');
    return { put: (records) => rows?.add(records.length) };
  },
});

export const transformation = defineTransformation({
  className: 'com.example.Defined',
  version: '1',
  config: CONFIG,
  open(_config, _logger, metrics) {
    const changed = metrics.counter('records-changed', 'Records that were changed');
    return (record) => {
      changed.add();
      return record;
    };
  },
});

/** Says something to a counter of its own. */
class Tally {
  #counter: PluginCounter | null = null;

  useMetrics(metrics: PluginMetrics): void {
    this.#counter = metrics.counter('calls', 'How often it was called');
  }

  add(): void {
    this.#counter?.add();
  }
}

export const predicate = {
  ...definition,
  type: 'predicate',
  create(): Predicate {
    const tally = new Tally();
    return {
      useMetrics: (metrics) => tally.useMetrics(metrics),
      configure: () => undefined,
      test(record) {
        tally.add();
        return record.value !== 'two';
      },
    };
  },
};

export const converter = {
  ...definition,
  type: 'converter',
  create(): Converter {
    const tally = new Tally();
    const text = textConverter();
    return {
      ...text,
      useMetrics: (metrics) => tally.useMetrics(metrics),
      fromConnectData(topic, schema, value, headers) {
        tally.add();
        return text.fromConnectData(topic, schema, value, headers);
      },
    };
  },
};

export const headers = {
  ...definition,
  type: 'header_converter',
  create(): HeaderConverter {
    const tally = new Tally();
    return {
      useMetrics: (metrics) => tally.useMetrics(metrics),
      configure: () => undefined,
      fromConnectHeader: () => null,
      toConnectHeader: () => ({ schema: null, value: null }),
    };
  },
};
