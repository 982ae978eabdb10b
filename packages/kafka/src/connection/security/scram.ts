import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { SaslSend } from './sasl-exchange.ts';

const derive = promisify(pbkdf2);

const HASHES = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' } as const;
const HASH_BYTES = { sha256: 32, sha512: 64 } as const;
const NONCE_BYTES = 24;

/** Fewer would be cheap to guess from; Java's client refuses them too. */
const ITERATIONS_MIN = 4096;
/** Some seconds of work: more is a server that wants to keep this client busy. */
const ITERATIONS_MAX = 10_000_000;

/** No channel binding: "n,,". */
const GS2_HEADER = 'n,,';

/**
 * Logs in by SCRAM (RFC 5802), and makes sure that the server knows the password too. Names and
 * passwords are taken as UTF-8 as they are, as Kafka does on both sides.
 *
 * @throws Error without any secret when the server's part is wrong
 */
export async function scramExchange(
  mechanism: keyof typeof HASHES,
  username: string,
  password: string,
  send: SaslSend,
  nonce: string = randomBytes(NONCE_BYTES).toString('base64url'),
): Promise<void> {
  const hash = HASHES[mechanism];
  const escaped = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const clientFirst = `n=${escaped},r=${nonce}`;
  const serverFirst = (await send(Buffer.from(GS2_HEADER + clientFirst))).toString();
  const challenge = parseChallenge(serverFirst, nonce);

  const salted = await derive(
    password,
    challenge.salt,
    challenge.iterations,
    HASH_BYTES[hash],
    hash,
  );
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const storedKey = createHash(hash).update(clientKey).digest();
  const binding = Buffer.from(GS2_HEADER).toString('base64');
  const withoutProof = `c=${binding},r=${challenge.nonce}`;
  const signed = `${clientFirst},${serverFirst},${withoutProof}`;
  const signature = hmac(storedKey, signed);
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));

  const final = await send(Buffer.from(`${withoutProof},p=${proof.toString('base64')}`));
  checkServer(final.toString(), hmac(hmac(salted, 'Server Key'), signed));
}

interface Challenge {
  readonly nonce: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

function parseChallenge(message: string, clientNonce: string): Challenge {
  const error = attribute(message, 'e');
  if (error !== null) throw new Error(`the server answers "${error}"`);
  const nonce = attribute(message, 'r');
  const salt = attribute(message, 's');
  const iterations = Number(attribute(message, 'i') ?? Number.NaN);
  if (nonce === null || salt === null || !Number.isInteger(iterations)) {
    throw new Error("the server's challenge is malformed");
  }
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) {
    throw new Error("the server's nonce does not continue this client's: it is not meant for it");
  }
  if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
    throw new Error(
      `the server asks for ${iterations} iterations, but between ${ITERATIONS_MIN} and ` +
        `${ITERATIONS_MAX} are accepted`,
    );
  }
  return { nonce, salt: Buffer.from(salt, 'base64'), iterations };
}

function checkServer(message: string, expected: Buffer): void {
  const error = attribute(message, 'e');
  if (error !== null) throw new Error(`the server answers "${error}"`);
  const given = Buffer.from(attribute(message, 'v') ?? '', 'base64');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new Error("the server's signature is wrong: it does not know the password");
}

function attribute(message: string, name: string): string | null {
  const part = message.split(',').find((each) => each.startsWith(`${name}=`));
  return part === undefined ? null : part.slice(2);
}
