import type {
  Converter,
  HeaderConverter,
  Logger,
  SchemaAndValue,
  SinkTask,
  SourceMap,
  SourceTask,
} from '@sluice/api';
import { newErrorMetrics } from '../../src/data-plane/errors/error-metrics.ts';
import type { ErrorReporter } from '../../src/data-plane/errors/error-reporter.ts';
import { LogReporter } from '../../src/data-plane/errors/log-reporter.ts';
import { RetryWithTolerance } from '../../src/data-plane/errors/retry-with-tolerance.ts';
import type { KafkaClients } from '../../src/data-plane/kafka-clients.ts';
import type { TaskConverters } from '../../src/data-plane/source/convert.ts';
import type {
  OffsetText,
  SourceOffsetStore,
} from '../../src/data-plane/source/source-offset-store.ts';
import { TaskControl } from '../../src/data-plane/task-control.ts';
import type { TransformationStep } from '../../src/data-plane/transformation-chain.ts';
import { WorkerSinkTask } from '../../src/data-plane/worker-sink-task.ts';
import { WorkerSourceTask } from '../../src/data-plane/worker-source-task.ts';
import { PluginMetricsRegistry } from '../../src/metrics/plugin-metrics-registry.ts';
import type {
  ErrorHandlingSpec,
  PluginRef,
  SinkTaskSpec,
  SourceTaskSpec,
} from '../../src/task-host/contract.ts';
import { FakeKafka } from './fake-kafka.ts';

const ID = { connector: 'orders', task: 0 };

export const NO_PLUGIN: PluginRef = {
  moduleUrl: 'data:text/javascript,',
  exportName: 'plugin',
  className: 'com.example.Orders',
  version: '1',
};

const NOT_TOLERANT: ErrorHandlingSpec = {
  tolerance: 'none',
  retryTimeoutMs: 0,
  retryDelayMaxMs: 60_000,
  logEnable: false,
  logIncludeMessages: false,
};

const COMMON = {
  id: ID,
  plugin: NO_PLUGIN,
  connectorProps: {},
  taskProps: { 'task.class': 'OrdersTask' },
  keyConverter: { plugin: NO_PLUGIN, props: {} },
  valueConverter: { plugin: NO_PLUGIN, props: {} },
  headerConverter: { plugin: NO_PLUGIN, props: {} },
  transformations: [],
  errors: NOT_TOLERANT,
  target: 'STARTED',
  isolation: 'shared',
  maxHeapMb: null,
  // Commits happen when the test asks for them, or at the end.
  offsetFlushIntervalMs: 3_600_000,
  offsetFlushTimeoutMs: 200,
  isTopicTracked: true,
  metricWindow: { windowMs: 30_000, samples: 2 },
} as const;

export function aSourceTaskSpec(changes: Partial<SourceTaskSpec> = {}): SourceTaskSpec {
  return {
    ...COMMON,
    type: 'source',
    producerConfig: {},
    adminConfig: {},
    topicCreation: null,
    deadLetters: null,
    ...changes,
  };
}

export function aSinkTaskSpec(changes: Partial<SinkTaskSpec> = {}): SinkTaskSpec {
  return {
    ...COMMON,
    type: 'sink',
    consumerConfig: {},
    topics: ['orders'],
    topicsRegex: null,
    deadLetters: null,
    ...changes,
  };
}

/** Strings as UTF-8 and back. A test replaces what it wants to fail. */
export function textConverter(): Converter {
  return {
    configure: () => undefined,
    fromConnectData: (_topic, _schema, value) =>
      typeof value === 'string' ? Buffer.from(value, 'utf8') : null,
    toConnectData: (_topic, bytes): SchemaAndValue => ({
      schema: null,
      value: bytes === null ? null : Buffer.from(bytes).toString('utf8'),
    }),
  };
}

function textHeaderConverter(): HeaderConverter {
  const text = textConverter();
  return {
    configure: () => undefined,
    fromConnectHeader: (topic, _key, schema, value) =>
      text.fromConnectData(topic, schema, value, []),
    toConnectHeader: (topic, _key, bytes) => text.toConnectData(topic, bytes, []),
  };
}

export function textConverters(changes: Partial<TaskConverters> = {}): TaskConverters {
  return {
    key: textConverter(),
    keyClass: 'KeyConverter',
    value: textConverter(),
    valueClass: 'ValueConverter',
    header: textHeaderConverter(),
    headerClass: 'HeaderConverter',
    ...changes,
  };
}

/** A transformation from a function on the value; `null` drops the record. */
export function mapValue(map: (value: string) => string | null): TransformationStep {
  return {
    className: 'MapValue',
    predicate: null,
    negate: false,
    transformation: {
      configure: () => undefined,
      apply: (record) => {
        const value = map(String(record.value));
        return value === null ? null : { ...record, value };
      },
    },
  };
}

