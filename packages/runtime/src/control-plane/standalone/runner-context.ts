import type { Logger } from '@sluice/api';
import type { TaskHost } from '../../task-host/contract.ts';
import type { ConnectorStatuses } from '../worker/connector-statuses.ts';
import type { HerderStage } from '../worker/herder-stage.ts';
import type { Failure, RunnerObserver } from '../worker/runner-observer.ts';
import type { WorkerContext } from '../worker/worker-context.ts';

/** What a runner works with; shared by all connectors of a worker. */
export interface RunnerContext {
  readonly host: TaskHost;
  readonly worker: WorkerContext;
  readonly statuses: ConnectorStatuses;
  readonly observer: RunnerObserver;
  readonly stage: HerderStage;
  readonly logger: Logger;
}

/** How long connectors and tasks have to end, in milliseconds. */
export function shutdownMs({ worker }: RunnerContext): number {
  return worker.values['task.shutdown.graceful.timeout.ms'];
}

/** @param trace `undefined`: nothing has failed */
export function failureOf(trace: string | undefined, code = 'CONNECT_UNFORESEEN'): Failure | null {
  return trace === undefined ? null : { trace, code };
}
