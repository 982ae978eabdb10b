/**
 * What the main thread and a lane say to each other. Calls have an answer, events have none; only
 * control crosses, never a record.
 */
import type { ConfigValue, Props } from '@sluice/api';
import type { OffsetText } from '../data-plane/source/source-offset-store.ts';
import type { LogLevel } from '../logging/log-level.ts';
import type { PluginValue } from '../metrics/plugin-value.ts';
import type {
  ConnectorSpec,
  ConnectorTarget,
  PluginRef,
  PreviewOutcome,
  PreviewSpec,
  ReportedTaskState,
  SinkOffsetAlteration,
  SourceOffsetAlteration,
  TaskId,
  TaskProgress,
  TaskReport,
  TaskSpec,
} from './contract.ts';

/** A call's arguments and answer. */
interface Call<Args, Answer> {
  readonly args: Args;
  readonly answer: Answer;
}

/**
 * One start of a task. A task that was given up may live on for a while beside the next start of
 * the same id; the number tells what each of them reports.
 */
export type Incarnation = number;

/** A task's report, with the start that it is of. */
interface LaneTaskReport extends Omit<TaskReport, 'id' | 'spec'> {
  readonly incarnation: Incarnation;
}

/** What the plug-ins in a lane measure, by the connector or the start of a task they belong to. */
interface LanePluginMetrics {
  readonly connectors: readonly {
    readonly name: string;
    readonly values: readonly PluginValue[];
  }[];
  readonly tasks: readonly {
    readonly incarnation: Incarnation;
    readonly values: readonly PluginValue[];
  }[];
}

/** What the main thread asks of a lane. */
export interface LaneCalls {
  readonly startConnector: Call<ConnectorSpec, null>;
  readonly setConnectorTarget: Call<{ name: string; target: ConnectorTarget }, null>;
  readonly taskConfigs: Call<{ name: string; maxTasks: number }, readonly Props[]>;
  readonly stopConnector: Call<{ name: string }, null>;
  readonly validate: Call<{ plugin: PluginRef; props: Props }, readonly ConfigValue[]>;
  readonly alterOffsets: Call<
    {
      plugin: PluginRef;
      props: Props;
      offsets: readonly (SourceOffsetAlteration | SinkOffsetAlteration)[];
    },
    boolean | null
  >;
  readonly preview: Call<PreviewSpec, PreviewOutcome>;
  readonly startTask: Call<{ incarnation: Incarnation; spec: TaskSpec }, null>;
  readonly pauseTask: Call<{ incarnation: Incarnation }, null>;
  readonly resumeTask: Call<{ incarnation: Incarnation }, null>;
  readonly stopTask: Call<{ incarnation: Incarnation }, null>;
  readonly cancelTask: Call<{ incarnation: Incarnation }, null>;
  readonly taskProgress: Call<{ incarnation: Incarnation }, Omit<TaskProgress, 'id'> | null>;
  readonly taskReports: Call<null, readonly LaneTaskReport[]>;
  readonly pluginMetrics: Call<null, LanePluginMetrics>;
  readonly setLogLevel: Call<{ logger: string; level: LogLevel }, null>;
  readonly ping: Call<null, null>;
}

/** What a lane asks of the main thread. */
export interface HostCalls {
  readonly readOffsets: Call<
    { connector: string; partitions: readonly string[] },
    readonly (string | null)[]
  >;
  readonly writeOffsets: Call<{ connector: string; offsets: readonly OffsetText[] }, null>;
}

/** What a lane tells without being asked. */
export type LaneEvent =
  | {
      readonly type: 'taskStatus';
      readonly incarnation: Incarnation;
      readonly id: TaskId;
      readonly state: ReportedTaskState;
      readonly trace: string | null;
      /** Sluice's code of what failed; `null` unless FAILED. */
      readonly code: string | null;
    }
  /** The task is gone from the lane, everything it held closed. */
  | { readonly type: 'taskEnded'; readonly incarnation: Incarnation }
  | {
      readonly type: 'topicUsed';
      readonly incarnation: Incarnation;
      readonly id: TaskId;
      readonly topic: string;
    }
  | { readonly type: 'connectorFailed'; readonly connector: string; readonly trace: string }
  | { readonly type: 'reconfigurationRequested'; readonly connector: string };

/** What the main thread tells a lane. */
export interface HostEvent {
  /** The connector's set of used topics was reset: each topic counts as new again. */
  readonly type: 'forgetTopics';
  readonly connector: string;
}

/** What a lane is started with (`workerData`). */
export interface LaneOptions {
  readonly kafkaModuleUrl: string;
  readonly levels: ReadonlyMap<string, LogLevel>;
  /** Log lines as JSON objects instead of Java's layout. */
  readonly isJsonLog: boolean;
  /** File descriptors, the same in all threads of a process. */
  readonly logFds: readonly number[];
  /** `sluice.tracing` of the worker. */
  readonly tracing: string;
}
