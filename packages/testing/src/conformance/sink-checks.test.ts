import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConnectError,
  type Props,
  type SinkConnector,
  type SinkRecord,
  type SinkTask,
  type TopicPartitionOffset,
} from '@sluice/api';
import {
  memorySinkPlugin,
  memoryStoreEnvironment,
  MemorySink,
  MemorySinkTask,
  type Stores,
} from '../../test/plugins/memory-sink.ts';
import { stillFails } from './check.ts';
import { connectorSuite, SINK_CHECKS, sinkDriver, SOURCE_CHECKS } from './connector-suite.ts';
import type { SinkSuiteOptions } from './connector-suite.ts';

const STORES: Stores = new Map();
const FAST = { timeoutMs: 2_000, stopTimeoutMs: 1_000 };
/** Longer than any stop may take. */
const TOO_LONG_MS = 3_000;

const optionsOf = (changes: Partial<SinkSuiteOptions> = {}): SinkSuiteOptions => ({
  plugin: memorySinkPlugin(() => new MemorySink(STORES)),
  environment: () => memoryStoreEnvironment(STORES),
  poison: () => ({ value: 'poison' }),
  ...FAST,
  ...changes,
});

connectorSuite(optionsOf({ stopTimeoutMs: 2_000 }));

const withTask = (create: new (stores: Stores) => SinkTask): Partial<SinkSuiteOptions> => {
  class Broken extends MemorySink implements SinkConnector {
    override newTask(): SinkTask {
      return new create(this.stores);
    }
  }
  return { plugin: memorySinkPlugin(() => new Broken(STORES)) };
};

/** Sinks with one fault each: the check that has to find it, what it has to say. */
const FAULTS: readonly (readonly [string, RegExp, Partial<SinkSuiteOptions>])[] = [
  [
    'delivers',
    /committed, but not in the system/,
    withTask(
      class extends MemorySinkTask {
        protected override write(record: SinkRecord): void {
          if (record.originalKafkaPartition === 0) super.write(record);
        }
      },
    ),
  ],
  [
    'empty-batches',
    /nothing to write/,
    withTask(
      class extends MemorySinkTask {
        override put(records: readonly SinkRecord[]): Promise<void> {
          if (records.length === 0) throw new TypeError('nothing to write');
          return super.put(records);
        }
      },
    ),
  ],
  [
    'commits-what-it-wrote',
    /1 records committed, 0 in the system/,
    // Writes in batches of four, but lets everything be committed.
    withTask(
      class extends MemorySinkTask {
        override flush(offsets: readonly TopicPartitionOffset[]): void {
          if (this.pending.length >= 4) super.flush(offsets);
        }
      },
    ),
  ],
  [
    'commits-what-it-was-offered',
    /renamed-0 was not offered/,
    withTask(
      class extends MemorySinkTask {
        preCommit(): readonly TopicPartitionOffset[] {
          return this.pending.map((record) => ({
            topic: record.topic,
            partition: record.kafkaPartition,
            offset: record.kafkaOffset + 1,
          }));
        }
      },
    ),
  ],
  [
    'commits-what-it-was-offered',
    /is beyond/,
    withTask(
      class extends MemorySinkTask {
        preCommit(offsets: readonly TopicPartitionOffset[]): readonly TopicPartitionOffset[] {
          return offsets.map((at) => ({ ...at, offset: at.offset + 1 }));
        }
      },
    ),
  ],
  [
    'rebalances',
    /7/,
    withTask(
      class extends MemorySinkTask {
        close(): void {
          this.store = null;
        }
      },
    ),
  ],
  [
    'redelivery',
    /is there already/,
    withTask(
      class extends MemorySinkTask {
        protected override write(record: SinkRecord): void {
          const values = [...(this.store?.records.values() ?? [])];
          if (values.includes(record.value)) throw new ConnectError('is there already');
          super.write(record);
        }
      },
    ),
  ],
  [
    'records-untouched',
    /changed its records/,
    withTask(
      class extends MemorySinkTask {
        override put(records: readonly SinkRecord[]): Promise<void> {
          for (const record of records) Reflect.set(record, 'topic', 'mine');
          return super.put(records);
        }
      },
    ),
  ],
  [
    'null-values',
    /a record of nulls crashes the task: TypeError/,
    withTask(
      class extends MemorySinkTask {
        protected override write(record: SinkRecord): void {
          if (record.value === null) throw new TypeError('null has no properties');
          super.write(record);
        }
      },
    ),
  ],
  [
    'errant-records',
    /was not reported/,
    withTask(
      class extends MemorySinkTask {
        protected override refuse(): Promise<void> {
          return Promise.resolve();
        }
      },
    ),
  ],
  [
    'errant-records-unreported',
    /was swallowed/,
    withTask(
      class extends MemorySinkTask {
        protected override async refuse(record: SinkRecord): Promise<void> {
          await this.context?.errantRecordReporter()?.report(record, new Error('poison'));
        }
      },
    ),
  ],
  [
    'outage',
    /not retriable/,
    withTask(
      class extends MemorySinkTask {
        override put(records: readonly SinkRecord[]): Promise<void> {
          if (this.store?.isUp === false) throw new ConnectError('ECONNREFUSED');
          return super.put(records);
        }
      },
    ),
  ],
  [
    'task-stop',
    /did not settle/,
    withTask(
      class extends MemorySinkTask {
        override stop(): Promise<void> {
          return this.store === null ? Promise.resolve() : sleep(TOO_LONG_MS);
        }
      },
    ),
  ],
  [
    'task-leaves-nothing-open',
    /file .*sink-left-open/,
    withTask(
      class extends MemorySinkTask {
        override start(props: Props): void {
          openSync(join(tmpdir(), 'sluice-sink-left-open'), 'w');
          super.start(props);
        }
      },
    ),
  ],
];

describe('each check of sinks finds the fault it is for', () => {
  for (const [id, message, changes] of FAULTS)
    test(`${id}: ${String(message)}`, async () => {
      const check = SINK_CHECKS.find((each) => each.id === id);
      assert.ok(check !== undefined);
      await assert.rejects(async () => check.run(sinkDriver(optionsOf(changes))), message);
    });

  test('and every check of sinks alone has a fault to find', () => {
    const tried = new Set(FAULTS.map(([id]) => id));
    const shared = new Set(SOURCE_CHECKS.map(({ id }) => id));
    const own = SINK_CHECKS.map(({ id }) => id).filter((id) => !shared.has(id));
    assert.deepEqual(
      own.filter((id) => !tried.has(id)),
      [],
    );
    assert.ok(own.length > 10);
  });
});

test('an exception is accepted as long as its check fails, and no longer', async () => {
  const check = { id: 'x', title: '', run: (fails: boolean) => assert.ok(!fails) };
  await stillFails(check, true);
  await assert.rejects(stillFails(check, false), /"x" passes now: take it out of "except"/);
  assert.throws(
    () => connectorSuite(optionsOf({ except: { typo: 'why' } })),
    /names no check: typo/,
  );
});
