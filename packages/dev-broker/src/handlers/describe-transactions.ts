import { errorCode } from '@sluice/protocol';
import { DescribeTransactionsRequest } from '@sluice/protocol/gen/describe-transactions-request';
import {
  DescribeTransactionsResponse,
  type DescribeTransactionsResponseTransactionState,
} from '@sluice/protocol/gen/describe-transactions-response';
import type { TransactionState } from '../transactions/transaction-state.ts';
import { bindHandler } from './api-handler.ts';

/** DescribeTransactions: what transactional ids are doing. */
export const describeTransactions = bindHandler({
  request: DescribeTransactionsRequest,
  response: DescribeTransactionsResponse,
  async handle(request, { services }) {
    const transactionStates = request.transactionalIds.map((transactionalId) => {
      const state = services.transactions.get(transactionalId);
      return state === null ? { ...NOT_FOUND, transactionalId } : describe(state);
    });
    return { throttleTimeMs: 0, transactionStates };
  },
});

const NOT_FOUND: DescribeTransactionsResponseTransactionState = {
  errorCode: errorCode('TRANSACTIONAL_ID_NOT_FOUND'),
  transactionalId: '',
  transactionState: '',
  transactionTimeoutMs: 0,
  transactionStartTimeMs: 0,
  producerId: 0,
  producerEpoch: 0,
  topics: [],
};

function describe(state: TransactionState): DescribeTransactionsResponseTransactionState {
  const topics = Map.groupBy(state.partitions, ({ topic }) => topic);
  return {
    errorCode: errorCode('NONE'),
    transactionalId: state.transactionalId,
    transactionState: state.phase,
    transactionTimeoutMs: state.timeoutMs,
    transactionStartTimeMs: state.startedMs,
    producerId: state.producerId,
    producerEpoch: state.epoch,
    topics: [...topics].map(([topic, places]) => ({
      topic,
      partitions: places.map(({ partition }) => partition),
    })),
  };
}
