import { encodeResponseFrame, errorCode, type Writer } from '@sluice/protocol';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { bindHandler } from './api-handler.ts';
import { advertisedApis } from './api-table.ts';

/** ApiVersions: which APIs there are. */
export const apiVersions = bindHandler({
  request: ApiVersionsRequest,
  response: ApiVersionsResponse,
  handle: async () => answer('NONE'),
});

/** The answer to a version that is not served: in version 0, which every client reads (KIP-511). */
export function unsupportedApiVersions(correlationId: number): Writer {
  return encodeResponseFrame(ApiVersionsResponse, 0, correlationId, answer('UNSUPPORTED_VERSION'));
}

function answer(error: 'NONE' | 'UNSUPPORTED_VERSION'): ApiVersionsResponse {
  return {
    errorCode: errorCode(error),
    apiKeys: advertisedApis(),
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
  };
}
