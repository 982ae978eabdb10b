import path from 'node:path';
import { readFileIfThere, replaceFile } from '../storage/atomic-file.ts';
import { type JsonFields, numberOf, recordOf, recordsOf } from '../storage/json-fields.ts';
import type { ProducerState } from '../producers/producer-states.ts';
import type { EpochStart } from './leader-epochs.ts';
import type { AbortedTransaction, OpenTransaction } from './partition-transactions.ts';

/** What a partition knows beyond its batches, as of `offset`; what came later is in the batches. */
export interface PartitionState {
  readonly offset: number;
  readonly logStartOffset: number;
  readonly epochs: readonly EpochStart[];
  readonly producers: readonly ProducerState[];
  readonly openTransactions: readonly OpenTransaction[];
  readonly abortedTransactions: readonly AbortedTransaction[];
}

const FILE_NAME = 'state.json';

export async function writePartitionState(directory: string, state: PartitionState): Promise<void> {
  await replaceFile(path.join(directory, FILE_NAME), `${JSON.stringify(state)}\n`);
}

/** `null` when there is none or it can't be read: all of it then comes from the batches. */
export async function readPartitionState(directory: string): Promise<PartitionState | null> {
  const text = await readFileIfThere(path.join(directory, FILE_NAME));
  if (text === null) return null;
  try {
    return decodePartitionState(JSON.parse(text));
  } catch {
    return null;
  }
}

function decodePartitionState(value: unknown): PartitionState {
  const state = recordOf(value);
  return {
    offset: numberOf(state, 'offset'),
    logStartOffset: numberOf(state, 'logStartOffset'),
    epochs: recordsOf(state, 'epochs').map((item) => ({
      epoch: numberOf(item, 'epoch'),
      startOffset: numberOf(item, 'startOffset'),
    })),
    producers: recordsOf(state, 'producers').map(decodeProducer),
    openTransactions: recordsOf(state, 'openTransactions').map(decodeOpen),
    abortedTransactions: recordsOf(state, 'abortedTransactions').map((item) => ({
      ...decodeOpen(item),
      lastOffset: numberOf(item, 'lastOffset'),
    })),
  };
}

function decodeOpen(item: JsonFields): OpenTransaction {
  return {
    producerId: numberOf(item, 'producerId'),
    firstOffset: numberOf(item, 'firstOffset'),
  };
}

function decodeProducer(item: JsonFields): ProducerState {
  return {
    producerId: numberOf(item, 'producerId'),
    epoch: numberOf(item, 'epoch'),
    lastHeardMs: numberOf(item, 'lastHeardMs'),
    batches: recordsOf(item, 'batches').map((batch) => ({
      firstSequence: numberOf(batch, 'firstSequence'),
      lastSequence: numberOf(batch, 'lastSequence'),
      baseOffset: numberOf(batch, 'baseOffset'),
      timestamp: numberOf(batch, 'timestamp'),
    })),
  };
}
