import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KafkaError } from '../errors/kafka-error.ts';
import { TransactionError } from './transaction-error.ts';
import {
  type TransactionEvent,
  type TransactionState,
  transactionTransition,
} from './transaction-state.ts';

const cause = new KafkaError('TEST', 'Something failed.');
const abortable = new TransactionError('abort', cause);
const fatal = new TransactionError('new producer', cause);
const other = new TransactionError('abort', cause);

const events = {
  init: { type: 'init' },
  initialized: { type: 'initialized' },
  begin: { type: 'begin' },
  commit: { type: 'commit' },
  abort: { type: 'abort' },
  ended: { type: 'ended' },
  'ended-with-bump': { type: 'ended-with-bump' },
  'failed: abort': { type: 'failed', error: other },
  'failed: new producer': { type: 'failed', error: fatal },
} as const satisfies Record<string, TransactionEvent>;

type Row = Readonly<Partial<Record<keyof typeof events, TransactionState['type']>>>;

/** What each event makes of each state; what is missing must not happen. */
const table: Readonly<Record<TransactionState['type'], Row>> = {
  UNINITIALIZED: { init: 'INITIALIZING', 'failed: new producer': 'FATAL_ERROR' },
  INITIALIZING: {
    initialized: 'READY',
    'failed: abort': 'ABORTABLE_ERROR',
    'failed: new producer': 'FATAL_ERROR',
  },
  READY: { begin: 'IN_TRANSACTION', 'failed: new producer': 'FATAL_ERROR' },
  IN_TRANSACTION: {
    commit: 'COMMITTING_TRANSACTION',
    abort: 'ABORTING_TRANSACTION',
    'failed: abort': 'ABORTABLE_ERROR',
    'failed: new producer': 'FATAL_ERROR',
  },
  COMMITTING_TRANSACTION: {
    ended: 'READY',
    'ended-with-bump': 'INITIALIZING',
    'failed: abort': 'ABORTABLE_ERROR',
    'failed: new producer': 'FATAL_ERROR',
  },
  ABORTING_TRANSACTION: {
    ended: 'READY',
    'ended-with-bump': 'INITIALIZING',
    'failed: abort': 'ABORTING_TRANSACTION',
    'failed: new producer': 'FATAL_ERROR',
  },
  ABORTABLE_ERROR: {
    abort: 'ABORTING_TRANSACTION',
    'failed: abort': 'ABORTABLE_ERROR',
    'failed: new producer': 'FATAL_ERROR',
  },
  FATAL_ERROR: { 'failed: abort': 'FATAL_ERROR', 'failed: new producer': 'FATAL_ERROR' },
};

const states: readonly TransactionState[] = [
  { type: 'UNINITIALIZED' },
  { type: 'INITIALIZING' },
  { type: 'READY' },
  { type: 'IN_TRANSACTION' },
  { type: 'COMMITTING_TRANSACTION' },
  { type: 'ABORTING_TRANSACTION' },
  { type: 'ABORTABLE_ERROR', error: abortable },
  { type: 'FATAL_ERROR', error: fatal },
];

describe('the state of transactions', () => {
  for (const state of states) {
    test(`${state.type} goes where the table says, and nowhere else`, () => {
      const row: Row = table[state.type];
      for (const [name, event] of Object.entries(events)) {
        const expected = Object.entries(row).find(([each]) => each === name)?.[1] ?? null;
        assert.equal(transactionTransition(state, event)?.type ?? null, expected, name);
      }
    });
  }

  test('keeps the first error that an abort cures, but for a fatal one', () => {
    const failed: TransactionState = { type: 'ABORTABLE_ERROR', error: abortable };
    const still = transactionTransition(failed, events['failed: abort']);
    assert.equal(still?.type === 'ABORTABLE_ERROR' && still.error, abortable);
    const ended = transactionTransition(failed, events['failed: new producer']);
    assert.equal(ended?.type === 'FATAL_ERROR' && ended.error, fatal);
  });
});
