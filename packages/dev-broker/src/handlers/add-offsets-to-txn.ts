import { errorCode } from '@sluice/protocol';
import { AddOffsetsToTxnRequest } from '@sluice/protocol/gen/add-offsets-to-txn-request';
import { AddOffsetsToTxnResponse } from '@sluice/protocol/gen/add-offsets-to-txn-response';
import { bindHandler } from './api-handler.ts';
import { transactionErrorCode } from './transaction-error.ts';

/** AddOffsetsToTxn: tells for which group a transaction will commit offsets. */
export const addOffsetsToTxn = bindHandler({
  request: AddOffsetsToTxnRequest,
  response: AddOffsetsToTxnResponse,
  async handle(request, { services, apiVersion }) {
    const { transactionalId, groupId, producerId, producerEpoch: epoch } = request;
    if (groupId === '') return { throttleTimeMs: 0, errorCode: errorCode('INVALID_GROUP_ID') };
    const code = await transactionErrorCode(apiVersion, () =>
      services.transactions.addGroup(transactionalId, { producerId, epoch }, groupId),
    );
    return { throttleTimeMs: 0, errorCode: code };
  },
});
