import type { Logger } from '@sluice/api';
import type { TaskId } from '../../task-host/contract.ts';
import type { ErrorContext, FailedRecord } from './error-context.ts';
import type { ErrorMetrics } from './error-metrics.ts';
import type { ErrorReporter } from './error-reporter.ts';

export interface LogReporterOptions {
  readonly id: TaskId;
  readonly logger: Logger;
  readonly metrics: ErrorMetrics;
  /** `errors.log.include.messages`: coordinates too, never keys or values of sink records. */
  readonly includeMessages: boolean;
}

/** Writes each failed record to the log (`errors.log.enable`, R5.20), in Java's words. */
export class LogReporter implements ErrorReporter {
  readonly #options: LogReporterOptions;

  constructor(options: LogReporterOptions) {
    this.#options = options;
  }

  report(context: ErrorContext): null {
    const { id, logger, metrics } = this.#options;
    const detail = this.#options.includeMessages ? coordinates(context.failed) : '';
    logger.error(
      `Error encountered in task ${id.connector}-${id.task}. Executing stage ` +
        `'${context.stage}' with class '${context.className}'${detail}.`,
      context.error,
    );
    metrics.errorsLogged += 1;
    return null;
  }

  async close(): Promise<void> {
    // Nothing is held.
  }
}

function coordinates(failed: FailedRecord): string {
  if (failed.type === 'source') {
    const { topic, kafkaPartition, sourcePartition, sourceOffset, timestamp } = failed.record;
    return (
      `, where source record is = SourceRecord{sourcePartition=${text(sourcePartition)}, ` +
      `sourceOffset=${text(sourceOffset)}} ConnectRecord{topic='${topic}', ` +
      `kafkaPartition=${text(kafkaPartition)}, timestamp=${text(timestamp)}}`
    );
  }
  const { topic, partition, offset, timestamp, timestampType } = failed.record;
  const time =
    timestampType === 'NoTimestampType'
      ? ''
      : `, timestamp=${timestamp}, timestampType=${timestampType}`;
  return `, where consumed record is {topic='${topic}', partition=${partition}, offset=${offset}${time}}`;
}

// Source maps hold primitives only; Java prints maps as {key=value}.
function text(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  return `{${Object.entries(value)
    .map(([key, each]) => `${key}=${String(each)}`)
    .join(', ')}}`;
}
