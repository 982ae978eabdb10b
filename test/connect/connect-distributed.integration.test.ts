/**
 * Counterparts of what Kafka's system test `connect_distributed_test.py` does with REST, as far as one
 * worker shows it.
 */
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sinkConfig, sourceConfig } from './support/connect-worker.ts';
import {
  connectorIs,
  connectorIsPaused,
  connectorRuns,
  eventually,
  tasksHaveFailed,
} from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'restarts and pauses over REST';
const TASKS = 2;
/** For seeing that nothing comes; a source that is not paused has records every 100 ms here. */
const QUIET_MS = 700;

describe(title, { skip: await skipReason('kafka', title) }, () => {
  let broker: SharedBroker;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    worker = await ConnectWorker.start({ bootstrapServers: broker.bootstrapServers });
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  test('R10.30 test_restart_failed_connector: one that fails while it runs is FAILED until it is restarted', async () => {
    const name = 'failing-connector';
    await aFailedConnector(name);
    await worker.rest.restartConnector(name);
    await connectorRuns(worker, name, TASKS);
    assert.equal(worker.journal.count(name, 'start'), 2);
  });

  test('R10.30 test_restart_failed_task: one that fails while it runs is FAILED until it is restarted', async () => {
    for (const make of [aFailedSourceTask, aFailedSinkTask]) {
      const name = await make('failing-task');
      await worker.rest.restartTask(name, 0);
      await connectorRuns(worker, name, TASKS);
      assert.equal(worker.journal.count(`${name}-0`, 'start'), 2);
      assert.equal(worker.journal.count(`${name}-1`, 'start'), 1);
    }
  });

  test('R10.31 test_restart_connector_and_tasks_failed_connector: it runs again, whichever way it is asked for', async () => {
    for (const includeTasks of [true, false]) {
      const name = `failing-connector-${includeTasks}`;
      await aFailedConnector(name);
      await worker.rest.restartConnector(name, { onlyFailed: true, includeTasks });
      await connectorRuns(worker, name, TASKS);
      assert.equal(worker.journal.count(name, 'start'), 2);
      assert.equal(worker.journal.count(`${name}-0`, 'start'), 1);
    }
  });

  test('R10.31 test_restart_connector_and_tasks_failed_task: it runs again, and only it was restarted', async () => {
    for (const make of [aFailedSourceTask, aFailedSinkTask]) {
      const name = await make('failing-task-again');
      await worker.rest.restartConnector(name, { onlyFailed: true, includeTasks: true });
      await connectorRuns(worker, name, TASKS);
      assert.equal(worker.journal.count(name, 'start'), 1);
      assert.equal(worker.journal.count(`${name}-0`, 'start'), 2);
      assert.equal(worker.journal.count(`${name}-1`, 'start'), 1);
    }
  });

  test('R10.32 test_pause_and_resume_source: nothing comes while it is paused, and it goes on where it was', async () => {
    const name = 'paused-source';
    await broker.createTopic(name);
    const config = sourceConfig(name, { 'tasks.max': '1', 'messages.per.poll': '1' });
    await worker.rest.createConnector({ name, config });
    await connectorRuns(worker, name, 1);
    await eventually('records to come', async () => (await broker.values(name)).length > 3);
    await worker.rest.pauseConnector(name);
    await connectorIsPaused(worker, name, 1);
    // What was handed to the producer before it paused.
    await eventually(
      'what was under way to be in Kafka',
      () => sumOf(name, 'committed') === sumOf(name, 'records'),
    );
    const before = await broker.values(name);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    assert.deepEqual(await broker.values(name), before);
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, 1);
    const wanted = before.length + 3;
    await eventually('more to come', async () => (await broker.values(name)).length > wanted);
    const values = await broker.values(name);
    assert.deepEqual(
      values,
      values.map((_value, at) => `value-${name}-0-${at + 1}`),
    );
    assert.equal(worker.journal.count(`${name}-0`, 'start'), 1);
  });

  test('R10.32 test_pause_and_resume_sink: nothing is delivered while it is paused, and it goes on where it was', async () => {
    const name = 'paused-sink';
    await broker.createTopic(name);
    await broker.produce(name, ['one', 'two']);
    await worker.rest.createConnector({ name, config: sinkConfig(name) });
    await eventually('both to come', () => delivered(name).length === 2);
    await worker.rest.pauseConnector(name);
    await connectorIsPaused(worker, name, 1);
    await broker.produce(name, ['three']);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    assert.equal(delivered(name).length, 2);
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, 1);
    await eventually('the third to come', () => delivered(name).length === 3);
    assert.deepEqual(delivered(name), [`${name}-0@0=one`, `${name}-0@1=two`, `${name}-0@2=three`]);
    assert.equal(worker.journal.count(`${name}-0`, 'open'), 1);
  });

  async function aFailedConnector(name: string): Promise<void> {
    await worker.rest.createConnector({ name, config: sourceConfig(name) });
    await connectorRuns(worker, name, TASKS);
    worker.journal.raise(`fail ${name}`);
    const status = await connectorIs(
      worker,
      name,
      'FAILED, its tasks RUNNING still',
      ({ connector, tasks }) =>
        connector.state === 'FAILED' && tasks.every(({ state }) => state === 'RUNNING'),
    );
    assert.match(status.connector.trace ?? '', /Injecting an error of the connector/);
    assert.equal(status.tasks.length, TASKS);
    worker.journal.lower(`fail ${name}`);
  }

  async function aFailedSourceTask(label: string): Promise<string> {
    const name = `${label}-source`;
    await worker.rest.createConnector({ name, config: sourceConfig(name) });
    await failsTask(name, /Injecting errors during poll/);
    return name;
  }

  async function aFailedSinkTask(label: string): Promise<string> {
    const name = `${label}-sink`;
    await broker.createTopic(name, TASKS);
    const config = sinkConfig(name, { 'tasks.max': String(TASKS) });
    await worker.rest.createConnector({ name, config });
    await failsTask(name, /Injecting errors during put/);
    return name;
  }

  async function failsTask(name: string, trace: RegExp): Promise<void> {
    await connectorRuns(worker, name, TASKS);
    worker.journal.raise(`fail ${name}-0`);
    const status = await tasksHaveFailed(worker, name, { tasks: TASKS, failed: 1 });
    assert.equal(status.tasks[0]?.state, 'FAILED');
    assert.match(status.tasks[0]?.trace ?? '', trace);
    worker.journal.lower(`fail ${name}-0`);
  }

  const sumOf = (name: string, event: string): number =>
    worker.journal.sum(`${name}-0`, event, 'count');

  function delivered(name: string): readonly unknown[] {
    return worker.journal.entries(`${name}-0`, 'put').flatMap(({ records }) => records);
  }
});
