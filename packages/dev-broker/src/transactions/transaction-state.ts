import type { CommittedOffset, GroupPartition } from '../groups/committed-offset.ts';

/** Phases of a transaction, under the names that clients see. */
export const TRANSACTION_PHASES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
] as const;

export type TransactionPhase = (typeof TRANSACTION_PHASES)[number];

/** Offsets that become a group's when the transaction commits. */
interface PendingOffsets {
  readonly groupId: string;
  readonly offsets: readonly CommittedOffset[];
}

/** All that is known of a transactional id. Never changed, only replaced. */
export interface TransactionState {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  /** The epoch before a bump that the producer may not have heard of; -1: none. */
  readonly lastEpoch: number;
  readonly timeoutMs: number;
  readonly phase: TransactionPhase;
  readonly partitions: readonly GroupPartition[];
  readonly groups: readonly string[];
  readonly pendingOffsets: readonly PendingOffsets[];
  /** Milliseconds since the epoch; -1 when nothing is under way. */
  readonly startedMs: number;
}

/** Whether the decision has fallen, but not everybody knows. */
export function isPrepared({ phase }: TransactionState): boolean {
  return phase === 'PrepareCommit' || phase === 'PrepareAbort';
}

/** Whether the partition is a part of the transaction. */
export function holdsPartition(state: TransactionState, wanted: GroupPartition): boolean {
  return state.partitions.some(
    ({ topic, partition }) => topic === wanted.topic && partition === wanted.partition,
  );
}
