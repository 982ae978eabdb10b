import type { Span } from '@opentelemetry/api';
import type { SinkTask, TopicPartition, TopicPartitionOffset } from '@sluice/api';
import type { RecordColumns, RecordConsumer } from '@sluice/kafka';
import { isRetriableError } from '../data-plane/errors/retriable.ts';
import type { KafkaClients } from '../data-plane/kafka-clients.ts';
import type { Metered } from '../metrics/client-value.ts';
import type { OpenTelemetry } from './open-telemetry.ts';
import { overriding } from './overriding.ts';
import { taskAttributes, type TracedTask } from './task-attributes.ts';

/**
 * How many batches may wait for their commit: between two commits a task may deliver many, and some
 * never commit with Kafka at all. The oldest end without it.
 */
const UNCOMMITTED_MAX = 1_000;

/** What one poll fetched, on its way. */
interface SinkBatch {
  readonly span: Span;
  /** By partition, the offset that has to be committed for all of it to be. */
  readonly uncommitted: Map<string, number>;
}

/**
 * A span for each batch of a sink task, from its fetch over `put` to the commit of its offsets. It
 * watches the task and its consumer from outside, as SourceTracing does.
 */
export class SinkTracing {
  readonly #telemetry: OpenTelemetry;
  readonly #task: TracedTask;
  /** Oldest first. */
  readonly #batches = new Set<SinkBatch>();
  #current: SinkBatch | null = null;

  constructor(telemetry: OpenTelemetry, task: TracedTask) {
    this.#telemetry = telemetry;
    this.#task = task;
  }

  task(task: SinkTask): SinkTask {
    return overriding(task, {
      put: async (records) => {
        // Polls without records are given to the task too: they belong to no batch.
        const batch = records.length > 0 ? this.#current : null;
        try {
          await task.put(records);
          batch?.span.addEvent('put', { 'messaging.batch.message_count': records.length });
        } catch (error) {
          if (batch !== null) this.#failed(batch, error);
          throw error;
        }
      },
    });
  }

  clients(clients: KafkaClients): KafkaClients {
    return overriding(clients, {
      createConsumer: (config, options) => this.#consumer(clients.createConsumer(config, options)),
    });
  }

  /** The task has ended: what is not committed by now is somebody else's. */
  close(): void {
    for (const batch of this.#batches) this.#endUncommitted(batch);
  }

  #consumer(consumer: RecordConsumer & Metered): RecordConsumer & Metered {
    return overriding(consumer, {
      poll: async (timeoutMs) => {
        const parts = await consumer.poll(timeoutMs);
        if (parts.length > 0) this.#begin(parts);
        return parts;
      },
      commit: async (offsets) => {
        await consumer.commit(offsets);
        this.#committed(offsets);
      },
    });
  }

  #begin(parts: readonly RecordColumns[]): void {
    const { tracer, api } = this.#telemetry;
    let records = 0;
    const uncommitted = new Map<string, number>();
    for (const { topic, partition, count, offset } of parts.map(asPart)) {
      if (count === 0) continue;
      records += count;
      uncommitted.set(nameOf({ topic, partition }), offset + 1);
    }
    if (records === 0) return;
    const attributes = {
      ...taskAttributes(this.#task),
      'messaging.operation.type': 'process',
      'messaging.batch.message_count': records,
    };
    const options = { kind: api.SpanKind.CONSUMER, attributes };
    const span = tracer.startSpan(`process ${this.#task.id.connector}`, options, api.ROOT_CONTEXT);
    this.#current = { span, uncommitted };
    this.#batches.add(this.#current);
    const [oldest] = this.#batches;
    if (this.#batches.size > UNCOMMITTED_MAX && oldest !== undefined) this.#endUncommitted(oldest);
  }

  #failed(batch: SinkBatch, error: unknown): void {
    batch.span.recordException(error instanceof Error ? error : String(error));
    if (isRetriableError(error)) return;
    batch.span.setStatus({ code: this.#telemetry.api.SpanStatusCode.ERROR });
  }

  #committed(offsets: readonly TopicPartitionOffset[]): void {
    const committed = new Map(offsets.map((each) => [nameOf(each), each.offset]));
    for (const batch of this.#batches) {
      for (const [name, offset] of batch.uncommitted)
        if ((committed.get(name) ?? -1) >= offset) batch.uncommitted.delete(name);
      if (batch.uncommitted.size > 0) continue;
      batch.span.addEvent('committed');
      batch.span.end();
      this.#batches.delete(batch);
    }
  }

  #endUncommitted(batch: SinkBatch): void {
    batch.span.setAttribute('sluice.committed', false);
    batch.span.end();
    this.#batches.delete(batch);
  }
}

function asPart(columns: RecordColumns): {
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  /** Of the last record. */
  readonly offset: number;
} {
  const { topic, partition, count } = columns;
  return { topic, partition, count, offset: count === 0 ? -1 : columns.offset(count - 1) };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
