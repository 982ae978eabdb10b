import type { SinkRecord } from '@sluice/api';
import { consumedRecord } from '../errors/consumed-record.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { applyStep, resumeChain, type TransformationStep } from '../transformation-chain.ts';
import { firstRows, rowOf, type SinkBatch, type SinkPart } from './sink-batch.ts';
import type { SinkMetrics } from './sink-metrics.ts';

export interface SinkTransformationOptions {
  readonly steps: readonly TransformationStep[];
  readonly errors: RetryWithTolerance;
  readonly metrics: SinkMetrics;
}

/** Stage TRANSFORMATION: each record through the chain; filtered records lose their slot. */
export async function* transformRecords(
  batches: AsyncIterable<SinkBatch>,
  options: SinkTransformationOptions,
): AsyncGenerator<SinkBatch, void, undefined> {
  for await (const batch of batches) {
    if (options.steps.length === 0) {
      yield batch;
      continue;
    }
    const parts: SinkPart[] = [];
    for (const part of batch) parts.push(await transformPart(part, options));
    yield parts;
  }
}

async function transformPart(
  part: SinkPart,
  options: SinkTransformationOptions,
): Promise<SinkPart> {
  const { steps, errors, metrics } = options;
  const records: SinkRecord[] = [];
  let rows: number[] | null = null;
  for (let slot = 0; slot < part.records.length; slot++) {
    const original = part.records[slot];
    if (original === undefined) continue;
    const row = rowOf(part, slot);
    let record: SinkRecord | null = original;
    let at = 0;
    try {
      for (const step of steps) {
        record = applyStep(step, record);
        if (record === null) break;
        at += 1;
      }
    } catch (thrown) {
      const input: SinkRecord = record ?? original;
      const failed = { type: 'sink', record: consumedRecord(part.columns, row) } as const;
      record = await resumeChain(steps, at, input, thrown, failed, errors);
    }
    if (record === null) {
      metrics.recordsDropped += 1;
      rows ??= part.rows?.slice(0, records.length) ?? firstRows(records.length);
    } else {
      records.push(record);
      rows?.push(row);
    }
  }
  return { columns: part.columns, records, rows: rows ?? part.rows };
}
