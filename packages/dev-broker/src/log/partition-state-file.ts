import path from 'node:path';
import { readFileIfThere, replaceFile } from '../storage/atomic-file.ts';
import type { ProducerState } from '../producers/producer-states.ts';
import type { EpochStart } from './leader-epochs.ts';

/** What a partition knows beyond its batches, as of `offset`; what came later is in the batches. */
export interface PartitionState {
  readonly offset: number;
  readonly logStartOffset: number;
  readonly epochs: readonly EpochStart[];
  readonly producers: readonly ProducerState[];
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
  const state = fieldsOf(value);
  return {
    offset: numberIn(state, 'offset'),
    logStartOffset: numberIn(state, 'logStartOffset'),
    epochs: listIn(state, 'epochs').map((item) => ({
      epoch: numberIn(item, 'epoch'),
      startOffset: numberIn(item, 'startOffset'),
    })),
    producers: listIn(state, 'producers').map((item) => ({
      producerId: numberIn(item, 'producerId'),
      epoch: numberIn(item, 'epoch'),
      lastTimestamp: numberIn(item, 'lastTimestamp'),
      batches: listIn(item, 'batches').map((batch) => ({
        firstSequence: numberIn(batch, 'firstSequence'),
        lastSequence: numberIn(batch, 'lastSequence'),
        baseOffset: numberIn(batch, 'baseOffset'),
        timestamp: numberIn(batch, 'timestamp'),
      })),
    })),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object');
  return { ...value };
}
function numberIn(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is not a number`);
  return value;
}
function listIn(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new TypeError(`${name} is not a list`);
  return value.map(fieldsOf);
}
