export { EMPTY_BYTES, type MessageCodec } from './codec.ts';
export { decodeMessage, decodeToEnd, encodeMessage } from './decode-message.ts';
export type { ErrorKind } from './error-kind.ts';
export { errorCode, errorInfo, isRetriable, needsRefresh, whatToDo } from './errors.ts';
export {
  API_INFOS,
  API_KEYS,
  type ApiInfo,
  type ApiListener,
  type ApiName,
} from './gen/api-keys.ts';
export { ERROR_CODES, ERROR_INFOS, type ErrorInfo, type ErrorName } from './gen/error-table.ts';
export { requestHeaderVersion, responseHeaderVersion } from './headers/header-version.ts';
export {
  decodeRequestBody,
  decodeRequestFrame,
  encodeRequestFrame,
  type RequestFrame,
  type RequestFrameHeader,
} from './headers/request-frame.ts';
export {
  correlationIdOf,
  decodeResponseFrame,
  encodeResponseFrame,
} from './headers/response-frame.ts';
export { INT64_MAX } from './int64.ts';
export {
  ProtocolError,
  type ProtocolErrorCode,
  type ProtocolErrorContext,
} from './protocol-error.ts';
export { Reader } from './reader.ts';
export { type LengthMark, Writer } from './writer.ts';
