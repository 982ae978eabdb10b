import type { ServerResponse } from 'node:http';
import type { ResourceAnswer } from '../resource.ts';

const JSON_TYPE = 'application/json';
const NO_CONTENT = 204;

/**
 * Sends an answer whole; for `HEAD` only its head.
 *
 * @param jsonType the JSON type that the client asked for
 */
export function writeAnswer(
  response: ServerResponse,
  answer: ResourceAnswer,
  jsonType = JSON_TYPE,
): void {
  if (response.destroyed || response.headersSent) return;
  const text = answer.text ?? (answer.body === undefined ? null : JSON.stringify(answer.body));
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (text === null) {
    if (answer.status !== NO_CONTENT) response.setHeader('content-length', 0);
    response.end();
    return;
  }
  const bytes = Buffer.from(text, 'utf8');
  response.setHeader('content-type', answer.contentType ?? jsonType);
  response.setHeader('content-length', bytes.length);
  response.end(bytes);
}
