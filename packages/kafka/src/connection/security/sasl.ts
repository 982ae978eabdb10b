import { SaslAuthenticateRequest } from '@sluice/protocol/gen/sasl-authenticate-request';
import { SaslAuthenticateResponse } from '@sluice/protocol/gen/sasl-authenticate-response';
import { SaslHandshakeRequest } from '@sluice/protocol/gen/sasl-handshake-request';
import { SaslHandshakeResponse } from '@sluice/protocol/gen/sasl-handshake-response';
import { brokerError } from '../../errors/broker-error.ts';
import { CODE } from '../../errors/error-codes.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import { addressText } from '../address.ts';
import type { Connection } from '../connection.ts';
import type { SaslSettings } from './sasl-mechanism.ts';
import { scramExchange } from './scram.ts';

/** Sends one message of the exchange and gives the broker's answer. */
export type SaslSend = (message: Buffer) => Promise<Buffer>;

/**
 * Logs in on a fresh connection.
 *
 * @throws KafkaError `SASL_AUTHENTICATION_FAILED` or `UNSUPPORTED_SASL_MECHANISM`, not retriable
 */
export async function authenticate(
  connection: Connection,
  settings: SaslSettings,
  timeoutMs: number,
): Promise<void> {
  const { mechanism, username, password } = settings;
  const broker = addressText(connection.address);
  const what = `Logging in to ${broker} as "${username}" with ${mechanism}`;
  const handshake = await connection.request(
    SaslHandshakeRequest,
    SaslHandshakeResponse,
    () => ({ mechanism }),
    { timeoutMs },
  );
  if (handshake.errorCode !== CODE.NONE) {
    const detail = `the broker offers ${handshake.mechanisms.join(', ') || 'nothing'}`;
    throw brokerError(handshake.errorCode, what, detail);
  }
  const send: SaslSend = async (message) => {
    const answer = await connection.request(
      SaslAuthenticateRequest,
      SaslAuthenticateResponse,
      () => ({ authBytes: message }),
      { timeoutMs },
    );
    if (answer.errorCode !== CODE.NONE) {
      throw brokerError(answer.errorCode, what, answer.errorMessage);
    }
    return answer.authBytes;
  };
  if (mechanism === 'PLAIN') await send(Buffer.from(`\0${username}\0${password}`));
  else await scramExchange(mechanism, username, password, send).catch(refusal(what));
}

/** Names the attempt in errors that the exchange itself raises. */
function refusal(what: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof KafkaError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new KafkaError('SASL_AUTHENTICATION_FAILED', `${what} failed: ${reason}`, {
      cause: error,
    });
  };
}
