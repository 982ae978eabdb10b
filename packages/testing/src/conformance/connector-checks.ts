import assert from 'node:assert/strict';
import type { ConnectorContext, OffsetStorageReader, Props } from '@sluice/api';
import type { Check } from './check.ts';
import { leftOpen, openHandles } from './open-handles.ts';
import { laidOver, type PluginDriver } from './plugin-checks.ts';
import { SILENT_LOGGER } from './silent-logger.ts';
import { within } from './within.ts';

/** What the checks that sources and sinks share need of a connector. */
export interface AnyConnector {
  initialize(
    context: ConnectorContext & { readonly offsetStorageReader: OffsetStorageReader },
  ): void;
  start(props: Props): void | Promise<void>;
  taskConfigs(maxTasks: number): readonly Props[] | Promise<readonly Props[]>;
  stop(): void | Promise<void>;
}

export interface ConnectorDriver extends PluginDriver {
  readonly stopTimeoutMs: number;
  createConnector(): AnyConnector;
}

const MAX_TASKS = [1, 2, 7];
const NO_OFFSETS: OffsetStorageReader = {
  offset: () => Promise.resolve(null),
  offsets: (partitions) => Promise.resolve(partitions.map(() => null)),
};

/** What a worker gives a connector; an error that it raises fails the check. */
export function connectorContext(
  reader: OffsetStorageReader = NO_OFFSETS,
): ConnectorContext & { readonly offsetStorageReader: OffsetStorageReader } {
  return {
    logger: SILENT_LOGGER,
    offsetStorageReader: reader,
    requestTaskReconfiguration: () => undefined,
    raiseError: (error) => {
      throw error;
    },
  };
}

/** What every connector must do. */
export const connectorChecks: readonly Check<ConnectorDriver>[] = [
  {
    id: 'task-configs',
    title: 'it gives between one and maxTasks task configs of texts, the same when asked again',
    run: (driver) =>
      driver.withProps(async (props) => {
        const connector = await started(driver, props);
        try {
          for (const maxTasks of MAX_TASKS) {
            const configs = await connector.taskConfigs(maxTasks);
            assert.ok(configs.length > 0, `no task config for maxTasks=${maxTasks}`);
            assert.ok(
              configs.length <= maxTasks,
              `${configs.length} task configs, not ${maxTasks}`,
            );
            for (const config of configs) checkTexts(config);
            const again = await connector.taskConfigs(maxTasks);
            assert.deepEqual(again, configs, 'other task configs when asked again: tasks restart');
          }
        } finally {
          await connector.stop();
        }
      }),
  },
  {
    id: 'start-stop',
    title: 'it stops within the time bound, twice if asked, and another instance starts after it',
    run: (driver) =>
      driver.withProps(async (props) => {
        for (let round = 0; round < 2; round++) {
          const connector = await started(driver, props);
          await connector.taskConfigs(1);
          await within(driver.stopTimeoutMs, 'stop()', () => connector.stop());
          await within(driver.stopTimeoutMs, 'a second stop()', () => connector.stop());
        }
      }),
  },
  {
    id: 'stop-unstarted',
    title: 'it may be stopped though it never started, or failed to start',
    async run(driver) {
      const connector = driver.createConnector();
      await within(driver.stopTimeoutMs, 'stop() before initialize()', () => connector.stop());
      connector.initialize(connectorContext());
      await within(driver.stopTimeoutMs, 'stop() before start()', () => connector.stop());
      const required = [...driver.plugin.config.keys.values()].find((key) => !key.hasDefault);
      if (required === undefined) return;
      await driver.withProps(async (props) => {
        const failing = driver.createConnector();
        failing.initialize(connectorContext());
        try {
          await failing.start(laidOver(props, { [required.name]: null }));
        } catch {
          // It may refuse at start what validation would have refused.
        }
        await within(driver.stopTimeoutMs, 'stop() after a failed start()', () => failing.stop());
      });
    },
  },
  {
    id: 'nothing-left-open',
    title: 'a connector that was stopped leaves no timer, socket or file open',
    run: (driver) =>
      driver.withProps(async (props) => {
        await startAndStop(driver, props);
        const before = openHandles();
        await startAndStop(driver, props);
        assert.deepEqual(
          await leftOpen(before, driver.stopTimeoutMs),
          [],
          'left open after stop()',
        );
      }),
  },
];

async function startAndStop(driver: ConnectorDriver, props: Props): Promise<void> {
  const connector = await started(driver, props);
  await connector.taskConfigs(1);
  await connector.stop();
}

async function started(driver: ConnectorDriver, props: Props): Promise<AnyConnector> {
  const connector = driver.createConnector();
  connector.initialize(connectorContext());
  await connector.start(Object.freeze({ ...props }));
  return connector;
}

/** Task configs go through the config topic: what is no text does not come out as it went in. */
function checkTexts(config: Props): void {
  for (const [key, value] of Object.entries(config))
    assert.equal(typeof value, 'string', `the task config's ${key} is no text`);
}
