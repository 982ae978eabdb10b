import { DescribeConfigsRequest } from '@sluice/protocol/gen/describe-configs-request';
import { DescribeConfigsResponse } from '@sluice/protocol/gen/describe-configs-response';
import { IncrementalAlterConfigsRequest } from '@sluice/protocol/gen/incremental-alter-configs-request';
import { IncrementalAlterConfigsResponse } from '@sluice/protocol/gen/incremental-alter-configs-response';
import type { Cluster } from '../cluster/cluster.ts';
import { type Retrying, retrying } from '../cluster/retrying.ts';
import { brokerError } from '../errors/broker-error.ts';

type Retry = Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>;

/** Kafka's number for "this resource is a topic". */
const TOPIC_RESOURCE = 2;
const SET = 0;
const DELETE = 1;

/** One key to set, or to take back to the broker's default with `null`. */
export interface ConfigChange {
  readonly name: string;
  readonly value: string | null;
}

/** Every config of the topics, defaults included; sensitive values are `null`. */
export function describeTopicConfigs(
  cluster: Cluster,
  names: readonly string[],
  retry: Retry,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string | null>>> {
  return retrying(cluster.retry(retry), async () => {
    const connection = await cluster.anyBroker();
    const response = await connection.request(
      DescribeConfigsRequest,
      DescribeConfigsResponse,
      () => ({
        resources: names.map((resourceName) => ({
          resourceType: TOPIC_RESOURCE,
          resourceName,
          configurationKeys: null,
        })),
        includeSynonyms: false,
        includeDocumentation: false,
      }),
      { timeoutMs: cluster.config.requestTimeoutMs },
    );
    const found = new Map<string, ReadonlyMap<string, string | null>>();
    for (const { errorCode, errorMessage, resourceName, configs } of response.results) {
      if (errorCode !== 0) {
        const what = `Describing the configs of the topic "${resourceName}"`;
        throw brokerError(errorCode, what, errorMessage);
      }
      found.set(resourceName, new Map(configs.map(({ name, value }) => [name, value])));
    }
    return found;
  });
}

/** Changes single keys and leaves the others (KIP-339). */
export async function alterTopicConfigs(
  cluster: Cluster,
  topic: string,
  changes: readonly ConfigChange[],
  retry: Retry,
): Promise<void> {
  await retrying(cluster.retry(retry), async () => {
    const connection = await cluster.controller();
    const response = await connection.request(
      IncrementalAlterConfigsRequest,
      IncrementalAlterConfigsResponse,
      () => ({
        resources: [
          {
            resourceType: TOPIC_RESOURCE,
            resourceName: topic,
            configs: changes.map(({ name, value }) => ({
              name,
              configOperation: value === null ? DELETE : SET,
              value,
            })),
          },
        ],
        validateOnly: false,
      }),
      { timeoutMs: cluster.config.requestTimeoutMs },
    );
    for (const { errorCode, errorMessage } of response.responses) {
      if (errorCode !== 0) throw brokerError(errorCode, retry.what, errorMessage);
    }
  });
}