/** Keeps every line, so that tests can look for one. */
export class MemoryLogger implements Logger {
  readonly lines: string[] = [];

  trace(message: string): void {
    this.lines.push(`TRACE ${message}`);
  }

  debug(message: string): void {
    this.lines.push(`DEBUG ${message}`);
  }

  info(message: string): void {
    this.lines.push(`INFO ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`WARN ${message}`);
  }

  error(message: string): void {
    this.lines.push(`ERROR ${message}`);
  }

  has(part: string): boolean {
    return this.lines.some((line) => line.includes(part));
  }
}

/** Offsets in memory, by the JSON text of their partition. */
export class MemoryOffsets implements SourceOffsetStore {
  readonly written: OffsetText[][] = [];
  readonly stored = new Map<string, string | null>();
  error: Error | null = null;

  async read(partitions: readonly SourceMap[]): Promise<readonly (SourceMap | null)[]> {
    return partitions.map((each) => {
      const text = this.stored.get(JSON.stringify(each)) ?? null;
      return text === null ? null : JSON.parse(text);
    });
  }

  async write(offsets: readonly OffsetText[]): Promise<void> {
    if (this.error !== null) throw this.error;
    this.written.push([...offsets]);
    for (const { partition, offset } of offsets) this.stored.set(partition, offset);
  }
}

export interface FixtureOptions {
  readonly errors?: Partial<ErrorHandlingSpec>;
  readonly reporters?: readonly ErrorReporter[];
  readonly steps?: readonly TransformationStep[];
  readonly converters?: TaskConverters;
  /** What the task gets in place of the fake clients themselves. */
  readonly clients?: (kafka: FakeKafka) => KafkaClients;
  readonly spec?: {
    readonly offsetFlushIntervalMs?: number;
    readonly offsetFlushTimeoutMs?: number;
  };
}

/** What a task test needs around the task, and what it can look at afterwards. */
export class TaskFixture {
  readonly kafka = new FakeKafka();
  readonly offsets = new MemoryOffsets();
  readonly control = new TaskControl(false);
  readonly logger = new MemoryLogger();
  readonly errorMetrics = newErrorMetrics();
  readonly pluginMetrics = new PluginMetricsRegistry({}, COMMON.metricWindow);
  readonly events: string[] = [];
  readonly #options: FixtureOptions;

  constructor(options: FixtureOptions = {}) {
    this.#options = options;
  }

  source(task: SourceTask, spec: Partial<SourceTaskSpec> = {}): WorkerSourceTask {
    return new WorkerSourceTask({
      ...this.#parts(),
      spec: aSourceTaskSpec({ ...this.#options.spec, ...spec }),
      task,
      offsets: this.offsets,
      offsetsLogger: this.logger,
      setUpReporters: () => Promise.resolve(),
    });
  }

  sink(task: SinkTask, spec: Partial<SinkTaskSpec> = {}): WorkerSinkTask {
    return new WorkerSinkTask({
      ...this.#parts(),
      spec: aSinkTaskSpec({ ...this.#options.spec, ...spec }),
      task,
      setUpReporters: async () => undefined,
    });
  }

  #parts() {
    const { converters, steps, errors, reporters } = this.#options;
    const spec = { ...NOT_TOLERANT, ...errors };
    const logReporters = spec.logEnable
      ? [
          new LogReporter({
            id: ID,
            logger: this.logger,
            metrics: this.errorMetrics,
            includeMessages: spec.logIncludeMessages,
          }),
        ]
      : [];
    return {
      converters: converters ?? textConverters(),
      steps: steps ?? [],
      errors: new RetryWithTolerance({
        id: ID,
        spec,
        reporters: [...logReporters, ...(reporters ?? [])],
        metrics: this.errorMetrics,
        logger: this.logger,
        stopSignal: this.control.stopSignal,
        now: Date.now,
        steadyNow: () => performance.now(),
        random: Math.random,
        sleep: async () => undefined,
      }),
      errorMetrics: this.errorMetrics,
      clients: this.#options.clients?.(this.kafka) ?? this.kafka,
      control: this.control,
      events: {
        onPaused: () => void this.events.push('paused'),
        onResumed: () => void this.events.push('resumed'),
        onTopicUsed: (topic: string) => void this.events.push(`topic ${topic}`),
      },
      logger: this.logger,
      taskLogger: this.logger,
      taskMetrics: this.pluginMetrics.of(),
      now: Date.now,
      steadyNow: () => performance.now(),
    };
  }
}

/** Waits until the condition holds; fails the test with `what` when it does not come to be. */
export async function until(
  what: string,
  condition: () => boolean,
  waitMsMax = 5_000,
): Promise<void> {
  const deadlineMs = Date.now() + waitMsMax;
  while (!condition()) {
    if (Date.now() > deadlineMs)
      throw new Error(`it did not happen within ${waitMsMax} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
