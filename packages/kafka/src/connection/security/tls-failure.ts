import { KafkaError } from '../../errors/kafka-error.ts';
import { addressText, type Address } from '../address.ts';

/** What went wrong, and what to change: by the codes of OpenSSL and Node. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED|INVALID_CA|CERT_REJECTED)/,
    "the broker's certificate is signed by nobody that is trusted here. Put its authority (or, " +
      'self-signed, the certificate itself) into "ssl.truststore.location"',
  ],
  [
    /^CERT_HAS_EXPIRED/,
    "the broker's certificate, or one of its authorities, has expired. Renew it on the broker",
  ],
  [
    /^CERT_NOT_YET_VALID/,
    "the broker's certificate is not valid yet. Check the clocks of both machines",
  ],
  [
    /ALTNAME_INVALID/,
    'the broker\'s certificate is for other names. Name the broker in "bootstrap.servers" (and ' +
      'its "advertised.listeners") as its certificate does, have the name added to the ' +
      'certificate, or set "ssl.endpoint.identification.algorithm" to nothing',
  ],
  [
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE)$/,
    'the broker requires a certificate of this client, and had none or a bad one. Set ' +
      '"ssl.keystore.location" (and its type and password)',
  ],
  [
    /ALERT_(CERTIFICATE_UNKNOWN|UNKNOWN_CA|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|ACCESS_DENIED)$/,
    "the broker does not accept this client's certificate. Check the one in " +
      '"ssl.keystore.location": its dates, and whether the broker trusts who signed it',
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS/,
    'broker and client have no TLS version in common. Check "ssl.enabled.protocols" on both sides',
  ],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHER|INSUFFICIENT_SECURITY/,
    'broker and client have no cipher in common, or the broker requires a certificate of this ' +
      'client. Check "ssl.cipher.suites" and "ssl.keystore.location"',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL/,
    'the port does not speak TLS. Check the port and "security.protocol"',
  ],
];

/** A certificate, a key or the agreement on TLS: what stays wrong when it is tried again. */
const LASTING = /CERT|ALTNAME|UNABLE_TO|SELF_SIGNED|INVALID_CA|PATH_LENGTH|ERR_SSL|ERR_TLS/;
/** Node gives up on its own, where our deadline is longer. */
const PASSING = /^ERR_TLS_HANDSHAKE_TIMEOUT$/;

/**
 * The error for a TLS handshake that can't succeed (Java's SslAuthenticationException), or `null`
 * when the error is of the network. Not retriable.
 */
export function tlsFailure(error: Error, address: Address): KafkaError | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!LASTING.test(code) || PASSING.test(code)) return null;
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1];
  // OpenSSL's own messages are lines of numbers and file names; its reason stands apart.
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : '';
  const said = `${reason === '' ? error.message : reason} (${code})`;
  const text = `The TLS handshake with ${addressText(address)} failed: `;
  return new KafkaError(
    'SSL_AUTHENTICATION_FAILED',
    advice === undefined
      ? `${text}${said}. Check the "ssl." keys and the certificates of both sides.`
      : `${text}${advice}. TLS says: ${said}.`,
    { cause: error },
  );
}
