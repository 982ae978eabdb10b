import { ConnectError } from '@sluice/api';
import { RestError } from '@sluice/rest';
import { EXIT_CODE } from './exit-code.ts';
import type { Terminal } from './output/terminal.ts';

const TIMEOUT_MS = 95_000;

/**
 * Asks a worker over REST.
 *
 * @returns the answer, `null` when there is no body
 * @throws RestError what the worker answered; ConnectError when none answers
 */
export async function askWorker(
  baseUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const url = `${baseUrl.replace(/\/+$/, '')}${path}`;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError(
      `No worker answers at ${url}: ${reason}. Is it running, and is --url right?`,
      { code: 'CONNECT_REST_UNREACHABLE', cause: error },
    );
  }
  const text = await response.text();
  const answer = parsed(text);
  if (!response.ok) throw new RestError(response.status, messageOf(answer, text, response.status));
  return answer;
}

/** Says what went wrong and answers the exit code for it. */
export function reportFailure(terminal: Terminal, error: unknown): number {
  const { paint } = terminal;
  if (error instanceof RestError) {
    terminal.error(`${paint.bad(`${error.status}`)} ${error.message}\n`);
    return EXIT_CODE.refused;
  }
  terminal.error(
    `${paint.bad('sluice:')} ${error instanceof Error ? error.message : String(error)}\n`,
  );
  return EXIT_CODE.cannotStart;
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    // An error page of something in between; its status tells what there is to tell.
    return null;
  }
}

function messageOf(answer: unknown, text: string, status: number): string {
  const hasMessage = typeof answer === 'object' && answer !== null && 'message' in answer;
  return hasMessage ? String(answer.message) : text.trim() || `HTTP ${status}`;
}
