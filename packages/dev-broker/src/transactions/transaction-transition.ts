import type { ErrorName } from '@sluice/protocol';
import type { CommittedOffset, GroupPartition } from '../groups/committed-offset.ts';
import { holdsPartition, isPrepared, type TransactionState } from './transaction-state.ts';

/** Who speaks for a transactional id. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly epoch: number;
}

/** What may happen to a transactional id. */
export type TransactionEvent =
  /** A producer begins (claim `null`), or goes on with a new epoch after an error (KIP-360). */
  | {
      readonly type: 'init';
      readonly claim: ProducerIdentity | null;
      readonly timeoutMs: number;
      /** Taken when the id is new or its epochs are used up. */
      readonly newProducerId: number;
    }
  | {
      readonly type: 'add-partitions';
      readonly producer: ProducerIdentity;
      readonly partitions: readonly GroupPartition[];
      readonly nowMs: number;
    }
  | {
      readonly type: 'add-group';
      readonly producer: ProducerIdentity;
      readonly groupId: string;
      readonly nowMs: number;
    }
  | {
      readonly type: 'commit-offsets';
      readonly producer: ProducerIdentity;
      readonly groupId: string;
      readonly offsets: readonly CommittedOffset[];
    }
  | { readonly type: 'end'; readonly producer: ProducerIdentity; readonly isCommit: boolean }
  /** The transaction took too long, or a new instance of the producer is there: it is aborted. */
  | { readonly type: 'fence' }
  /** Markers and offsets are where they belong. */
  | { readonly type: 'completed' };

/** What an event makes of a transactional id; with an error, everything stays as it was. */
export interface TransactionOutcome {
  readonly state: TransactionState | null;
  readonly error: ErrorName;
}

/** The last epoch that is given to a producer: one is left for fencing it. */
const EPOCH_MAX = 0x7fff - 1;

/**
 * The transaction protocol (its first version, before KIP-890) as a function. Mirrors Kafka's
 * transaction coordinator. `null` is a transactional id that nobody has used.
 */
export function transactionTransition(
  transactionalId: string,
  state: TransactionState | null,
  event: TransactionEvent,
): TransactionOutcome {
  if (event.type === 'init') return init(transactionalId, state, event);
  if (state === null) return refused(state, 'INVALID_PRODUCER_ID_MAPPING');
  switch (event.type) {
    case 'add-partitions':
    case 'add-group':
    case 'commit-offsets':
      return add(state, event);
    case 'end':
      return end(state, event);
    case 'fence':
      return fence(state);
    case 'completed':
      return completed(state);
    default:
      return event satisfies never;
  }
}

function init(
  transactionalId: string,
  state: TransactionState | null,
  event: Extract<TransactionEvent, { type: 'init' }>,
): TransactionOutcome {
  const { timeoutMs, newProducerId, claim } = event;
  const fresh: TransactionState = {
    transactionalId,
    producerId: newProducerId,
    epoch: 0,
    lastEpoch: -1,
    timeoutMs,
    phase: 'Empty',
    partitions: [],
    groups: [],
    pendingOffsets: [],
    startedMs: -1,
  };
  if (state === null) return accepted(fresh);
  const isUnderWay = isPrepared(state) || state.phase === 'Ongoing';
  if (claim !== null) {
    const isSameId = claim.producerId === state.producerId;
    // The answer to the last bump was lost: the same epoch is given again.
    if (isSameId && claim.epoch === state.lastEpoch && !isUnderWay) {
      return accepted({ ...state, timeoutMs });
    }
    if (!isSameId || claim.epoch !== state.epoch) return refused(state, 'PRODUCER_FENCED');
  }
  if (isUnderWay) return refused(state, 'CONCURRENT_TRANSACTIONS');
  if (state.epoch >= EPOCH_MAX) return accepted(fresh);
  const lastEpoch = claim === null ? -1 : state.epoch;
  return accepted({ ...state, epoch: state.epoch + 1, lastEpoch, timeoutMs, phase: 'Empty' });
}

function add(
  state: TransactionState,
  event: Extract<TransactionEvent, { type: 'add-partitions' | 'add-group' | 'commit-offsets' }>,
): TransactionOutcome {
  const problem = producerProblem(state, event.producer);
  if (problem !== null) return refused(state, problem);
  if (isPrepared(state)) return refused(state, 'CONCURRENT_TRANSACTIONS');
  if (event.type === 'commit-offsets') {
    const isPart = state.phase === 'Ongoing' && state.groups.includes(event.groupId);
    if (!isPart) return refused(state, 'INVALID_TXN_STATE');
    const { groupId, offsets } = event;
    const pendingOffsets = [...state.pendingOffsets, { groupId, offsets }];
    return accepted({ ...state, pendingOffsets });
  }
  const begun = state.phase === 'Ongoing' ? state : begin(state, event.nowMs);
  if (event.type === 'add-group') {
    if (begun.groups.includes(event.groupId)) return accepted(begun);
    return accepted({ ...begun, groups: [...begun.groups, event.groupId] });
  }
  const added = event.partitions.filter((partition) => !holdsPartition(begun, partition));
  return accepted({ ...begun, partitions: [...begun.partitions, ...added] });
}

function begin(state: TransactionState, nowMs: number): TransactionState {
  const nothing = { partitions: [], groups: [], pendingOffsets: [] };
  return { ...state, ...nothing, phase: 'Ongoing', startedMs: nowMs };
}

function end(
  state: TransactionState,
  { producer, isCommit }: Extract<TransactionEvent, { type: 'end' }>,
): TransactionOutcome {
  const problem = producerProblem(state, producer);
  if (problem !== null) return refused(state, problem);
  switch (state.phase) {
    case 'Ongoing':
      return accepted({ ...state, phase: isCommit ? 'PrepareCommit' : 'PrepareAbort' });
    case 'CompleteCommit':
      // The answer was lost: the same question gets the same answer.
      return isCommit ? accepted(state) : refused(state, 'INVALID_TXN_STATE');
    case 'CompleteAbort':
      return isCommit ? refused(state, 'INVALID_TXN_STATE') : accepted(state);
    case 'PrepareCommit':
      return refused(state, isCommit ? 'CONCURRENT_TRANSACTIONS' : 'INVALID_TXN_STATE');
    case 'PrepareAbort':
      return refused(state, isCommit ? 'INVALID_TXN_STATE' : 'CONCURRENT_TRANSACTIONS');
    case 'Empty':
      return refused(state, 'INVALID_TXN_STATE');
    default:
      return state.phase satisfies never;
  }
}

function fence(state: TransactionState): TransactionOutcome {
  if (state.phase !== 'Ongoing') return accepted(state);
  const bumped = { epoch: state.epoch + 1, lastEpoch: state.epoch };
  return accepted({ ...state, ...bumped, phase: 'PrepareAbort' });
}

function completed(state: TransactionState): TransactionOutcome {
  if (!isPrepared(state)) return accepted(state);
  const nothing = { partitions: [], groups: [], pendingOffsets: [], startedMs: -1 };
  const phase = state.phase === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort';
  return accepted({ ...state, ...nothing, phase });
}

function producerProblem(state: TransactionState, producer: ProducerIdentity): ErrorName | null {
  if (producer.producerId !== state.producerId) return 'INVALID_PRODUCER_ID_MAPPING';
  return producer.epoch === state.epoch ? null : 'PRODUCER_FENCED';
}

function accepted(state: TransactionState): TransactionOutcome {
  return { state, error: 'NONE' };
}
function refused(state: TransactionState | null, error: ErrorName): TransactionOutcome {
  return { state, error };
}
