import { EndTxnRequest } from '@sluice/protocol/gen/end-txn-request';
import { EndTxnResponse } from '@sluice/protocol/gen/end-txn-response';
import { bindHandler } from './api-handler.ts';
import { transactionErrorCode } from './transaction-error.ts';

/** EndTxn: commits or aborts. Answered when every partition has its marker. */
export const endTxn = bindHandler({
  request: EndTxnRequest,
  response: EndTxnResponse,
  async handle(request, { services, apiVersion }) {
    const { transactionalId, producerId, producerEpoch: epoch, committed } = request;
    const code = await transactionErrorCode(apiVersion, () =>
      services.transactions.end(transactionalId, { producerId, epoch }, committed),
    );
    return { throttleTimeMs: 0, errorCode: code, producerId: -1, producerEpoch: -1 };
  },
});
