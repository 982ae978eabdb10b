import assert from 'node:assert/strict';
import { writeFileSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import {
  ConfigDef,
  type ConfigValue,
  type Props,
  type SourceConnector,
  type SourceRecord,
  type SourceTask,
} from '@sluice/api';
import {
  memoryEnvironment,
  memorySourcePlugin,
  MemorySource,
  MemorySourceTask,
  type Lists,
} from '../../test/plugins/memory-source.ts';
import { connectorSuite, SOURCE_CHECKS, sourceDriver } from './connector-suite.ts';
import type { SourceSuiteOptions } from './connector-suite.ts';

const LISTS: Lists = new Map();
const FAST = { timeoutMs: 2_000, quietMs: 100, stopTimeoutMs: 1_000 };
/** Longer than any stop may take. */
const TOO_LONG_MS = 3_000;

const optionsOf = (changes: Partial<SourceSuiteOptions> = {}): SourceSuiteOptions => ({
  plugin: memorySourcePlugin(() => new MemorySource(LISTS)),
  environment: () => memoryEnvironment(LISTS),
  ...FAST,
  ...changes,
});

connectorSuite(optionsOf({ stopTimeoutMs: 2_000, invalid: [] }));

/** A connector that is as it should be but for what `broken` changes. */
type Connector = new (lists: Lists) => SourceConnector;
const withConnector = (create: Connector): Partial<SourceSuiteOptions> => ({
  plugin: memorySourcePlugin(() => new create(LISTS)),
});
const withTask = (create: new (lists: Lists) => SourceTask): Partial<SourceSuiteOptions> => {
  class Broken extends MemorySource {
    override newTask(): SourceTask {
      return new create(this.lists);
    }
  }
  return withConnector(Broken);
};

/** Sources with one fault each: the check that has to find it, what it has to say. */
const FAULTS: readonly (readonly [string, RegExp, Partial<SourceSuiteOptions>])[] = [
  ['identity', /version must be/, { plugin: plain({ version: '' }) }],
  ['identity', /className/, { plugin: plain({ className: 'no class' }) }],
  ['config-documented', /topic has no doc/, { plugin: plain({ config: undocumented() }) }],
  [
    'config-accepted',
    /the valid config is refused/,
    withConnector(
      class extends MemorySource {
        // Refuses what the worker adds.
        override validate(props: Props): readonly ConfigValue[] {
          const errorMessages = 'transforms' in props ? ['unknown key transforms'] : [];
          return super.validate(props).map((value) => ({ ...value, errorMessages }));
        }
      },
    ),
  ],
  [
    'config-declared',
    /'secret\.key'/,
    withConnector(
      class extends MemorySource {
        override start(props: Props): void {
          this.props = { ...props, found: String(props['secret.key']) };
        }
      },
    ),
  ],
  [
    'config-refused',
    /no error at topic for {"topic":null}/,
    withConnector(
      class extends MemorySource {
        override validate(props: Props): readonly ConfigValue[] {
          return super.validate(props).map((value) => ({ ...value, errorMessages: [] }));
        }
      },
    ),
  ],
  [
    'config-refused',
    /no error at batch.size for {"batch.size":"0"}/,
    { invalid: [{ props: { 'batch.size': '0' }, key: 'batch.size' }] },
  ],
  [
    'config-pure',
    /judged differently/,
    withConnector(
      class extends MemorySource {
        override validate(props: Props): readonly ConfigValue[] {
          const value = this.lists.set(`validated ${this.lists.size}`, []).size;
          return super.validate(props).map((each) => ({ ...each, value }));
        }
      },
    ),
  ],
  ['manifest', /does not list/, { manifest: manifestOf({ api: 1, plugins: [] }) }],
  ['manifest', /generate the manifest again/, { manifest: manifestOf(outdated()) }],
  [
    'task-configs',
    /3 task configs/,
    withConnector(
      class extends MemorySource {
        override taskConfigs(): readonly Props[] {
          return [this.props, this.props, this.props];
        }
      },
    ),
  ],
  [
    'task-configs',
    /when asked again/,
    withConnector(
      class extends MemorySource {
        override taskConfigs(): readonly Props[] {
          return [{ ...this.props, asked: String(performance.now()) }];
        }
      },
    ),
  ],
  [
    'start-stop',
    /a second stop\(\)|already stopped/,
    withConnector(
      class extends MemorySource {
        #isStopped = false;
        override stop(): void {
          if (this.#isStopped) throw new Error('already stopped');
          this.#isStopped = true;
        }
      },
    ),
  ],
  [
    'start-stop',
    /stop\(\) did not settle within/,
    withConnector(
      class extends MemorySource {
        override stop(): Promise<void> {
          return sleep(TOO_LONG_MS);
        }
      },
    ),
  ],
  [
    'stop-unstarted',
    /never started/,
    withConnector(
      class extends MemorySource {
        override stop(): void {
          if (this.props['list'] === undefined) throw new Error('never started');
        }
      },
    ),
  ],
  [
    'nothing-left-open',
    /Timeout/,
    withConnector(
      class extends MemorySource {
        override start(): void {
          setTimeout(() => undefined, TOO_LONG_MS);
        }
      },
    ),
  ],
  [
    'reads-all',
    /records were to come/,
    withTask(
      class extends MemorySourceTask {
        protected override values(): readonly string[] {
          return super.values().filter((value) => value !== 'value 1');
        }
      },
    ),
  ],
  [
    'reads-all',
    /more records|came twice/,
    withTask(
      class extends MemorySourceTask {
        protected override values(): readonly string[] {
          return super.values().flatMap((value) => [value, value]);
        }
      },
    ),
  ],
  ['records-legal', /does not fit its schema/, withRecord((record) => ({ ...record, value: 5 }))],
  ['records-legal', /timestamp 1\.5/, withRecord((record) => ({ ...record, timestamp: 1.5 }))],
  [
    'offsets-plain',
    /source offset is null/,
    withRecord((record) => ({ ...record, sourceOffset: null })),
  ],
  [
    'offsets-plain',
    /not primitive/,
    withRecord((record) => ({ ...record, sourceOffset: { at: { page: 1 } } })),
  ],
  [
    'offsets-plain',
    /changes in JSON/,
    withRecord((record) => ({ ...record, sourceOffset: { at: Number.NaN } })),
  ],
  [
    'records-stay',
    /changed after poll/,
    withTask(
      class extends MemorySourceTask {
        readonly #offset: Record<string, unknown> = {};
        protected override record(value: string, position: number): SourceRecord {
          this.#offset['position'] = position;
          return { ...super.record(value, position), sourceOffset: this.#offset };
        }
      },
    ),
  ],
  [
    'resume',
    /other records come after 1 of 5/,
    // Its offset is that of the record itself: the record comes again.
    withRecord((record) => ({
      ...record,
      sourceOffset: { position: Number(record.sourceOffset?.['position']) - 1 },
    })),
  ],
  [
    'resume',
    /other records come after 1 of 5/,
    // The offset of the whole batch stands at each of its records: what follows a cut is lost.
    withTask(
      class extends MemorySourceTask {
        override async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
          const records = await super.poll(signal);
          const sourceOffset = { position: this.position };
          return records?.map((record) => ({ ...record, sourceOffset })) ?? null;
        }
      },
    ),
  ],
  [
    'resume',
    /records are lost/,
    {
      resume: 'at-least-once',
      ...withRecord((record) => ({
        ...record,
        sourceOffset: { position: Number(record.sourceOffset?.['position']) + 1 },
      })),
    },
  ],
  ['resume-at-end', /came again/, withRecord((record) => ({ ...record, sourceOffset: null }))],
  [
    'tasks-share',
    /other records|came twice/,
    withConnector(
      class extends MemorySource {
        override taskConfigs(maxTasks: number): readonly Props[] {
          return Array.from({ length: maxTasks }, () => this.props);
        }
      },
    ),
  ],
  [
    'poll-ends',
    /poll\(\) after its signal was aborted/,
    withTask(
      class extends MemorySourceTask {
        override async poll(): Promise<null> {
          await sleep(TOO_LONG_MS);
          return null;
        }
      },
    ),
  ],
  [
    'commit-calls',
    /no metadata/,
    withTask(
      class extends MemorySourceTask {
        override commitRecord(_record: SourceRecord, metadata: unknown): void {
          if (metadata === null) throw new TypeError('no metadata');
        }
      },
    ),
  ],
  [
    'task-stop',
    /did not settle/,
    withTask(
      class extends MemorySourceTask {
        override stop(): Promise<void> {
          return this.position === 0 ? Promise.resolve() : sleep(TOO_LONG_MS);
        }
      },
    ),
  ],
  [
    'task-leaves-nothing-open',
    /file .*left-open/,
    withTask(
      class extends MemorySourceTask {
        override start(props: Props): Promise<void> {
          openSync(join(tmpdir(), 'sluice-left-open'), 'w');
          return super.start(props);
        }
      },
    ),
  ],
  [
    'offsets-altered',
    /not a number/,
    withConnector(
      class extends MemorySource {
        override alterOffsets(_props: Props, [change]: readonly { offset: unknown }[]): boolean {
          if (change?.offset === null) throw new TypeError('null is not a number');
          return true;
        }
      },
    ),
  ],
];

describe('each check of sources finds the fault it is for', () => {
  for (const [id, message, changes] of FAULTS)
    test(`${id}: ${String(message)}`, async () => {
      const check = SOURCE_CHECKS.find((each) => each.id === id);
      assert.ok(check !== undefined);
      await assert.rejects(async () => check.run(sourceDriver(optionsOf(changes))), message);
    });

  test('and every check has a fault to find', () => {
    const tried = new Set(FAULTS.map(([id]) => id));
    assert.deepEqual(
      SOURCE_CHECKS.map(({ id }) => id).filter((id) => !tried.has(id)),
      [],
    );
  });
});

function plain(changes: Parameters<typeof memorySourcePlugin>[1]): SourceSuiteOptions['plugin'] {
  return memorySourcePlugin(() => new MemorySource(LISTS), changes);
}

function withRecord(change: (record: SourceRecord) => SourceRecord): Partial<SourceSuiteOptions> {
  return withTask(
    class extends MemorySourceTask {
      protected override record(value: string, position: number): SourceRecord {
        return change(super.record(value, position));
      }
    },
  );
}

function undocumented(): ConfigDef {
  return new ConfigDef({ topic: { type: 'STRING', importance: 'HIGH', doc: ' ' } });
}

function outdated(): object {
  const { className } = plain({});
  return { api: 1, plugins: [{ class: className, type: 'source', export: '.', name: 'x' }] };
}

function manifestOf(content: object): URL {
  const path = join(tmpdir(), `sluice-manifest-${JSON.stringify(content).length}.json`);
  writeFileSync(path, JSON.stringify(content));
  return new URL(`file://${path}`);
}
