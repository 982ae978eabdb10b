import type { SourceRecord } from '@sluice/api';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { applyStep, resumeChain, type TransformationStep } from '../transformation-chain.ts';
import type { OnDropped, TransformedBatch } from './source-batch.ts';

export interface SourceTransformationOptions {
  readonly steps: readonly TransformationStep[];
  readonly errors: RetryWithTolerance;
  readonly onDropped: OnDropped;
}

/**
 * Stage TRANSFORMATION: each record through the chain. A record that fails the task is preceded by
 * all the records before it: they are handed on first.
 */
export async function* transformRecords(
  batches: AsyncIterable<readonly SourceRecord[]>,
  options: SourceTransformationOptions,
): AsyncGenerator<TransformedBatch, void, undefined> {
  const { steps } = options;
  for await (const polled of batches) {
    if (steps.length === 0) {
      yield { polled, records: polled };
      continue;
    }
    const kept: SourceRecord[] = [];
    const records: SourceRecord[] = [];
    try {
      await transformBatch(polled, options, kept, records);
    } catch (error) {
      if (records.length > 0) yield { polled: kept, records };
      throw error;
    }
    if (records.length > 0) yield { polled: kept, records };
  }
}

async function transformBatch(
  polled: readonly SourceRecord[],
  options: SourceTransformationOptions,
  kept: SourceRecord[],
  records: SourceRecord[],
): Promise<void> {
  const { steps, errors, onDropped } = options;
  for (const original of polled) {
    let record: SourceRecord | null = original;
    let at = 0;
    try {
      for (const step of steps) {
        record = applyStep(step, record);
        if (record === null) break;
        at += 1;
      }
    } catch (thrown) {
      const input: SourceRecord = record ?? original;
      const failed = { type: 'source', record: original } as const;
      record = await resumeChain(steps, at, input, thrown, failed, errors);
    }
    if (record === null) {
      onDropped(original);
    } else {
      kept.push(original);
      records.push(record);
    }
  }
}
