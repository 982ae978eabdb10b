import { DescribeClusterRequest } from '@sluice/protocol/gen/describe-cluster-request';
import { DescribeClusterResponse } from '@sluice/protocol/gen/describe-cluster-response';
import type { Cluster } from '../cluster/cluster.ts';
import { type Retrying, retrying } from '../cluster/retrying.ts';
import { brokerError } from '../errors/broker-error.ts';
import type { ClusterDescription } from './contract.ts';

const BROKER_ENDPOINTS = 1;

/** Asks any broker who all of them are. */
export function describeCluster(
  cluster: Cluster,
  retry: Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>,
): Promise<ClusterDescription> {
  return retrying(cluster.retry(retry), async () => {
    const connection = await cluster.anyBroker();
    const response = await connection.request(
      DescribeClusterRequest,
      DescribeClusterResponse,
      () => ({
        includeClusterAuthorizedOperations: false,
        endpointType: BROKER_ENDPOINTS,
        includeFencedBrokers: false,
      }),
      { timeoutMs: cluster.config.requestTimeoutMs },
    );
    if (response.errorCode !== 0) {
      throw brokerError(response.errorCode, retry.what, response.errorMessage);
    }
    const { clusterId, controllerId, brokers } = response;
    const nodes = brokers.map(({ brokerId, host, port }) => ({ id: brokerId, host, port }));
    return { clusterId, controllerId, nodes };
  });
}
