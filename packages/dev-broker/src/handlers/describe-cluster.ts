import { errorCode } from '@sluice/protocol';
import { DescribeClusterRequest } from '@sluice/protocol/gen/describe-cluster-request';
import { DescribeClusterResponse } from '@sluice/protocol/gen/describe-cluster-response';
import { NODE_ID } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';

const BROKERS = 1;
const NO_OPERATIONS = -2_147_483_648;

/** DescribeCluster: the cluster's id and its one node. */
export const describeCluster = bindHandler({
  request: DescribeClusterRequest,
  response: DescribeClusterResponse,
  async handle(request, { services }) {
    const isBrokers = request.endpointType === BROKERS;
    return {
      throttleTimeMs: 0,
      errorCode: errorCode(isBrokers ? 'NONE' : 'MISMATCHED_ENDPOINT_TYPE'),
      errorMessage: isBrokers ? null : 'This is a broker endpoint, not one of a controller.',
      endpointType: BROKERS,
      clusterId: services.clusterId,
      controllerId: NODE_ID,
      brokers: isBrokers
        ? [{ brokerId: NODE_ID, ...services.endpoint, rack: null, isFenced: false }]
        : [],
      clusterAuthorizedOperations: NO_OPERATIONS,
    };
  },
});
