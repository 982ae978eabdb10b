import {
  javaText,
  type Props,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
} from '@sluice/api';
import { LineWriter } from '../writing/line-writer.ts';
import { openOutput } from '../writing/open-output.ts';
import { FILE_STREAM_SINK_CONFIG } from './sink-config.ts';

/**
 * Appends each value as a line, in the words of Java's `toString`. Mirrors
 * `org.apache.kafka.connect.file.FileStreamSinkTask`; every batch is with the system when `put`
 * settles, so there is nothing to flush.
 */
export class FileStreamSinkTask implements SinkTask {
  #context: SinkTaskContext | null = null;
  #writer: LineWriter | null = null;

  initialize(context: SinkTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    if (this.#context === null) throw new Error('start() was called before initialize()');
    const { file } = FILE_STREAM_SINK_CONFIG.parse(props);
    const output = await openOutput(file, this.#context.logger);
    this.#writer = new LineWriter(output, lineOf);
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    await this.#writer?.write(records);
  }

  async stop(): Promise<void> {
    await this.#writer?.close();
    this.#writer = null;
  }
}

function lineOf(record: SinkRecord): string {
  return javaText(record.value, record.valueSchema);
}
