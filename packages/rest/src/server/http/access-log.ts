import type { IncomingMessage, ServerResponse } from 'node:http';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * One line of the access log: the extended NCSA form with the milliseconds behind it, as Java's
 * worker writes it (R1.06). A client that went before its answer has no status.
 */
export function accessLogLine(
  request: IncomingMessage,
  response: ServerResponse,
  at: Date,
  elapsedMs: number,
): string {
  const { method = '-', url = '-', httpVersion, headers, socket } = request;
  const length = response.getHeader('content-length') ?? 0;
  return (
    `${socket.remoteAddress ?? '-'} - - [${ncsaTime(at)}] "${method} ${url} HTTP/${httpVersion}" ` +
    `${response.writableFinished ? response.statusCode : '-'} ${String(length)} "${headers.referer ?? '-'}" ` +
    `"${headers['user-agent'] ?? '-'}" ${Math.round(elapsedMs)}`
  );
}

/** `21/Nov/2026:15:04:05 +0000` */
function ncsaTime(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  return `${date}:${time} +0000`;
}
