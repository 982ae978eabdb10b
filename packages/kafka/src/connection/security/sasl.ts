import { SaslAuthenticateRequest } from '@sluice/protocol/gen/sasl-authenticate-request';
import { SaslAuthenticateResponse } from '@sluice/protocol/gen/sasl-authenticate-response';
import { SaslHandshakeRequest } from '@sluice/protocol/gen/sasl-handshake-request';
import { SaslHandshakeResponse } from '@sluice/protocol/gen/sasl-handshake-response';
import { brokerError } from '../../errors/broker-error.ts';
import { CODE } from '../../errors/error-codes.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import { addressText } from '../address.ts';
import type { Connection } from '../connection.ts';
import type { LinkOptions } from '../link-options.ts';
import { exchangeFor } from './choose-exchange.ts';

/** A session is renewed when this part of it is over, as in Java (KIP-368) ... */
const RENEWAL_FACTOR = 0.85;
/** ... and up to this much later, so that not all connections do it at once. */
const RENEWAL_JITTER = 0.1;

/**
 * Logs in on a connection. Where the broker ends sessions (`connections.max.reauth.ms`, or with the
 * token), the login is renewed on the same connection in time.
 *
 * @param slackMs - what is on its way to the broker before it, and may take so long
 * @throws KafkaError `SASL_AUTHENTICATION_FAILED`, `UNSUPPORTED_SASL_MECHANISM` and others, not
 *   retriable; `NETWORK_EXCEPTION` when the connection ends, or a token server can't be reached
 */
export async function logIn(
  connection: Connection,
  options: LinkOptions,
  slackMs = 0,
): Promise<void> {
  const { config, clock, random } = options;
  const { sasl, kept } = config.security;
  if (sasl === null) return;
  const timeoutMs = config.requestTimeoutMs + slackMs;
  const broker = addressText(connection.address);
  // Before the broker is told: fetching a token may take its time.
  const exchange = await exchangeFor(sasl, kept, connection.address, options);
  const what = `Logging in to ${broker}${exchange.who} with ${sasl.mechanism}`;
  await handshake(connection, sasl.mechanism, what, timeoutMs);
  let lifetimeMs = 0;
  const send = async (message: Buffer): Promise<Buffer> => {
    const answer = await connection.loginRequest(
      SaslAuthenticateRequest,
      SaslAuthenticateResponse,
      () => ({ authBytes: message }),
      { timeoutMs },
    );
    if (answer.errorCode !== CODE.NONE) {
      throw brokerError(answer.errorCode, what, answer.errorMessage);
    }
    lifetimeMs = answer.sessionLifetimeMs;
    return answer.authBytes;
  };
  try {
    await exchange.run(send);
  } catch (error) {
    kept.tokens?.refused();
    throw named(error, what);
  }
  if (lifetimeMs <= 0) return;
  const renewAfterMs = lifetimeMs * (RENEWAL_FACTOR + random() * RENEWAL_JITTER);
  connection.renewLoginAt(clock.now() + renewAfterMs, (slack) => logIn(connection, options, slack));
}

async function handshake(
  connection: Connection,
  mechanism: string,
  what: string,
  timeoutMs: number,
): Promise<void> {
  const answer = await connection.loginRequest(
    SaslHandshakeRequest,
    SaslHandshakeResponse,
    () => ({ mechanism }),
    { timeoutMs },
  );
  if (answer.errorCode === CODE.NONE) return;
  const detail = `the broker offers ${answer.mechanisms.join(', ') || 'nothing'}`;
  throw brokerError(answer.errorCode, what, detail);
}

/** Names the attempt in errors that the exchange itself raises. */
function named(error: unknown, what: string): KafkaError {
  if (error instanceof KafkaError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new KafkaError('SASL_AUTHENTICATION_FAILED', `${what} failed: ${reason}`, {
    cause: error,
  });
}
