import { decodeResponseFrame } from '@sluice/protocol';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { brokerError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { ApiVersionTable } from './api-version-table.ts';
import type { Connection } from './connection.ts';

const UNSUPPORTED_VERSION = CODE.UNSUPPORTED_VERSION;
/** The error code stands behind the header, which is a correlation id here. */
const ERROR_CODE_START = 4;
const ERROR_CODE_END = 6;
const NEWEST = 4;
const SOFTWARE_NAME = 'sluice';
const SOFTWARE_VERSION = '0.1.0';

/**
 * Asks a broker what it speaks, first in the newest form. A broker that does not know that form
 * says so in version 0 (KIP-511), and is then asked in it.
 */
export async function negotiateVersions(connection: Connection, timeoutMs: number): Promise<void> {
  let response = await ask(connection, NEWEST, timeoutMs).catch(withHint);
  if (response.errorCode === UNSUPPORTED_VERSION) {
    response = await ask(connection, 0, timeoutMs);
  }
  if (response.errorCode !== 0) throw brokerError(response.errorCode, 'Asking for API versions');
  connection.versions = tableOf(response);
}

/** A broker that closes instead of answering its first request mostly expected something else. */
function withHint(error: unknown): never {
  if (!(error instanceof KafkaError) || error.code !== 'NETWORK_EXCEPTION') throw error;
  throw new KafkaError(
    error.code,
    `${error.message}, before it answered anything. Its port may expect another ` +
      '"security.protocol" (TLS or a login), or belong to something that is not Kafka.',
    { isRetriable: error.isRetriable, cause: error },
  );
}

function ask(
  connection: Connection,
  version: number,
  timeoutMs: number,
): Promise<ApiVersionsResponse> {
  const request: ApiVersionsRequest = {
    clientSoftwareName: version >= 3 ? SOFTWARE_NAME : '',
    clientSoftwareVersion: version >= 3 ? SOFTWARE_VERSION : '',
  };
  const decode = (frame: Buffer): ApiVersionsResponse => {
    // A broker that does not know the version answers in version 0, whatever was asked.
    const isRefused =
      frame.length >= ERROR_CODE_END && frame.readInt16BE(ERROR_CODE_START) === UNSUPPORTED_VERSION;
    return decodeResponseFrame(ApiVersionsResponse, isRefused ? 0 : version, frame);
  };
  return connection.firstRequest(ApiVersionsRequest, version, request, decode, timeoutMs);
}

function tableOf(response: ApiVersionsResponse): ApiVersionTable {
  return {
    ranges: new Map(
      response.apiKeys.map((api) => [api.apiKey, { min: api.minVersion, max: api.maxVersion }]),
    ),
    features: new Map(
      response.finalizedFeatures.map((feature) => [feature.name, feature.maxVersionLevel]),
    ),
  };
}
