import {
  atLeast,
  ConfigDef,
  newSourceRecord,
  STRING_SCHEMA,
  validString,
  type Props,
  type SourceConnector,
  type SourceConnectorPlugin,
  type SourceRecord,
  type SourceTask,
} from '@sluice/api';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrderMaker, type OrderShape } from './order.ts';

const CONFIG = new ConfigDef({
  topic: { type: 'STRING', importance: 'HIGH', doc: 'Where the orders go.' },
  shape: {
    type: 'STRING',
    validator: validString('string', 'map', 'struct'),
    importance: 'HIGH',
    doc: 'What values are made of.',
  },
  bytes: { type: 'INT', validator: atLeast(1), importance: 'HIGH', doc: 'Size of a value.' },
  records: { type: 'INT', validator: atLeast(1), importance: 'HIGH', doc: 'How many in all.' },
});

const RECORDS_PER_POLL = 1_000;
const IDLE_MS = 200;
const PARTITION = { generator: 'orders' };

/** Makes orders as fast as they are taken, from memory. */
class OrderSourceTask implements SourceTask {
  #maker = new OrderMaker('string', 1);
  #topic = '';
  #records = 0;
  #next = 0;

  initialize(): void {
    // Every run begins at the beginning: there is nothing to ask for.
  }

  start(props: Props): void {
    const config = CONFIG.parse(props);
    this.#maker = new OrderMaker(shapeOf(config.shape), config.bytes);
    this.#topic = config.topic;
    this.#records = config.records;
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    const count = Math.min(RECORDS_PER_POLL, this.#records - this.#next);
    if (count === 0) {
      await sleep(IDLE_MS, null, { signal }).catch(() => null);
      return null;
    }
    const records: SourceRecord[] = [];
    for (let i = 0; i < count; i++) {
      const n = this.#next++;
      records.push(
        newSourceRecord({
          sourcePartition: PARTITION,
          sourceOffset: { n },
          topic: this.#topic,
          keySchema: STRING_SCHEMA,
          key: `order-${n}`,
          valueSchema: this.#maker.schema,
          value: this.#maker.value(n),
        }),
      );
    }
    return records;
  }

  stop(): void {
    // Nothing is held.
  }
}

function shapeOf(text: string): OrderShape {
  return text === 'map' || text === 'struct' ? text : 'string';
}

class OrderSource implements SourceConnector {
  #props: Props = {};

  initialize(): void {
    // The context is not needed.
  }
  start(props: Props): void {
    this.#props = props;
  }
  taskConfigs(): readonly Props[] {
    return [this.#props];
  }
  newTask(): SourceTask {
    return new OrderSourceTask();
  }
  stop(): void {
    // Nothing is held.
  }
}

export const orderSource: SourceConnectorPlugin = {
  type: 'source',
  className: 'io.sluice.bench.OrderSource',
  version: '1.0.0',
  config: CONFIG,
  create: () => new OrderSource(),
};
