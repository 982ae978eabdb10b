import type { Props, SinkRecord, SinkTask, SinkTaskContext } from '@sluice/api';
import { LINE_SINK_CONFIG } from './line-sink-config.ts';
import { LineWriter } from './line-writer.ts';
import { openOutput } from './open-output.ts';

/** The line of a record, without its end. */
export type LineOf = (record: SinkRecord) => string;

/**
 * Appends each record as a line. Mirrors `org.apache.kafka.connect.file.FileStreamSinkTask`; every
 * batch is with the system when `put` settles, so there is nothing to flush.
 */
export class LineSinkTask implements SinkTask {
  readonly #lineOf: LineOf;
  #context: SinkTaskContext | null = null;
  #writer: LineWriter | null = null;

  constructor(lineOf: LineOf) {
    this.#lineOf = lineOf;
  }

  initialize(context: SinkTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    if (this.#context === null) throw new Error('start() was called before initialize()');
    const { file } = LINE_SINK_CONFIG.parse(props);
    const output = await openOutput(file, this.#context.logger);
    this.#writer = new LineWriter(output, this.#lineOf);
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    await this.#writer?.write(records);
  }

  async stop(): Promise<void> {
    await this.#writer?.close();
    this.#writer = null;
  }
}
