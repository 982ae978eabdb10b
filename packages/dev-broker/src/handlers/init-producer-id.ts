import { errorCode, type ErrorName } from '@sluice/protocol';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import { reasonOf } from '../storage/broker-log.ts';
import { bindHandler } from './api-handler.ts';

/** InitProducerId: a new producer id, or the next epoch of one (KIP-360). */
export const initProducerId = bindHandler({
  request: InitProducerIdRequest,
  response: InitProducerIdResponse,
  async handle(request, { services }) {
    if (request.transactionalId !== null) return refused('TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
    try {
      // Kafka too gives idempotent producers a new id instead of a new epoch.
      return {
        ...NOBODY,
        errorCode: 0,
        producerId: await services.producerIds.take(),
        producerEpoch: 0,
      };
    } catch (error) {
      services.logger.error(`Taking a producer id failed: ${reasonOf(error)}`);
      return refused('COORDINATOR_NOT_AVAILABLE');
    }
  },
});

const NOBODY: InitProducerIdResponse = {
  throttleTimeMs: 0,
  errorCode: 0,
  producerId: -1,
  producerEpoch: -1,
  ongoingTxnProducerId: -1,
  ongoingTxnProducerEpoch: -1,
};

function refused(error: ErrorName): InitProducerIdResponse {
  return { ...NOBODY, errorCode: errorCode(error) };
}
