import type {
  ErrantRecordReporter,
  Logger,
  PluginMetrics,
  Props,
  SinkTaskContext,
  TopicPartition,
  TopicPartitionOffset,
} from '@sluice/api';
import { IllegalWorkerStateError } from '@sluice/api';
import type { RecordConsumer } from '@sluice/kafka';
import type { PartitionPauses } from './partition-pauses.ts';
import { partitionKey } from './partition-offsets.ts';

export interface WorkerSinkTaskContextOptions {
  readonly configs: Props;
  readonly logger: Logger;
  readonly pluginMetrics: PluginMetrics;
  readonly consumer: RecordConsumer;
  readonly pauses: PartitionPauses;
  readonly reporter: ErrantRecordReporter | null;
}

/** What a sink task asks of its worker; the loop reads the wishes between calls (R5.02). */
export class WorkerSinkTaskContext implements SinkTaskContext {
  readonly configs: Props;
  readonly logger: Logger;
  readonly pluginMetrics: PluginMetrics;
  readonly #options: WorkerSinkTaskContextOptions;
  readonly #rewinds = new Map<string, TopicPartitionOffset>();
  #timeoutMs: number | null = null;
  #isCommitRequested = false;

  constructor(options: WorkerSinkTaskContextOptions) {
    this.#options = options;
    this.configs = options.configs;
    this.logger = options.logger;
    this.pluginMetrics = options.pluginMetrics;
  }

  offset(offsets: readonly TopicPartitionOffset[]): void {
    for (const each of offsets) this.#rewinds.set(partitionKey(each), each);
  }

  timeout(timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
  }

  assignment(): readonly TopicPartition[] {
    return this.#options.consumer.assignment();
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#requireOwned(partitions, 'pause');
    this.#options.pauses.pauseByTask(partitions);
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#requireOwned(partitions, 'resume');
    this.#options.pauses.resumeByTask(partitions);
  }

  requestCommit(): void {
    this.#isCommitRequested = true;
  }

  errantRecordReporter(): ErrantRecordReporter | null {
    return this.#options.reporter;
  }

  get isCommitRequested(): boolean {
    return this.#isCommitRequested;
  }

  clearCommitRequest(): void {
    this.#isCommitRequested = false;
  }

  /** The wished pause before the next delivery; it counts once. */
  takeTimeout(): number | null {
    const timeoutMs = this.#timeoutMs;
    this.#timeoutMs = null;
    return timeoutMs !== null && timeoutMs > 0 ? timeoutMs : null;
  }

  /** The wished positions; they count once. */
  takeRewinds(): readonly TopicPartitionOffset[] {
    if (this.#rewinds.size === 0) return [];
    const rewinds = [...this.#rewinds.values()];
    this.#rewinds.clear();
    return rewinds;
  }

  #requireOwned(partitions: readonly TopicPartition[], verb: string): void {
    const owned = new Set(this.assignment().map(partitionKey));
    const foreign = partitions.find((each) => !owned.has(partitionKey(each)));
    if (foreign === undefined) return;
    throw new IllegalWorkerStateError(
      `SinkTasks may not ${verb} partitions that are not currently assigned to them: ` +
        partitionKey(foreign),
    );
  }
}
