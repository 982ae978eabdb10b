import {
  newSourceRecord,
  STRING_SCHEMA,
  type Props,
  type SourceMap,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';
import type { LineReader } from '../reading/line-reader.ts';
import { FILENAME_FIELD, isStdin, POSITION_FIELD } from '../reading/source-position.ts';
import { startReading } from '../reading/start-reading.ts';
import { FILE_STREAM_SOURCE_CONFIG } from './source-config.ts';

/**
 * Emits each line as a string. Mirrors `org.apache.kafka.connect.file.FileStreamSourceTask`, but
 * positions count bytes (Java counts characters and then skips bytes), and lines that did not fit
 * into a batch come with the next poll (Java holds them back until more is written).
 */
export class FileStreamSourceTask implements SourceTask {
  #context: SourceTaskContext | null = null;
  #lines: LineReader | null = null;
  #topic = '';
  #batchSize = 0;
  #partition: SourceMap = {};
  #isPositionKept = false;

  initialize(context: SourceTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    if (this.#context === null) throw new Error('start() was called before initialize()');
    const config = FILE_STREAM_SOURCE_CONFIG.parse(props);
    this.#topic = config.topic;
    this.#batchSize = Math.max(1, config['batch.size']);
    this.#partition = { [FILENAME_FIELD]: config.file };
    this.#isPositionKept = !isStdin(config.file);
    this.#lines = await startReading(this.#context, config.file);
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    const lines = this.#lines;
    if (lines === null || !(await lines.ready(signal))) return null;
    const timestamp = Date.now();
    const records: SourceRecord[] = [];
    while (records.length < this.#batchSize) {
      const value = lines.next();
      if (value === null) break;
      records.push(
        newSourceRecord({
          sourcePartition: this.#partition,
          sourceOffset: { [POSITION_FIELD]: this.#isPositionKept ? lines.position : null },
          topic: this.#topic,
          valueSchema: STRING_SCHEMA,
          value,
          timestamp,
        }),
      );
    }
    return records;
  }

  async stop(): Promise<void> {
    await this.#lines?.[Symbol.asyncDispose]();
    this.#lines = null;
  }
}
