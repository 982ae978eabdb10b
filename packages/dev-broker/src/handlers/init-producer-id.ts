import { errorCode, type ErrorName } from '@sluice/protocol';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf } from './partition-answer.ts';

/** Kafka's `transaction.max.timeout.ms`. */
const TRANSACTION_TIMEOUT_MAX_MS = 900_000;
/** Before, clients knew only of epochs that are not valid. */
const FENCED_SINCE_VERSION = 4;

/** InitProducerId: a producer id for idempotent producers, the next epoch for transactional ones. */
export const initProducerId = bindHandler({
  request: InitProducerIdRequest,
  response: InitProducerIdResponse,
  async handle(request, { services, apiVersion }) {
    try {
      const { transactionalId } = request;
      // Kafka too gives idempotent producers a new id instead of a new epoch.
      if (transactionalId === null) return given(await services.producerIds.take(), 0);
      if (request.enable2Pc || request.keepPreparedTxn) return refused('UNSUPPORTED_VERSION');
      const error = await initTransactional(transactionalId, request, services);
      if (typeof error !== 'string') return given(error.producerId, error.epoch);
      const isToldFenced = error !== 'PRODUCER_FENCED' || apiVersion >= FENCED_SINCE_VERSION;
      return refused(isToldFenced ? error : 'INVALID_PRODUCER_EPOCH');
    } catch (error) {
      // Only the disk can be the reason: clients try again.
      refusalOf(error, services);
      return refused('COORDINATOR_NOT_AVAILABLE');
    }
  },
});

async function initTransactional(
  transactionalId: string,
  { transactionTimeoutMs, producerId, producerEpoch }: InitProducerIdRequest,
  { transactions }: BrokerServices,
): Promise<ErrorName | { readonly producerId: number; readonly epoch: number }> {
  if (transactionalId === '') return 'INVALID_REQUEST';
  if (transactionTimeoutMs <= 0 || transactionTimeoutMs > TRANSACTION_TIMEOUT_MAX_MS) {
    return 'INVALID_TRANSACTION_TIMEOUT';
  }
  const claim = producerId === -1 ? null : { producerId, epoch: producerEpoch };
  const { error, producer } = await transactions.init(transactionalId, claim, transactionTimeoutMs);
  return error === 'NONE' ? producer : error;
}

const NOBODY: InitProducerIdResponse = {
  throttleTimeMs: 0,
  errorCode: errorCode('NONE'),
  producerId: -1,
  producerEpoch: -1,
  ongoingTxnProducerId: -1,
  ongoingTxnProducerEpoch: -1,
};

function given(producerId: number, producerEpoch: number): InitProducerIdResponse {
  return { ...NOBODY, producerId, producerEpoch };
}
function refused(error: ErrorName): InitProducerIdResponse {
  return { ...NOBODY, errorCode: errorCode(error) };
}
