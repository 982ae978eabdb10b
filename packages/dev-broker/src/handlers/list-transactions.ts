import { errorCode } from '@sluice/protocol';
import { ListTransactionsRequest } from '@sluice/protocol/gen/list-transactions-request';
import { ListTransactionsResponse } from '@sluice/protocol/gen/list-transactions-response';
import { TRANSACTION_PHASES, type TransactionState } from '../transactions/transaction-state.ts';
import { bindHandler } from './api-handler.ts';

/** ListTransactions: the transactional ids there are, or those that fit the filters. */
export const listTransactions = bindHandler({
  request: ListTransactionsRequest,
  response: ListTransactionsResponse,
  async handle(request, { services }) {
    const known: ReadonlySet<string> = new Set(TRANSACTION_PHASES);
    const pattern = patternOf(request.transactionalIdPattern);
    if (pattern === null) return answer('INVALID_REGULAR_EXPRESSION', [], []);
    const nowMs = services.now();
    const isWanted = (state: TransactionState): boolean =>
      isIn(request.stateFilters, state.phase) &&
      isIn(request.producerIdFilters, state.producerId) &&
      pattern.test(state.transactionalId) &&
      (request.durationFilter < 0 ||
        (state.startedMs >= 0 && nowMs - state.startedMs > request.durationFilter));
    const unknown = request.stateFilters.filter((name) => !known.has(name));
    return answer('NONE', unknown, services.transactions.list().filter(isWanted));
  },
});

function isIn<T>(filter: readonly T[], value: T): boolean {
  return filter.length === 0 || filter.includes(value);
}

/** `null` when the text is no regular expression. */
function patternOf(text: string | null): RegExp | null {
  try {
    return new RegExp(`^(?:${text === null || text === '' ? '.*' : text})$`, 's');
  } catch {
    return null;
  }
}

function answer(
  error: 'NONE' | 'INVALID_REGULAR_EXPRESSION',
  unknownStateFilters: readonly string[],
  states: readonly TransactionState[],
): ListTransactionsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(error),
    unknownStateFilters,
    transactionStates: states.map(({ transactionalId, producerId, phase }) => ({
      transactionalId,
      producerId,
      transactionState: phase,
    })),
  };
}
