import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransactionPhase, TransactionState } from './transaction-state.ts';
import {
  type ProducerIdentity,
  type TransactionEvent,
  transactionTransition,
} from './transaction-transition.ts';

const PLACE = { topic: 't', partition: 0 };
const NOW = { producerId: 5, epoch: 3 };
const OLD = { producerId: 5, epoch: 2 };
const OTHER = { producerId: 6, epoch: 3 };

function aTransaction(phase: TransactionPhase, changes: Partial<TransactionState> = {}) {
  const isOpen = phase === 'Ongoing' || phase.startsWith('Prepare');
  const state: TransactionState = {
    transactionalId: 'x',
    producerId: 5,
    epoch: 3,
    lastEpoch: -1,
    timeoutMs: 1000,
    phase,
    partitions: isOpen ? [PLACE] : [],
    groups: isOpen ? ['g'] : [],
    pendingOffsets: [],
    startedMs: isOpen ? 1 : -1,
    ...changes,
  };
  return state;
}

function init(claim: ProducerIdentity | null): TransactionEvent {
  return { type: 'init', claim, timeoutMs: 1000, newProducerId: 77 };
}
function addPartition(producer: ProducerIdentity): TransactionEvent {
  return { type: 'add-partitions', producer, partitions: [PLACE], nowMs: 9 };
}
function commitOffsets(groupId: string): TransactionEvent {
  return { type: 'commit-offsets', producer: NOW, groupId, offsets: [] };
}

const PHASES = ['Empty', 'Ongoing', 'PrepareCommit', 'CompleteCommit', 'CompleteAbort'] as const;
const EVENTS: Readonly<Record<string, TransactionEvent>> = {
  'a new instance': init(null),
  'a claim that holds': init(NOW),
  'a claim of before': init(OLD),
  'a claim with zeros': init({ producerId: 0, epoch: 0 }),
  'a partition': addPartition(NOW),
  'a partition, old epoch': addPartition(OLD),
  'a partition, other id': addPartition(OTHER),
  'a group': { type: 'add-group', producer: NOW, groupId: 'h', nowMs: 9 },
  offsets: commitOffsets('g'),
  'offsets of another group': commitOffsets('h'),
  commit: { type: 'end', producer: NOW, isCommit: true },
  abort: { type: 'end', producer: NOW, isCommit: false },
  'commit, old epoch': { type: 'end', producer: OLD, isCommit: true },
  fence: { type: 'fence' },
  completed: { type: 'completed' },
};
const SAME = '';
const BUSY = 'CONCURRENT_TRANSACTIONS';
const INVALID = 'INVALID_TXN_STATE';
const FENCED = 'PRODUCER_FENCED';
const UNKNOWN = 'INVALID_PRODUCER_ID_MAPPING';
/** For each event and each of the phases: the error, or else the next phase and epoch. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'a new instance': ['Empty 4', BUSY, BUSY, 'Empty 4', 'Empty 4'],
  'a claim that holds': ['Empty 4', BUSY, BUSY, 'Empty 4', 'Empty 4'],
  'a claim of before': [FENCED, FENCED, FENCED, FENCED, FENCED],
  'a claim with zeros': [FENCED, FENCED, FENCED, FENCED, FENCED],
  'a partition': ['Ongoing 3', 'Ongoing 3', BUSY, 'Ongoing 3', 'Ongoing 3'],
  'a partition, old epoch': [FENCED, FENCED, FENCED, FENCED, FENCED],
  'a partition, other id': [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN],
  'a group': ['Ongoing 3', 'Ongoing 3', BUSY, 'Ongoing 3', 'Ongoing 3'],
  offsets: [INVALID, 'Ongoing 3', BUSY, INVALID, INVALID],
  'offsets of another group': [INVALID, INVALID, BUSY, INVALID, INVALID],
  commit: [INVALID, 'PrepareCommit 3', BUSY, SAME, INVALID],
  abort: [INVALID, 'PrepareAbort 3', INVALID, INVALID, SAME],
  'commit, old epoch': [FENCED, FENCED, FENCED, FENCED, FENCED],
  fence: [SAME, 'PrepareAbort 4', SAME, SAME, SAME],
  completed: [SAME, SAME, 'CompleteCommit 3', SAME, SAME],
};

test('the table of phases and events', () => {
  for (const [name, event] of Object.entries(EVENTS)) {
    const row = PHASES.map((phase) => {
      const before = aTransaction(phase);
      const { state, error } = transactionTransition('x', before, event);
      if (state === before) return error === 'NONE' ? SAME : error;
      return `${state?.phase} ${state?.epoch}`;
    });
    assert.deepEqual(row, TABLE[name], name);
  }
});

test('an id that nobody has used begins at epoch 0, and knows nothing else', () => {
  const { state } = transactionTransition('new', null, init(null));
  assert.deepEqual([state?.producerId, state?.epoch, state?.phase], [77, 0, 'Empty']);
  const end: TransactionEvent = { type: 'end', producer: NOW, isCommit: true };
  assert.equal(transactionTransition('new', null, end).error, 'INVALID_PRODUCER_ID_MAPPING');
});

test('a bump whose answer was lost is given again, not twice', () => {
  const first = transactionTransition('x', aTransaction('Empty'), init(NOW)).state;
  assert.deepEqual([first?.epoch, first?.lastEpoch], [4, 3]);
  const again = transactionTransition('x', first, init(NOW));
  assert.deepEqual([again.error, again.state?.epoch], ['NONE', 4]);
});

test('when the epochs are used up, the producer gets a new id', () => {
  const last = aTransaction('CompleteCommit', { epoch: 0x7ffe });
  const { state } = transactionTransition('x', last, init(null));
  assert.deepEqual([state?.producerId, state?.epoch], [77, 0]);
});

test('a transaction begins with its first partition or group, and forgets the one before', () => {
  const done = aTransaction('CompleteCommit', { partitions: [{ topic: 'old', partition: 1 }] });
  const { state } = transactionTransition('x', done, addPartition(NOW));
  assert.deepEqual(state?.partitions, [PLACE]);
  assert.equal(state.startedMs, 9);
  const twice = transactionTransition('x', state, addPartition(NOW)).state;
  assert.deepEqual(twice?.partitions, [PLACE]);
});
