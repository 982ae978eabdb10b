import type { TaskId } from '../task-host/contract.ts';

/** Every state a connector or task may be shown in. Mirrors `AbstractStatus.State`. */
export type StoredState =
  | 'UNASSIGNED'
  | 'RUNNING'
  | 'PAUSED'
  | 'FAILED'
  | 'DESTROYED'
  | 'RESTARTING'
  | 'STOPPED';

/** What is known of a connector or a task. */
export interface StoredStatus {
  readonly state: StoredState;
  /** `host:port` of the worker that says so. */
  readonly workerId: string;
  /** The herder's generation when it was written: newer wins between workers. */
  readonly generation: number;
  readonly trace: string | null;
  /** The plug-in's version; `null` when it is not known. */
  readonly version: string | null;
}

/** A topic that a connector uses (KIP-558). */
export interface StoredTopicStatus {
  readonly topic: string;
  readonly task: number;
  readonly discoverTimestampMs: number;
}

/** Where states are kept: memory, or a Kafka topic. Mirrors `StatusBackingStore`. */
export interface StatusBackingStore {
  start(): Promise<void>;
  stop(): Promise<void>;
  putConnector(connector: string, status: StoredStatus): void;
  putTask(id: TaskId, status: StoredStatus): void;
  connector(connector: string): StoredStatus | null;
  task(id: TaskId): StoredStatus | null;
  /** Task numbers in order, with their states. */
  tasks(connector: string): readonly { readonly task: number; readonly status: StoredStatus }[];
  connectors(): readonly string[];
  /** Forgets the connector's state and its tasks'. Its topics stay until they are reset. */
  removeConnector(connector: string): void;
  removeTask(id: TaskId): void;
  /** The first to report a topic is kept. */
  putTopic(connector: string, status: StoredTopicStatus): void;
  topics(connector: string): readonly StoredTopicStatus[];
  resetTopics(connector: string): void;
}
