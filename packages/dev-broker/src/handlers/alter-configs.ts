import { errorCode } from '@sluice/protocol';
import {
  AlterConfigsRequest,
  type AlterConfigsRequestAlterConfigsResource,
} from '@sluice/protocol/gen/alter-configs-request';
import {
  AlterConfigsResponse,
  type AlterConfigsResponseAlterConfigsResourceResponse,
} from '@sluice/protocol/gen/alter-configs-response';
import { plannedConfigs } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { requireTopicResource } from './config-resource.ts';
import { refusalOf } from './partition-answer.ts';

/** AlterConfigs: puts new configs in the place of all that a topic had. For clients of before 2.3. */
export const alterConfigs = bindHandler({
  request: AlterConfigsRequest,
  response: AlterConfigsResponse,
  async handle(request, { services }) {
    const responses = await Promise.all(
      request.resources.map((resource) => alter(resource, request.validateOnly, services)),
    );
    return { throttleTimeMs: 0, responses };
  },
});

async function alter(
  { resourceType, resourceName, configs }: AlterConfigsRequestAlterConfigsResource,
  isOnlyChecked: boolean,
  services: BrokerServices,
): Promise<AlterConfigsResponseAlterConfigsResourceResponse> {
  try {
    const topic = requireTopicResource(resourceType, resourceName, services);
    const changed = plannedConfigs(configs);
    if (!isOnlyChecked) await services.topics.replaceConfigs(topic, changed);
    return { errorCode: errorCode('NONE'), errorMessage: null, resourceType, resourceName };
  } catch (error) {
    const refusal = refusalOf(error, services);
    const answer = { errorCode: refusal.errorCode, errorMessage: refusal.message };
    return { ...answer, resourceType, resourceName };
  }
}
