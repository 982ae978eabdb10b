import type { IncomingMessage } from 'node:http';
import { RestError } from '../../contract/rest-error.ts';

/** Java has no bound; configs are kilobytes, and a bound keeps one request from filling memory. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The body's text, in UTF-8 whatever charset was named, as Jackson reads it; null without one.
 *
 * @throws RestError 413
 */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > BODY_BYTES_MAX) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return length === 0 ? null : Buffer.concat(chunks, length).toString('utf8');
}

function tooLarge(): RestError {
  return new RestError(413, `HTTP 413 Request Entity Too Large: at most ${BODY_BYTES_MAX} bytes`);
}
