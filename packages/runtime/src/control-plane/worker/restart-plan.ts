import type { ConnectorStateInfo, StateInfo } from '@sluice/rest';

/** What to restart of a connector (KIP-745). */
export interface RestartPlan {
  readonly restartsConnector: boolean;
  readonly taskIds: readonly number[];
  /** The status with everything that restarts as RESTARTING (R1.48). */
  readonly planned: ConnectorStateInfo;
}

/**
 * Which instances a restart request means: the connector always when `onlyFailed` is false, tasks
 * only with `includeTasks`, with `onlyFailed` those that are FAILED (R1.49).
 */
export function restartPlan(
  status: ConnectorStateInfo,
  request: { readonly onlyFailed: boolean; readonly includeTasks: boolean },
): RestartPlan {
  const isMeant = ({ state }: StateInfo): boolean => !request.onlyFailed || state === 'FAILED';
  const restartsConnector = isMeant(status.connector);
  const tasks = request.includeTasks ? status.tasks.filter(isMeant) : [];
  const taskIds = tasks.map(({ id }) => id);
  return {
    restartsConnector,
    taskIds,
    planned: {
      ...status,
      connector: restartsConnector ? restarting(status.connector) : status.connector,
      tasks: status.tasks.map((task) => (taskIds.includes(task.id) ? restarting(task) : task)),
    },
  };
}

function restarting<T extends StateInfo>(info: T): T {
  return { ...info, state: 'RESTARTING' };
}
