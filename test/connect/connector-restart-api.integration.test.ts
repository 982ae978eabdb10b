/**
 * Counterpart of Java's ConnectorRestartApiIntegrationTest (KIP-745), on one worker: what a restart
 * request restarts is judged by how often connector and tasks were started and stopped.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ConnectorStateInfo } from '@sluice/rest';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sourceConfig } from './support/connect-worker.ts';
import {
  connectorHasFailed,
  connectorRuns,
  eventually,
  refusal,
  tasksHaveFailed,
} from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'restarts of connectors and tasks';
const TASKS = 4;
const TOPIC = 'test-topic';

/** What is asked, and how often connector and tasks are to be started again for it. */
interface Restart {
  readonly onlyFailed: boolean;
  readonly includeTasks: boolean;
  readonly connector: number;
  readonly tasks: number;
}

interface Counts {
  readonly connector: { readonly starts: number; readonly stops: number };
  readonly tasks: readonly { readonly starts: number; readonly stops: number }[];
}

const ONLY_CONNECTOR = { onlyFailed: false, includeTasks: false, connector: 1, tasks: 0 };
const BOTH = { onlyFailed: false, includeTasks: true, connector: 1, tasks: 1 };
const ONLY_FAILED_CONNECTOR = { onlyFailed: true, includeTasks: false, connector: 0, tasks: 0 };
const ONLY_FAILED = { onlyFailed: true, includeTasks: true, connector: 0, tasks: 0 };

describe(title, { skip: await skipReason('kafka', title), concurrency: 4 }, () => {
  let broker: SharedBroker;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    await broker.createTopic(TOPIC);
    worker = await ConnectWorker.start({ bootstrapServers: broker.bootstrapServers });
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  test('R10.06 testRestartUnknownConnectorNoParams: a connector that is not there is 404', async () => {
    await assert.rejects(worker.rest.restartConnector('Unknown'), refusal(404, /Unknown/));
  });

  test('R10.06 testRestartUnknownConnector: it is 404 with every choice of flags', async () => {
    for (const onlyFailed of [false, true])
      for (const includeTasks of [false, true]) {
        const query = `onlyFailed=${onlyFailed}&includeTasks=${includeTasks}`;
        const answer = await worker.ask('POST', `/connectors/Unknown/restart?${query}`);
        assert.equal(answer.status, 404, query);
      }
  });

  for (const [method, restart] of Object.entries({
    testRunningConnectorAndTasksRestartOnlyConnector: ONLY_CONNECTOR,
    testRunningConnectorAndTasksRestartBothConnectorAndTasks: BOTH,
    testRunningConnectorAndTasksRestartOnlyFailedConnectorNoop: ONLY_FAILED_CONNECTOR,
    testRunningConnectorAndTasksRestartBothConnectorAndTasksNoop: ONLY_FAILED,
  }))
    test(`R10.06 ${method}: of what runs, ${expected(restart)}`, async () => {
      await worker.rest.createConnector({ name: method, config: config() });
      const running = await connectorRuns(worker, method, TASKS);
      await eventually('all have started', () => startsOfTasks(method) === TASKS);
      const before = counts(method);
      const planned = await worker.rest.restartConnector(method, restart);
      if (restart.connector + restart.tasks === 0) assert.deepEqual(planned, running);
      else isPlanned(planned, restart, [0, 1, 2, 3]);
      await countsBecome(method, plus(before, restart, [0, 1, 2, 3]));
      await connectorRuns(worker, method, TASKS);
      assert.deepEqual(counts(method), plus(before, restart, [0, 1, 2, 3]));
    });

  for (const [method, restart] of Object.entries({
    testFailedConnectorRestartOnlyConnector: ONLY_CONNECTOR,
    testFailedConnectorRestartBothConnectorAndTasks: { ...BOTH, tasks: 0 },
    testFailedConnectorRestartOnlyFailedConnectorAndTasks: { ...ONLY_FAILED, connector: 1 },
  }))
    test(`R10.06 ${method}: of a connector that failed to start, ${expected(restart)}`, async () => {
      await worker.ask('POST', '/connectors', {
        name: method,
        config: config({ 'connector.start.inject.error': 'true' }),
      });
      await connectorHasFailed(worker, method);
      const { starts } = worker.journal.startsAndStops(method);
      await worker.ask(
        'POST',
        `/connectors/${method}/restart?onlyFailed=${restart.onlyFailed}` +
          `&includeTasks=${restart.includeTasks}`,
      );
      await eventually(
        'it to be started again',
        () => worker.journal.startsAndStops(method).starts === starts + 1,
      );
      await connectorHasFailed(worker, method);
      assert.equal(worker.journal.startsAndStops(method).starts, starts + 1);
      assert.equal(startsOfTasks(method), 0);
    });

  for (const [method, { failing, ...restart }] of Object.entries({
    testFailedTasksRestartOnlyConnector: { ...ONLY_CONNECTOR, failing: [0, 1, 2, 3] },
    testFailedTasksRestartOnlyTasks: { ...ONLY_FAILED, tasks: 1, failing: [0, 1, 2, 3] },
    testFailedTasksRestartWithoutIncludeTasksNoop: {
      ...ONLY_FAILED_CONNECTOR,
      failing: [0, 1, 2, 3],
    },
    testFailedTasksRestartBothConnectorAndTasks: { ...BOTH, failing: [0, 1, 2, 3] },
    testOneFailedTasksRestartOnlyOneTasks: { ...ONLY_FAILED, tasks: 1, failing: [1] },
  }))
    test(`R10.06 ${method}: with ${failing.length} of ${TASKS} tasks failed, ${expected(restart)}`, async () => {
      const failures = failing.map((task) => [`task-${method}-${task}.start.inject.error`, 'true']);
      const props = config(Object.fromEntries(failures));
      await worker.rest.createConnector({ name: method, config: props });
      const wanted = { tasks: TASKS, failed: failing.length };
      const failed = await tasksHaveFailed(worker, method, wanted);
      await eventually('all have started', () => startsOfTasks(method) === TASKS);
      await eventually('those that failed are stopped', () =>
        failing.every((task) => worker.journal.count(`${method}-${task}`, 'stop') === 1),
      );
      const before = counts(method);
      const planned = await worker.rest.restartConnector(method, restart);
      if (restart.connector + restart.tasks === 0) assert.deepEqual(planned, failed);
      else isPlanned(planned, restart, failing);
      const after = plus(before, restart, failing);
      await countsBecome(method, after);
      await tasksHaveFailed(worker, method, wanted);
      assert.deepEqual(counts(method), after);
    });

  const config = (changes: Readonly<Record<string, string>> = {}) =>
    sourceConfig(TOPIC, { 'tasks.max': String(TASKS), ...changes });

  function startsOfTasks(name: string): number {
    return counts(name).tasks.reduce((total, { starts }) => total + starts, 0);
  }

  function counts(name: string): Counts {
    const tasks = Array.from({ length: TASKS }, (_, task) =>
      worker.journal.startsAndStops(`${name}-${task}`),
    );
    return { connector: worker.journal.startsAndStops(name), tasks };
  }

  async function countsBecome(name: string, wanted: Counts): Promise<void> {
    const text = JSON.stringify(wanted);
    await eventually(
      `starts and stops of ${name} to be ${text}`,
      () => JSON.stringify(counts(name)) === text,
      () => JSON.stringify(counts(name)),
    );
  }
});

