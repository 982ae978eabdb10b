import { errorCode, type ErrorName } from '@sluice/protocol';
import { FindCoordinatorRequest } from '@sluice/protocol/gen/find-coordinator-request';
import {
  FindCoordinatorResponse,
  type FindCoordinatorResponseCoordinator,
} from '@sluice/protocol/gen/find-coordinator-response';
import { NODE_ID } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';

const GROUP = 0;
const TRANSACTION = 1;
/** From this version on, many keys are asked for at once. */
const MANY_SINCE_VERSION = 4;

/** FindCoordinator: this broker, for every group and every transactional id. */
export const findCoordinator = bindHandler({
  request: FindCoordinatorRequest,
  response: FindCoordinatorResponse,
  async handle(request, { services, apiVersion }) {
    if (apiVersion >= MANY_SINCE_VERSION) {
      const coordinators = request.coordinatorKeys.map((key) =>
        coordinatorOf(key, request.keyType, services),
      );
      return { ...NOBODY, coordinators };
    }
    const { key: _, ...own } = coordinatorOf(request.key, request.keyType, services);
    return { ...NOBODY, ...own };
  },
});

/** Fields of the versions that are not spoken stay at their defaults. */
const NOBODY: FindCoordinatorResponse = {
  throttleTimeMs: 0,
  errorCode: 0,
  errorMessage: null,
  nodeId: 0,
  host: '',
  port: 0,
  coordinators: [],
};

function coordinatorOf(
  key: string,
  keyType: number,
  services: BrokerServices,
): FindCoordinatorResponseCoordinator {
  if (keyType === GROUP || keyType === TRANSACTION) {
    const { host, port } = services.endpoint;
    return { key, nodeId: NODE_ID, host, port, errorCode: 0, errorMessage: null };
  }
  return refused(key, 'INVALID_REQUEST', `The dev broker has no coordinators of type ${keyType}`);
}

function refused(
  key: string,
  error: ErrorName,
  errorMessage: string,
): FindCoordinatorResponseCoordinator {
  return { key, nodeId: -1, host: '', port: -1, errorCode: errorCode(error), errorMessage };
}
