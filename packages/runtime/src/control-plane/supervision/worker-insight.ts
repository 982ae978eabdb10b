import {
  notFound,
  type ConnectorConfigInput,
  type ErrorCount,
  type LintReport,
  type PreviewReport,
  type PreviewRequest,
  type StalledTask,
  type TaskProgressInfo,
  type TaskStateInfo,
  type WorkerHealthDetail,
  type WorkerInsight,
} from '@sluice/rest';
import type { ConnectorOffsets } from '../../storage/connector-offsets.ts';
import type { TaskHost, TaskReport } from '../../task-host/contract.ts';
import type { ConnectorView } from '../metrics/worker-metrics.ts';
import type { ConfigTryOut } from '../validation/config-try-out.ts';
import { offsetsPart, tasksPart, threadsPart } from './health-parts.ts';
import type { KafkaProbe } from './kafka-probe.ts';
import type { Supervision } from './supervision.ts';

export interface StandaloneInsightOptions {
  readonly host: Pick<TaskHost, 'taskReports'>;
  readonly supervision: Supervision;
  readonly offsets: Pick<ConnectorOffsets, 'failure'>;
  readonly kafka: KafkaProbe;
  readonly connectors: () => readonly ConnectorView[];
  /** For how long the worker has run. */
  readonly uptimeMs: () => number;
  readonly tryOut: ConfigTryOut;
}

/** What `/sluice/v1/` of a standalone worker shows. */
export class StandaloneInsight implements WorkerInsight {
  readonly #options: StandaloneInsightOptions;

  constructor(options: StandaloneInsightOptions) {
    this.#options = options;
  }

  async health(): Promise<WorkerHealthDetail> {
    const { connectors, supervision, offsets, kafka, uptimeMs, host } = this.#options;
    const known = connectors();
    const all = known.flatMap(({ tasks }) => tasks);
    const failed = all.filter(({ state }) => state === 'FAILED').length;
    const stalled = supervision.stalledTasks().length;
    // Asked so that a thread which does not answer shows here.
    const [reports, kafkaPart] = await Promise.all([host.taskReports(), kafka.part()]);
    const expected = all.filter(({ state }) => state === 'RUNNING').length;
    return {
      uptime_ms: Math.round(uptimeMs()),
      connectors: known.length,
      tasks: all.length,
      failed_tasks: failed,
      stalled_tasks: stalled,
      parts: [
        kafkaPart,
        offsetsPart(offsets.failure),
        tasksPart(failed, stalled),
        threadsPart(reports.length, expected),
      ],
    };
  }

  async progress(connector: string): Promise<readonly TaskProgressInfo[]> {
    const { tasks } = this.#view(connector);
    const reports = await this.#options.host.taskReports();
    return tasks.map((task) => {
      const report = reports.find(({ id }) => id.connector === connector && id.task === task.id);
      return progressInfo(connector, task, report);
    });
  }

  stalledTasks(): Promise<readonly StalledTask[]> {
    return Promise.resolve(this.#options.supervision.stalledTasks());
  }

  async errors(connector: string | null): Promise<readonly ErrorCount[]> {
    const { host, supervision } = this.#options;
    if (connector !== null) this.#view(connector);
    return supervision.errors(connector, await host.taskReports());
  }

  #view(name: string): ConnectorView {
    const found = this.#options.connectors().find((each) => each.name === name);
    if (found === undefined) throw notFound(`Connector ${name} not found`);
    return found;
  }

  lint(config: ConnectorConfigInput): Promise<LintReport> {
    return Promise.resolve(this.#options.tryOut.lint(config));
  }

  preview(request: PreviewRequest): Promise<PreviewReport> {
    return this.#options.tryOut.preview(request);
  }
}

function progressInfo(
  connector: string,
  task: TaskStateInfo,
  report: TaskReport | undefined,
): TaskProgressInfo {
  const progress = report?.progress ?? null;
  return {
    connector,
    task: task.id,
    state: task.state,
    records_in: progress?.recordsIn ?? 0,
    records_out: progress?.recordsOut ?? 0,
    records_filtered: progress?.recordsFiltered ?? 0,
    records_skipped: progress?.recordsSkipped ?? 0,
    records_failed: progress?.recordsFailed ?? 0,
    offset_commits: progress?.offsetCommits ?? 0,
    offset_commit_failures: progress?.offsetCommitFailures ?? 0,
    last_progress_ms: progress?.activity.lastProgressMs ?? null,
  };
}