function expected({ onlyFailed, includeTasks, connector, tasks }: Restart): string {
  const restarted = [
    ...(connector > 0 ? ['the connector'] : []),
    ...(tasks > 0 ? [onlyFailed ? 'each failed task' : 'each task'] : []),
  ];
  const what = restarted.length === 0 ? 'nothing' : `${restarted.join(' and ')}, once`;
  return `onlyFailed=${onlyFailed} includeTasks=${includeTasks} restarts ${what}`;
}

function plus(
  { connector, tasks }: Counts,
  restart: Restart,
  restarted: readonly number[],
): Counts {
  const more = (counted: { starts: number; stops: number }, by: number) => ({
    starts: counted.starts + by,
    stops: counted.stops + by,
  });
  return {
    connector: more(connector, restart.connector),
    tasks: tasks.map((task, at) => more(task, restarted.includes(at) ? restart.tasks : 0)),
  };
}

/** The answer to a request with a flag has what will be restarted as RESTARTING (R1.48). */
function isPlanned(
  planned: ConnectorStateInfo | null,
  { onlyFailed, includeTasks, connector, tasks }: Restart,
  restarted: readonly number[],
): void {
  if (!onlyFailed && !includeTasks) return assert.equal(planned, null);
  assert.equal(planned?.connector.state === 'RESTARTING', connector > 0);
  for (const { id, state } of planned?.tasks ?? [])
    assert.equal(state === 'RESTARTING', tasks > 0 && restarted.includes(id), `task ${id}`);
}
