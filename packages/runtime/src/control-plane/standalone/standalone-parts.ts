import type { Logger, Props } from '@sluice/api';
import type { ServerInfo } from '@sluice/rest';
import type { ConnectorOffsets } from '../../storage/connector-offsets.ts';
import type { TaskHost, TaskHostListener } from '../../task-host/contract.ts';
import { WorkerMetrics, type ConnectorView } from '../metrics/worker-metrics.ts';
import { ConnectorOffsetsApi } from '../offsets/connector-offsets-api.ts';
import type { OpenAdmin } from '../offsets/offsets-owner.ts';
import type { Restartable } from '../supervision/auto-restart.ts';
import { Supervision } from '../supervision/supervision.ts';
import { KafkaProbe } from '../supervision/kafka-probe.ts';
import { StandaloneInsight } from '../supervision/worker-insight.ts';
import { ConfigTryOut } from '../validation/config-try-out.ts';
import type { ConnectorValidator } from '../validation/connector-validator.ts';
import type { WorkerContext } from '../worker/worker-context.ts';
import { connectorValidator } from '../worker/worker-validator.ts';
import { ConfigAdmission } from './config-admission.ts';

/** What a standalone herder is made of. */
export interface StandaloneHerderOptions {
  readonly worker: WorkerContext;
  /** Makes the task host; the herder is its listener, and closes it. */
  createTaskHost(listener: TaskHostListener): TaskHost;
  readonly serverInfo: ServerInfo;
  /** `host:port`, in every status (R1.15). */
  readonly workerId: string;
  readonly logger: Logger;
  /** Source offsets: those that the task host gives to tasks. */
  readonly offsets: ConnectorOffsets;
  /** Makes the admin clients with which offsets of sinks are read and changed. */
  readonly openAdmin: OpenAdmin;
}

/** What the parts ask of the herder that they belong to. */
export interface PartsCallbacks {
  readonly views: () => readonly ConnectorView[];
  /** A connector's config as it is now; `null` when it is gone. */
  readonly configOf: (connector: string) => Props | null;
  /** Restarts it if it is still FAILED. */
  readonly restart: (what: Restartable) => Promise<void>;
}

/** Everything beside the connectors themselves that a standalone herder answers from. */
export interface StandaloneParts {
  readonly validator: ConnectorValidator;
  readonly offsets: ConnectorOffsetsApi;
  readonly supervision: Supervision;
  readonly metrics: WorkerMetrics;
  readonly admission: ConfigAdmission;
  readonly insight: StandaloneInsight;
}

/** @throws ConfigError when the override policy is not known */
export function standaloneParts(
  options: StandaloneHerderOptions,
  host: TaskHost,
  { views, configOf, restart }: PartsCallbacks,
): StandaloneParts {
  const { worker, logger, serverInfo, workerId, offsets, openAdmin } = options;
  const startedMs = Date.now();
  const steadyNow = (): number => performance.now();
  const startedSteadyMs = steadyNow();
  const validator = connectorValidator(worker, host);
  const supervision = new Supervision({
    host,
    workerProps: worker.props,
    values: worker.values,
    configOf,
    restart,
    logger,
    now: Date.now,
    steadyNow,
    random: Math.random,
  });
  const tryOut = new ConfigTryOut({ host, worker, validator });
  const shared = { host, supervision, connectors: views };
  return {
    validator,
    offsets: new ConnectorOffsetsApi({ host, offsets, openAdmin, workerProps: worker.props }),
    supervision,
    metrics: new WorkerMetrics({ ...shared, startedMs, serverInfo, workerId }),
    admission: new ConfigAdmission({ validator, tryOut, worker, logger }),
    insight: new StandaloneInsight({
      ...shared,
      offsets,
      kafka: new KafkaProbe({ openAdmin, workerProps: worker.props, steadyNow }),
      uptimeMs: () => steadyNow() - startedSteadyMs,
      tryOut,
    }),
  };
}
