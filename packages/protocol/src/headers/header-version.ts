import { API_INFOS, type ApiInfo } from '../gen/api-keys.ts';
import { ProtocolError } from '../protocol-error.ts';

const API_VERSIONS_KEY = 18;

/**
 * Version of the request header in front of an API's request: 2 where the request is flexible, else
 * 1. Java's `ApiMessageType.requestHeaderVersion`. Also answers for versions that are not known
 * yet, as a broker must to read the ApiVersions request of a newer client.
 *
 * @throws ProtocolError `UnsupportedVersion` when there is no such API.
 */
export function requestHeaderVersion(apiKey: number, apiVersion: number): 1 | 2 {
  return apiVersion >= apiInfo(apiKey).requestFlexibleFrom ? 2 : 1;
}

/**
 * Version of the response header: 1 where the response is flexible, else 0. ApiVersions is the
 * exception: its header is always 0, so that a client can read the answer before it knows what the
 * broker speaks (KIP-511).
 *
 * @throws ProtocolError `UnsupportedVersion` when there is no such API.
 */
export function responseHeaderVersion(apiKey: number, apiVersion: number): 0 | 1 {
  const info = apiInfo(apiKey);
  if (apiKey === API_VERSIONS_KEY) return 0;
  return apiVersion >= info.responseFlexibleFrom ? 1 : 0;
}

function apiInfo(apiKey: number): ApiInfo {
  const info = API_INFOS[apiKey];
  if (info !== undefined) return info;
  throw new ProtocolError(
    'UnsupportedVersion',
    `choose the header for API key ${apiKey}: there is no such API`,
  );
}
