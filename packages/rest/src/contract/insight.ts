/**
 * What `/sluice/v1/` tells beyond Java's API. The shapes are the JSON bodies; their names are ours,
 * spelled as Connect spells its own (`worker_id`, `error_code`).
 */
import type { ConnectorConfigInput } from './connector-config.ts';
import type { ConnectorState } from './wire.ts';

/** One part of a worker that can be well or not. */
export interface HealthPart {
  /** E.g. `kafka`, `offset-store`, `tasks`, `task-threads`. */
  readonly name: string;
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  /** What is wrong and what to do; for a healthy part what it is at. */
  readonly message: string;
}

/** `GET /sluice/v1/health`: the server adds `status` (the worst of the parts) and the stage. */
export interface WorkerHealthDetail {
  readonly uptime_ms: number;
  readonly connectors: number;
  readonly tasks: number;
  readonly failed_tasks: number;
  readonly stalled_tasks: number;
  readonly parts: readonly HealthPart[];
}

/** How far one task is. Counts are since its start. */
export interface TaskProgressInfo {
  readonly connector: string;
  readonly task: number;
  readonly state: ConnectorState;
  /** Records polled (source) or consumed (sink). */
  readonly records_in: number;
  /** Records acknowledged by Kafka (source) or taken by `put` (sink). */
  readonly records_out: number;
  readonly records_filtered: number;
  readonly records_skipped: number;
  readonly records_failed: number;
  readonly offset_commits: number;
  readonly offset_commit_failures: number;
  /** When it last polled, put or committed something, in epoch milliseconds; null: not yet. */
  readonly last_progress_ms: number | null;
}

/** A task that has work and does none of it. Its state stays what Java's would be. */
export interface StalledTask {
  readonly connector: string;
  readonly task: number;
  /** Since when, in epoch milliseconds. */
  readonly since_ms: number;
  /** Where it stands, e.g. `poll`, `put`, `commit`. */
  readonly stage: string;
  /** What was seen and what to do. */
  readonly reason: string;
}

/** How often one error was seen. */
export interface ErrorCount {
  /** Sluice's stable code, `CONNECT_...`. */
  readonly code: string;
  readonly connector: string;
  /** Null: of the connector itself. */
  readonly task: number | null;
  readonly count: number;
  readonly last_seen_ms: number;
  readonly last_message: string;
}

/** One remark on a config. */
export interface LintFinding {
  readonly severity: 'error' | 'warning';
  /** E.g. `unknown-key`, `deprecated-key`, `plain-secret`, `impossible-combination`. */
  readonly rule: string;
  /** Null: about the config as a whole. */
  readonly key: string | null;
  readonly message: string;
  /** The key or value that was probably meant. */
  readonly suggestion: string | null;
}

/** `POST /sluice/v1/lint`. */
export interface LintReport {
  readonly findings: readonly LintFinding[];
}

/** `POST /sluice/v1/preview`: try a config on some records without deploying it. */
export interface PreviewRequest {
  readonly config: ConnectorConfigInput;
  /** How many records to sample, 1 to 100. */
  readonly records: number;
}

/** A record after one step, as text for people. */
export interface PreviewStep {
  /** A stage of Connect, `TRANSFORMATION` with its alias, e.g. `transformation:mask`. */
  readonly step: string;
  /** Null: the step dropped the record. */
  readonly record: Readonly<Record<string, string | number | null>> | null;
  /** Why the step failed, null when it did not. */
  readonly error: string | null;
}

export interface PreviewReport {
  readonly records: readonly { readonly steps: readonly PreviewStep[] }[];
  /** What kept the preview from sampling more, e.g. an empty topic. */
  readonly notes: readonly string[];
}

/**
 * What a herder knows beyond Java's API. Unknown connectors are a RestError 404 `Connector <name>
 * not found`.
 */
export interface WorkerInsight {
  health(): Promise<WorkerHealthDetail>;
  /** All tasks of one connector, by number. */
  progress(connector: string): Promise<readonly TaskProgressInfo[]>;
  stalledTasks(): Promise<readonly StalledTask[]>;
  /** By code, then connector and task. @param connector null for all */
  errors(connector: string | null): Promise<readonly ErrorCount[]>;
  lint(config: ConnectorConfigInput): Promise<LintReport>;
  /** @throws RestError 400 when the config is not valid */
  preview(request: PreviewRequest): Promise<PreviewReport>;
}
