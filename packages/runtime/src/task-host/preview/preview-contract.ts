import type { ConnectorSpec, TaskSpec } from '../contract.ts';

/** A config to try out in a thread, without deploying it. */
export interface PreviewSpec {
  readonly connector: ConnectorSpec;
  /** As for a task; a source's `taskProps` are asked of the connector. */
  readonly task: TaskSpec;
  /** At most so many records. */
  readonly records: number;
  /** How long to wait for them. */
  readonly timeoutMs: number;
}

/** A record after one step, as texts for people. */
export interface PreviewedStep {
  readonly step: string;
  /** `null`: the step dropped the record, or failed. */
  readonly record: Readonly<Record<string, string | number | null>> | null;
  readonly error: string | null;
}

/** What became of the sampled records, step by step. */
export interface PreviewOutcome {
  readonly records: readonly { readonly steps: readonly PreviewedStep[] }[];
  readonly notes: readonly string[];
}
