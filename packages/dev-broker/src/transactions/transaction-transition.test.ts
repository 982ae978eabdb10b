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

test('the table of phases and events: error, then phase and epoch', () => {
  const phases = ['Empty', 'Ongoing', 'PrepareCommit', 'CompleteCommit', 'CompleteAbort'] as const;
  const events: Readonly<Record<string, TransactionEvent>> = {
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
  const rows = Object.entries(events).map(([name, event]) => [
    name,
    ...phases.map((phase) => {
      const { state, error } = transactionTransition('x', aTransaction(phase), event);
      return `${error} ${state?.phase} ${state?.epoch}`;
    }),
  ]);
  const same = (error: string): readonly string[] => phases.map((phase) => `${error} ${phase} 3`);
  const busy = 'CONCURRENT_TRANSACTIONS';
  const invalid = 'INVALID_TXN_STATE';
  const [empty, ongoing, prepared, committed, aborted] = phases;
  assert.deepEqual(rows, [
    [
      'a new instance',
      `NONE ${empty} 4`,
      `${busy} ${ongoing} 3`,
      `${busy} ${prepared} 3`,
      `NONE ${empty} 4`,
      `NONE ${empty} 4`,
    ],
    [
      'a claim that holds',
      `NONE ${empty} 4`,
      `${busy} ${ongoing} 3`,
      `${busy} ${prepared} 3`,
      `NONE ${empty} 4`,
      `NONE ${empty} 4`,
    ],
    ['a claim of before', ...same('PRODUCER_FENCED')],
    ['a claim with zeros', ...same('PRODUCER_FENCED')],
    [
      'a partition',
      `NONE ${ongoing} 3`,
      `NONE ${ongoing} 3`,
      `${busy} ${prepared} 3`,
      `NONE ${ongoing} 3`,
      `NONE ${ongoing} 3`,
    ],
    ['a partition, old epoch', ...same('PRODUCER_FENCED')],
    ['a partition, other id', ...same('INVALID_PRODUCER_ID_MAPPING')],
    [
      'a group',
      `NONE ${ongoing} 3`,
      `NONE ${ongoing} 3`,
      `${busy} ${prepared} 3`,
      `NONE ${ongoing} 3`,
      `NONE ${ongoing} 3`,
    ],
    [
      'offsets',
      `${invalid} ${empty} 3`,
      `NONE ${ongoing} 3`,
      `${busy} ${prepared} 3`,
      `${invalid} ${committed} 3`,
      `${invalid} ${aborted} 3`,
    ],
    [
      'offsets of another group',
      `${invalid} ${empty} 3`,
      `${invalid} ${ongoing} 3`,
      `${busy} ${prepared} 3`,
      `${invalid} ${committed} 3`,
      `${invalid} ${aborted} 3`,
    ],
    [
      'commit',
      `${invalid} ${empty} 3`,
      `NONE ${prepared} 3`,
      `${busy} ${prepared} 3`,
      `NONE ${committed} 3`,
      `${invalid} ${aborted} 3`,
    ],
    [
      'abort',
      `${invalid} ${empty} 3`,
      'NONE PrepareAbort 3',
      `${invalid} ${prepared} 3`,
      `${invalid} ${committed} 3`,
      `NONE ${aborted} 3`,
    ],
    ['commit, old epoch', ...same('PRODUCER_FENCED')],
    [
      'fence',
      `NONE ${empty} 3`,
      'NONE PrepareAbort 4',
      `NONE ${prepared} 3`,
      `NONE ${committed} 3`,
      `NONE ${aborted} 3`,
    ],
    [
      'completed',
      `NONE ${empty} 3`,
      `NONE ${ongoing} 3`,
      `NONE ${committed} 3`,
      `NONE ${committed} 3`,
      `NONE ${aborted} 3`,
    ],
  ]);
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
