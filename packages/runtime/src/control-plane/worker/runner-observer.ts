import type { ConnectorState } from '@sluice/rest';

/** Told of everything that happens to connectors and tasks; for metrics and supervision. */
export interface RunnerObserver {
  /** The instance was made and started, or was not. */
  onConnectorStart(isSuccess: boolean): void;
  onConnectorState(connector: string, state: ConnectorState, failure: Failure | null): void;
  /** A start of a task came to something. */
  onTaskStart(isSuccess: boolean): void;
  onTaskState(
    connector: string,
    task: number,
    state: ConnectorState,
    failure: Failure | null,
  ): void;
  /** The connector is gone, or begins anew with another config. */
  onNewLife(connector: string): void;
}

/** Why something is FAILED. */
export interface Failure {
  readonly trace: string;
  /** Sluice's stable code. */
  readonly code: string;
}
