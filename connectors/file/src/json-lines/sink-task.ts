import type { Props, SinkRecord, SinkTask, SinkTaskContext } from '@sluice/api';
import { LineWriter } from '../writing/line-writer.ts';
import { openOutput } from '../writing/open-output.ts';
import { FILE_STREAM_SINK_CONFIG } from '../stream/sink-config.ts';
import { renderValue } from './render-value.ts';

/** Appends each value as a line of JSON; a tombstone is the line `null`. */
export class JsonLinesSinkTask implements SinkTask {
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
  return renderValue(record.value, record.valueSchema);
}
