import type { TransactionError } from './transaction-error.ts';

/** Where a transactional producer stands. Names as in Java's `TransactionManager.State`. */
export type TransactionState =
  | {
      readonly type:
        | 'UNINITIALIZED'
        | 'INITIALIZING'
        | 'READY'
        | 'IN_TRANSACTION'
        | 'COMMITTING_TRANSACTION'
        | 'ABORTING_TRANSACTION';
    }
  | { readonly type: 'ABORTABLE_ERROR' | 'FATAL_ERROR'; readonly error: TransactionError };

/** What may happen to it. */
export type TransactionEvent =
  /** The caller asks. */
  | { readonly type: 'init' | 'begin' | 'commit' | 'abort' }
  /** The coordinator has given an id and epoch. */
  | { readonly type: 'initialized' }
  /** Committed or aborted. */
  | { readonly type: 'ended' }
  /** Committed or aborted, and a new epoch is needed before the next transaction. */
  | { readonly type: 'ended-with-bump' }
  | { readonly type: 'failed'; readonly error: TransactionError };

type Name = TransactionState['type'];

const MOVES: Readonly<
  Record<Exclude<TransactionEvent['type'], 'failed'>, readonly [readonly Name[], Simple]>
> = {
  init: [['UNINITIALIZED'], 'INITIALIZING'],
  initialized: [['INITIALIZING'], 'READY'],
  begin: [['READY'], 'IN_TRANSACTION'],
  commit: [['IN_TRANSACTION'], 'COMMITTING_TRANSACTION'],
  abort: [['IN_TRANSACTION', 'ABORTABLE_ERROR'], 'ABORTING_TRANSACTION'],
  ended: [['COMMITTING_TRANSACTION', 'ABORTING_TRANSACTION'], 'READY'],
  'ended-with-bump': [['COMMITTING_TRANSACTION', 'ABORTING_TRANSACTION'], 'INITIALIZING'],
};
type Simple = Exclude<Name, 'ABORTABLE_ERROR' | 'FATAL_ERROR'>;

/** The state after an event; `null` when the event must not happen in this state. */
export function transactionTransition(
  state: TransactionState,
  event: TransactionEvent,
): TransactionState | null {
  if (event.type === 'failed') return failed(state, event.error);
  const [from, to] = MOVES[event.type];
  return from.includes(state.type) ? { type: to } : null;
}

/** The first error is kept: those that follow come of it, but for a fatal one. */
function failed(state: TransactionState, error: TransactionError): TransactionState | null {
  if (error.remedy === 'new producer' && state.type !== 'FATAL_ERROR') {
    return { type: 'FATAL_ERROR', error };
  }
  switch (state.type) {
    case 'IN_TRANSACTION':
    case 'COMMITTING_TRANSACTION':
    case 'INITIALIZING':
      return { type: 'ABORTABLE_ERROR', error };
    case 'ABORTING_TRANSACTION':
    case 'ABORTABLE_ERROR':
    case 'FATAL_ERROR':
      return state;
    case 'UNINITIALIZED':
    case 'READY':
      return null;
    default:
      return state satisfies never;
  }
}
