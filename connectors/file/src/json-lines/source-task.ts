import {
  newSourceRecord,
  type Props,
  type SourceMap,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';
import type { LineReader } from '../reading/line-reader.ts';
import { FILENAME_FIELD, isStdin, LINE_FIELD, POSITION_FIELD } from '../reading/source-position.ts';
import { startReading } from '../reading/start-reading.ts';
import { keyOf, parseLine } from './parse-line.ts';
import { JSON_LINES_SOURCE_CONFIG } from './source-config.ts';

const NO_POSITION: SourceMap = { [POSITION_FIELD]: null };

/**
 * Emits the value of each line of JSON, schemaless; blank lines are passed over. A line that is no
 * JSON fails the task once all records before it are out, with file, line and column.
 */
export class JsonLinesSourceTask implements SourceTask {
  #context: SourceTaskContext | null = null;
  #lines: LineReader | null = null;
  #topic = '';
  #batchSize = 0;
  #keyField: string | null = null;
  #partition: SourceMap = {};
  #isPositionKept = false;
  #failure: unknown = null;

  initialize(context: SourceTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    if (this.#context === null) throw new Error('start() was called before initialize()');
    const config = JSON_LINES_SOURCE_CONFIG.parse(props);
    this.#topic = config.topic;
    this.#batchSize = Math.max(1, config['batch.size']);
    this.#keyField = config['key.field'];
    this.#partition = { [FILENAME_FIELD]: config.file };
    this.#isPositionKept = !isStdin(config.file);
    this.#lines = await startReading(this.#context, config.file);
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    const lines = this.#lines;
    if (this.#failure !== null) throw this.#failure;
    if (lines === null || !(await lines.ready(signal))) return null;
    const timestamp = Date.now();
    const records: SourceRecord[] = [];
    try {
      while (records.length < this.#batchSize) {
        const position = lines.position;
        const line = lines.next();
        if (line === null) break;
        const record = this.#recordOf(lines, line, position, timestamp);
        if (record !== null) records.push(record);
      }
    } catch (error) {
      // What came before the bad line is good: it goes out first, the error with the next poll.
      if (records.length === 0) throw error;
      this.#failure = error;
    }
    return records;
  }

  async stop(): Promise<void> {
    await this.#lines?.[Symbol.asyncDispose]();
    this.#lines = null;
  }

  #recordOf(
    lines: LineReader,
    line: string,
    position: number,
    timestamp: number,
  ): SourceRecord | null {
    const place = { file: lines.label, lineNumber: lines.lineNumber, position };
    const value = parseLine(line, place);
    if (value === undefined) return null;
    return newSourceRecord({
      sourcePartition: this.#partition,
      sourceOffset: this.#isPositionKept
        ? { [POSITION_FIELD]: lines.position, [LINE_FIELD]: lines.lineNumber }
        : NO_POSITION,
      topic: this.#topic,
      key: this.#keyField === null ? null : keyOf(value, this.#keyField, place),
      value,
      timestamp,
    });
  }
}
