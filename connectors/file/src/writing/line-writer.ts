import type { SinkRecord } from '@sluice/api';
import { EOL } from 'node:os';
import { fileError } from '../file-error.ts';
import type { LineOutput } from './line-output.ts';

const LF = 0x0a;

/** What is left of a batch whose writing was broken off. */
interface Unfinished {
  readonly batch: string;
  readonly rest: Uint8Array;
  /** Whether the file now ends in the middle of a line. */
  readonly isTorn: boolean;
}

/**
 * Writes batches of records, a line each. A batch is handed to the system as one block before `write`
 * settles, so nothing is left to flush.
 *
 * When the disk is full in the middle of a batch, the worker delivers the same batch again: writing
 * then goes on at the byte where it stopped, so that no line is written twice or torn.
 */
export class LineWriter {
  readonly #output: LineOutput;
  readonly #render: (record: SinkRecord) => string;
  #unfinished: Unfinished | null = null;

  /** @param render - a record's line, without its end */
  constructor(output: LineOutput, render: (record: SinkRecord) => string) {
    this.#output = output;
    this.#render = render;
  }

  /** @throws ConnectError, a RetriableError when the batch may be written later */
  async write(records: readonly SinkRecord[]): Promise<void> {
    if (records.length === 0) return;
    const batch = batchName(records);
    const bytes = this.#bytesOf(batch, records);
    let written = 0;
    try {
      while (written < bytes.length) {
        written += await this.#output.write(bytes.subarray(written));
      }
      this.#unfinished = null;
    } catch (error) {
      const rest = bytes.subarray(written);
      const isTorn = written === 0 ? this.#isTorn : bytes[written - 1] !== LF;
      this.#unfinished = { batch, rest, isTorn };
      throw fileError(`write ${records.length} lines to ${this.#output.label}`, error);
    }
  }

  async close(): Promise<void> {
    await this.#output.close();
  }

  get #isTorn(): boolean {
    return this.#unfinished?.isTorn ?? false;
  }

  #bytesOf(batch: string, records: readonly SinkRecord[]): Uint8Array {
    const unfinished = this.#unfinished;
    if (unfinished?.batch === batch) return unfinished.rest;
    let text = this.#isTorn ? EOL : '';
    for (const record of records) text += this.#render(record) + EOL;
    return Buffer.from(text);
  }
}

/** Tells whether a batch is the one delivered before: where it begins and ends, and its size. */
function batchName(records: readonly SinkRecord[]): string {
  const place = (record: SinkRecord | undefined): string =>
    record === undefined
      ? ''
      : `${record.originalTopic}-${record.originalKafkaPartition}@${record.originalKafkaOffset}`;
  return `${place(records[0])}..${place(records.at(-1))}x${records.length}`;
}
