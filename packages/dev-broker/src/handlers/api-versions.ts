import { encodeResponseFrame, errorCode, type Writer } from '@sluice/protocol';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { bindHandler } from './api-handler.ts';
import type { AdvertisedApi } from './broker-services.ts';

/** ApiVersions: which APIs there are. */
export const apiVersions = bindHandler({
  request: ApiVersionsRequest,
  response: ApiVersionsResponse,
  handle: async (_request, { services }) => answer('NONE', services.apis),
});

/** The answer to a version that is not served: in version 0, which every client reads (KIP-511). */
export function unsupportedApiVersions(
  correlationId: number,
  apis: readonly AdvertisedApi[],
): Writer {
  const response = answer('UNSUPPORTED_VERSION', apis);
  return encodeResponseFrame(ApiVersionsResponse, 0, correlationId, response);
}

function answer(
  error: 'NONE' | 'UNSUPPORTED_VERSION',
  apiKeys: readonly AdvertisedApi[],
): ApiVersionsResponse {
  return {
    errorCode: errorCode(error),
    apiKeys,
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
  };
}
