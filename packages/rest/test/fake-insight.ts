import {
  notFound,
  type ErrorCount,
  type LintReport,
  type MetricFamily,
  type MetricsSource,
  type PreviewReport,
  type PreviewRequest,
  type StalledTask,
  type TaskProgressInfo,
  type WorkerHealthDetail,
  type WorkerInsight,
} from '@sluice/rest';

const PROGRESS: TaskProgressInfo = {
  connector: 'a',
  task: 0,
  state: 'RUNNING',
  records_in: 5,
  records_out: 4,
  records_filtered: 1,
  records_skipped: 0,
  records_failed: 0,
  offset_commits: 2,
  offset_commit_failures: 0,
  last_progress_ms: 1000,
};

/** Answers the same whatever happens. */
export class FakeInsight implements WorkerInsight {
  /** What was asked for, in order. */
  readonly previews: PreviewRequest[] = [];

  health(): Promise<WorkerHealthDetail> {
    return Promise.resolve({
      uptime_ms: 10,
      connectors: 1,
      tasks: 1,
      failed_tasks: 0,
      stalled_tasks: 1,
      parts: [
        { name: 'herder', status: 'healthy', message: 'It is idle.' },
        { name: 'kafka', status: 'degraded', message: 'One broker of three does not answer.' },
      ],
    });
  }
  progress(connector: string): Promise<readonly TaskProgressInfo[]> {
    return connector === 'a'
      ? Promise.resolve([PROGRESS])
      : Promise.reject(notFound(`Connector ${connector} not found`));
  }
  stalledTasks(): Promise<readonly StalledTask[]> {
    const reason = 'No put has returned for 5 minutes.';
    return Promise.resolve([{ connector: 'a', task: 0, since_ms: 1, stage: 'put', reason }]);
  }
  errors(connector: string | null): Promise<readonly ErrorCount[]> {
    const known: ErrorCount = {
      code: 'CONNECT_DATA',
      connector: 'a',
      task: 0,
      count: 3,
      last_seen_ms: 9,
      last_message: 'no number',
    };
    return Promise.resolve(connector === null || connector === 'a' ? [known] : []);
  }
  lint(): Promise<LintReport> {
    return Promise.resolve({
      findings: [
        {
          severity: 'warning',
          rule: 'unknown-key',
          key: 'topcs',
          message: 'There is no key topcs.',
          suggestion: 'topics',
        },
      ],
    });
  }
  preview(request: PreviewRequest): Promise<PreviewReport> {
    this.previews.push(request);
    return Promise.resolve({ records: [], notes: [] });
  }
}

/** Two families with what needs care in Prometheus' text. */
export class FakeMetrics implements MetricsSource {
  families(): Promise<readonly MetricFamily[]> {
    return Promise.resolve([
      {
        name: 'kafka_connect_worker_connector_count',
        help: 'The number of connectors\nof this worker, with a \\.',
        type: 'gauge',
        samples: [{ labels: {}, value: 2 }],
      },
      {
        name: 'kafka_connect_source_task_poll_total',
        help: 'Polls.',
        type: 'counter',
        samples: [
          { labels: { connector: 'a "b"\n\\', task: '0' }, value: 1.5 },
          { labels: { connector: 'c', task: '1' }, value: Number.NaN },
          { labels: { connector: 'd', task: '2' }, value: -Infinity },
        ],
      },
    ]);
  }
}
