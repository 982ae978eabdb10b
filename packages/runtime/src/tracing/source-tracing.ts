import type { Span } from '@opentelemetry/api';
import type { SourceTask } from '@sluice/api';
import type { ColumnProducer, DeliveryReport } from '@sluice/kafka';
import type { KafkaClients } from '../data-plane/kafka-clients.ts';
import type { Metered } from '../metrics/client-value.ts';
import type { OpenTelemetry } from './open-telemetry.ts';
import { overriding } from './overriding.ts';
import { taskAttributes, type TracedTask } from './task-attributes.ts';

/** What one poll returned, on its way. */
interface SourceBatch {
  readonly span: Span;
  /** Records that the producer has and Kafka has not acknowledged. */
  unacknowledged: number;
  /** Whether all of it has been handed to the producer, or dropped. */
  isSent: boolean;
}

/**
 * A span for each batch of a source task, from the return of its `poll` to the acknowledgement of
 * its last record. It watches the task and its producer from outside, so that a task that is not
 * traced does nothing for it. What becomes of a record is known by its token.
 */
export class SourceTracing {
  readonly #telemetry: OpenTelemetry;
  readonly #task: TracedTask;
  readonly #batches = new Set<SourceBatch>();
  readonly #byToken = new Map<number, SourceBatch>();
  /** The one whose records the producer is being given. */
  #current: SourceBatch | null = null;

  constructor(telemetry: OpenTelemetry, task: TracedTask) {
    this.#telemetry = telemetry;
    this.#task = task;
  }

  task(task: SourceTask): SourceTask {
    return overriding(task, {
      poll: async (signal) => {
        // The batch before has been handed on: the next one is asked for when there is room.
        this.#sent();
        const records = await task.poll(signal);
        if (records !== null && records.length > 0) this.#begin(records.length);
        return records;
      },
    });
  }

  clients(clients: KafkaClients): KafkaClients {
    return overriding(clients, {
      createProducer: (config, options) => {
        const onDelivery = (report: DeliveryReport): void => {
          this.#delivered(report);
          options.onDelivery(report);
        };
        return this.#producer(clients.createProducer(config, { ...options, onDelivery }));
      },
    });
  }

  /** The task has ended: what is still under way never gets an answer here. */
  close(): void {
    this.#sent();
    for (const { span } of this.#batches) {
      span.setAttribute('sluice.acknowledged', false);
      span.end();
    }
    this.#batches.clear();
    this.#byToken.clear();
  }

  #producer(producer: ColumnProducer & Metered): ColumnProducer & Metered {
    return overriding(producer, {
      appendColumns: (columns, from = 0) => {
        const next = producer.appendColumns(columns, from);
        const batch = this.#current;
        if (batch === null) return next;
        for (let at = from; at < next; at++) {
          const token = columns.tokens[at];
          if (token === undefined) continue;
          this.#byToken.set(token, batch);
          batch.unacknowledged += 1;
        }
        return next;
      },
    });
  }

  #begin(records: number): void {
    const { tracer, api } = this.#telemetry;
    const attributes = {
      ...taskAttributes(this.#task),
      'messaging.operation.type': 'send',
      'messaging.batch.message_count': records,
    };
    const options = { kind: api.SpanKind.PRODUCER, attributes };
    const span = tracer.startSpan(`send ${this.#task.id.connector}`, options, api.ROOT_CONTEXT);
    this.#current = { span, unacknowledged: 0, isSent: false };
    this.#batches.add(this.#current);
  }

  #sent(): void {
    const batch = this.#current;
    this.#current = null;
    if (batch === null) return;
    batch.isSent = true;
    batch.span.addEvent('sent');
    this.#endIfDone(batch);
  }

  #delivered({ tokens, error }: DeliveryReport): void {
    const touched = new Set<SourceBatch>();
    for (const token of tokens) {
      const batch = this.#byToken.get(token);
      if (batch === undefined) continue;
      this.#byToken.delete(token);
      batch.unacknowledged -= 1;
      touched.add(batch);
    }
    for (const batch of touched) {
      if (error !== null) {
        batch.span.recordException(error);
        batch.span.setStatus({ code: this.#telemetry.api.SpanStatusCode.ERROR });
      }
      this.#endIfDone(batch);
    }
  }

  #endIfDone(batch: SourceBatch): void {
    if (!batch.isSent || batch.unacknowledged > 0) return;
    this.#batches.delete(batch);
    batch.span.end();
  }
}
