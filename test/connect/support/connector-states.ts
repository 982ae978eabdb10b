import assert from 'node:assert/strict';
import { RestError, type ConnectorStateInfo } from '@sluice/rest';
import { waitUntil } from '@sluice/testing';
import type { ConnectWorker } from './connect-worker.ts';

/** Machines are loaded: a minute is no statement about speed. */
const WAIT_MS = 60_000;

/** Waits, for up to a minute, until it is so. Mirrors `waitForCondition`. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  onTimeout?: () => string,
): Promise<void> {
  await waitUntil(what, isSo, {
    timeoutMs: WAIT_MS,
    intervalMs: 25,
    ...(onTimeout === undefined ? {} : { onTimeout }),
  });
}

/** Waits until the status is as wanted; the error shows the last one seen. */
export async function connectorIs(
  worker: ConnectWorker,
  name: string,
  what: string,
  isSo: (status: ConnectorStateInfo) => boolean,
): Promise<ConnectorStateInfo> {
  let last = 'no status yet';
  return waitUntil(
    `${name} to be ${what}`,
    async () => {
      const status = await worker.rest.connectorStatus(name);
      last = JSON.stringify(status);
      return isSo(status) ? status : null;
    },
    { timeoutMs: WAIT_MS, intervalMs: 25, onTimeout: () => last },
  );
}

/** Waits until connector and exactly so many tasks are RUNNING. */
export function connectorRuns(
  worker: ConnectWorker,
  name: string,
  tasks: number,
): Promise<ConnectorStateInfo> {
  return allAre(worker, name, tasks, 'RUNNING');
}

/** Waits until connector and exactly so many tasks are PAUSED. */
export function connectorIsPaused(
  worker: ConnectWorker,
  name: string,
  tasks: number,
): Promise<ConnectorStateInfo> {
  return allAre(worker, name, tasks, 'PAUSED');
}

/** Waits until it is STOPPED, and checks that it has neither tasks nor task configs. */
export async function connectorIsStopped(worker: ConnectWorker, name: string): Promise<void> {
  await connectorIs(
    worker,
    name,
    'STOPPED without tasks',
    ({ connector, tasks }) => connector.state === 'STOPPED' && tasks.length === 0,
  );
  assert.deepEqual((await worker.rest.connector(name)).tasks, []);
  assert.deepEqual(await worker.rest.tasks(name), []);
}

/** Waits until the connector runs and exactly so many of its tasks have FAILED. */
export function tasksHaveFailed(
  worker: ConnectWorker,
  name: string,
  { tasks, failed }: { readonly tasks: number; readonly failed: number },
): Promise<ConnectorStateInfo> {
  return connectorIs(
    worker,
    name,
    `RUNNING with ${failed} of ${tasks} tasks FAILED`,
    (status) =>
      status.connector.state === 'RUNNING' &&
      status.tasks.length === tasks &&
      count(status, 'FAILED') === failed &&
      count(status, 'RUNNING') === tasks - failed,
  );
}

/** Waits until the connector itself has FAILED, with exactly so many tasks, all FAILED too. */
export function connectorHasFailed(
  worker: ConnectWorker,
  name: string,
  tasks = 0,
): Promise<ConnectorStateInfo> {
  return allAre(worker, name, tasks, 'FAILED');
}

/** Waits until nobody knows it any more. */
export async function connectorIsGone(worker: ConnectWorker, name: string): Promise<void> {
  await eventually(`${name} to be gone`, async () => {
    const [info, status] = await Promise.all([
      worker.ask('GET', `/connectors/${encodeURIComponent(name)}`),
      worker.ask('GET', `/connectors/${encodeURIComponent(name)}/status`),
    ]);
    return info.status === 404 && status.status === 404;
  });
}

/** For `assert.rejects`: a worker's refusal with this status, its message matching. */
export function refusal(status: number, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RestError, String(error));
    assert.match(error.message, message);
    assert.equal(error.status, status);
    return true;
  };
}

function allAre(
  worker: ConnectWorker,
  name: string,
  tasks: number,
  state: string,
): Promise<ConnectorStateInfo> {
  return connectorIs(
    worker,
    name,
    `${state} with ${tasks} tasks`,
    (status) =>
      status.connector.state === state &&
      status.tasks.length === tasks &&
      count(status, state) === tasks,
  );
}

function count({ tasks }: ConnectorStateInfo, state: string): number {
  return tasks.filter((task) => task.state === state).length;
}
