import { ConnectError, javaClassName, type Logger } from '@sluice/api';
import type { DeliveryReport, KafkaAdmin, RecordHeader, RecordProducer } from '@sluice/kafka';
import { renderTrace } from '../../logging/render-trace.ts';
import type { DeadLetterSpec, TaskId } from '../../task-host/contract.ts';
import type { KafkaClients } from '../kafka-clients.ts';
import type { TaskConverters } from '../source/convert.ts';
import type { ErrorContext } from './error-context.ts';
import type { ErrorMetrics } from './error-metrics.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { sourceCoordinates, sourceLetter, type SourceLetter } from './source-dead-letter.ts';
import { messageOf, toError } from './thrown.ts';

/** Every header that explains a dead letter starts so (R5.19). */
const ERROR_HEADER_PREFIX = '__connect.errors.';

const DEAD_LETTER_PARTITIONS = 1;
const CLOSE_MS_MAX = 30_000;

export interface DeadLetterReporterOptions {
  readonly id: TaskId;
  readonly spec: DeadLetterSpec;
  readonly clients: KafkaClients;
  readonly metrics: ErrorMetrics;
  readonly logger: Logger;
  /** Those of a source task, whose records have no bytes yet; a sink's letters need none. */
  readonly converters: TaskConverters | null;
}

/** A failed record as it is sent, and where it came from. */
interface Letter extends SourceLetter {
  readonly timestamp: number | null;
  readonly coordinates: readonly RecordHeader[];
}

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Sends failed records to the dead-letter topic: their bytes, headers and timestamp as consumed,
 * and on wish what went wrong as headers (R5.18, R5.19). Mirrors `DeadLetterQueueReporter`, and does
 * the same for sources, which Java has no dead letters for.
 */
export class DeadLetterReporter implements ErrorReporter {
  readonly #options: DeadLetterReporterOptions;
  readonly #producer: RecordProducer;
  readonly #waiters = new Map<number, Waiter>();
  #nextToken = 0;

  constructor(options: DeadLetterReporterOptions) {
    this.#options = options;
    const { spec, clients, logger } = options;
    this.#producer = clients.createProducer(spec.producerConfig, {
      logger,
      onDelivery: (report) => this.#onDelivery(report),
    });
  }

  /**
   * Creates the topic when it is missing, and makes it known to the producer.
   *
   * @throws ConnectError when that fails: the task does not start without its dead-letter topic
   */
  async setUp(signal: AbortSignal): Promise<void> {
    const { spec, clients, logger } = this.#options;
    const { topic } = spec;
    let admin: KafkaAdmin | null = null;
    try {
      admin = clients.createAdmin(spec.adminConfig, { logger });
      if (!(await admin.describeTopics([topic])).has(topic)) {
        logger.error(`Topic ${topic} doesn't exist. Will attempt to create topic.`);
        await admin.createTopics([
          {
            name: topic,
            partitions: DEAD_LETTER_PARTITIONS,
            replicationFactor: spec.replicationFactor,
            configs: {},
          },
        ]);
      }
      await this.#producer.prepare([topic], signal);
    } catch (cause) {
      throw new ConnectError(
        `Could not initialize dead letter queue with topic=${topic}: ${messageOf(cause)}. With fewer ` +
          'brokers than 3 set errors.deadletterqueue.topic.replication.factor',
        { cause, code: 'CONNECT_DEAD_LETTER_TOPIC' },
      );
    } finally {
      await admin?.close();
    }
  }

  report(context: ErrorContext): Promise<void> | null {
    const { spec, metrics } = this.#options;
    const letter = this.#letter(context);
    if (letter === null) return null;
    metrics.deadLetterRequests += 1;
    const token = this.#nextToken;
    this.#nextToken += 1;
    return new Promise((resolve, reject) => {
      this.#waiters.set(token, { resolve, reject });
      try {
        this.#producer.append({
          topic: spec.topic,
          partition: null,
          key: letter.key,
          value: letter.value,
          headers: spec.isContextInHeaders
            ? [...letter.headers, ...letter.coordinates, ...this.#contextHeaders(context)]
            : letter.headers,
          timestamp: letter.timestamp,
          token,
        });
      } catch (error) {
        this.#waiters.delete(token);
        metrics.deadLetterFailures += 1;
        reject(toError(error));
      }
    });
  }

  async close(): Promise<void> {
    await this.#producer.close({ timeoutMs: CLOSE_MS_MAX });
  }

  /** Settles when the producer's memory has room: dead letters are bounded in bytes too. */
  room(): Promise<void> | null {
    return this.#producer.hasRoom ? null : this.#producer.room();
  }

  #letter({ failed }: ErrorContext): Letter | null {
    if (failed.type === 'sink') {
      const { key, value, headers, timestamp, topic, partition, offset } = failed.record;
      const coordinates = [
        header('topic', topic),
        header('partition', String(partition)),
        header('offset', String(offset)),
      ];
      return { key, value, headers, timestamp: timestamp < 0 ? null : timestamp, coordinates };
    }
    const { converters } = this.#options;
    if (converters === null) return null;
    const { record } = failed;
    const { partition, offset } = sourceCoordinates(record);
    const coordinates = [
      header('topic', record.topic),
      header('source.partition', partition),
      header('source.offset', offset),
    ];
    return { ...sourceLetter(record, converters), timestamp: record.timestamp, coordinates };
  }

  #contextHeaders(context: ErrorContext): readonly RecordHeader[] {
    const { id } = this.#options;
    const { stage, className, error } = context;
    return [
      header('connector.name', id.connector),
      header('task.id', String(id.task)),
      header('stage', stage),
      header('class.name', className),
      header('exception.class.name', javaClassName(error)),
      header('exception.message', error.message === '' ? null : error.message),
      header('exception.stacktrace', `${renderTrace(error)}\n`),
    ];
  }

  #onDelivery(report: DeliveryReport): void {
    const { metrics, logger, spec } = this.#options;
    for (const token of report.tokens) {
      const waiter = this.#waiters.get(token);
      this.#waiters.delete(token);
      if (report.error === null) {
        waiter?.resolve();
        continue;
      }
      metrics.deadLetterFailures += 1;
      waiter?.reject(report.error);
    }
    if (report.error !== null) {
      logger.error(`Could not produce message to dead letter queue. topic=${spec.topic}`, {
        error: report.error,
      });
    }
  }
}

function header(name: string, value: string | null): RecordHeader {
  return {
    key: `${ERROR_HEADER_PREFIX}${name}`,
    value: value === null ? null : Buffer.from(value, 'utf8'),
  };
}
