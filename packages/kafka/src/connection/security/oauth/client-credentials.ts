import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Clock } from '../../../clock.ts';
import { pause } from '../../../clock.ts';
import { KafkaError } from '../../../errors/kafka-error.ts';
import { backoffMs } from '../../backoff.ts';
import { TlsContext } from '../tls-context.ts';
import type { ClientCredentials } from '../sasl-settings.ts';

interface FetchOptions {
  readonly clock: Clock;
  readonly random: () => number;
}

/** Tokens have some kilobytes. */
const ANSWER_MAX_BYTES = 1024 * 1024;
/** Answers that tell of a moment's trouble; all others stay as they are. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Fetches a token by the client credentials grant, again while the server is in trouble, for
 * `sasl.login.retry.backoff.max.ms` at most.
 *
 * @throws KafkaError `SASL_AUTHENTICATION_FAILED` when the server refuses; `NETWORK_EXCEPTION`
 *   (retriable) when it can't be reached. Neither shows the secret or what the server answered.
 */
export async function fetchToken(
  source: ClientCredentials,
  { clock, random }: FetchOptions,
): Promise<string> {
  const deadlineMs = clock.now() + source.retryBackoff.maxMs;
  for (let failures = 0; ; failures++) {
    try {
      return tokenIn(await ask(source), source);
    } catch (error) {
      const failure = asFailure(error, source);
      const waitMs = backoffMs(source.retryBackoff, failures, random);
      if (!failure.isRetriable || clock.now() + waitMs >= deadlineMs) throw failure;
      await pause(waitMs);
    }
  }
}

async function ask(source: ClientCredentials): Promise<Answer> {
  const { endpoint, clientId, clientSecret, scope, isHeaderEncoded } = source;
  const part = (text: string): string => (isHeaderEncoded ? encodeURIComponent(text) : text);
  const login = Buffer.from(`${part(clientId)}:${part(clientSecret)}`).toString('base64');
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== null) form.set('scope', scope);
  const body = form.toString();
  const options: RequestOptions = {
    method: 'POST',
    // No pool: it would hand on connections that others have checked, by their own trust.
    agent: false,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${login}`,
      'cache-control': 'no-cache',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    },
    signal: AbortSignal.timeout(source.connectTimeoutMs + source.readTimeoutMs),
  };
  const tls = source.tls === null ? {} : await new TlsContext(source.tls).agentOptions();
  // Not imported: that would read all that the modules offer, and load Node's whole fetch client.
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage): void => {
      readBody(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, body: text }),
        reject,
      );
    };
    const request =
      endpoint.protocol === 'https:'
        ? process.getBuiltinModule('node:https').request(endpoint, { ...options, ...tls }, onAnswer)
        : process.getBuiltinModule('node:http').request(endpoint, options, onAnswer);
    request.on('error', reject);
    request.end(body);
  });
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes > ANSWER_MAX_BYTES) {
      answer.destroy();
      throw new Error(`it answers with more than ${ANSWER_MAX_BYTES} bytes`);
    }
    pieces.push(buffer);
  }
  return Buffer.concat(pieces).toString();
}

function tokenIn({ status, body }: Answer, source: ClientCredentials): string {
  const fields = fieldsOf(body);
  if (status < 200 || status > 299) {
    // RFC 6749, section 5.2: a word such as "invalid_client". Nothing else of the answer is shown.
    const { error } = fields;
    const word = typeof error === 'string' && /^[\w.-]{1,64}$/.test(error) ? ` ("${error}")` : '';
    throw failed(source, `it answers with status ${status}${word}`, PASSING.has(status));
  }
  const token = fields['access_token'] ?? fields['id_token'];
  if (typeof token === 'string' && token !== '') return token;
  throw failed(source, 'its answer has no "access_token"', false);
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // Whatever it is, it holds no token; the status says the rest.
    return {};
  }
}

function asFailure(error: unknown, source: ClientCredentials): KafkaError {
  if (error instanceof KafkaError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return failed(source, reason, true);
}

function failed(source: ClientCredentials, what: string, isRetriable: boolean): KafkaError {
  const { host, pathname, protocol } = source.endpoint;
  const text =
    `Getting an OAuth token for the client "${source.clientId}" from ` +
    `${protocol}//${host}${pathname}: ${what}.`;
  return isRetriable
    ? new KafkaError('NETWORK_EXCEPTION', `${text} Is the server there?`, { isRetriable })
    : new KafkaError(
        'SASL_AUTHENTICATION_FAILED',
        `${text} Check the client's id and secret, the scope and ` +
          '"sasl.oauthbearer.token.endpoint.url".',
      );
}
