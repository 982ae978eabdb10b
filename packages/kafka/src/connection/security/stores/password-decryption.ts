import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { DER, type DerValue } from './der.ts';
import { checkIterations, pkcs12Key, PKCS12_PURPOSE, SHA1 } from './pkcs12-key.ts';
import { rc2CbcDecrypt } from './rc2.ts';
import { StoreError } from './store-error.ts';

/** PKCS12's own schemes (RFC 7292, appendix C), all with SHA-1. */
const PKCS12_SCHEMES: ReadonlyMap<string, { readonly cipher: string; readonly keyBytes: number }> =
  new Map([
    ['1.2.840.113549.1.12.1.3', { cipher: 'des-ede3-cbc', keyBytes: 24 }],
    ['1.2.840.113549.1.12.1.4', { cipher: 'des-ede-cbc', keyBytes: 16 }],
    ['1.2.840.113549.1.12.1.5', { cipher: 'rc2', keyBytes: 16 }],
    ['1.2.840.113549.1.12.1.6', { cipher: 'rc2', keyBytes: 5 }],
  ]);
const PKCS12_IV_BYTES = 8;

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';

const PBES2_CIPHERS: ReadonlyMap<string, { readonly cipher: string; readonly keyBytes: number }> =
  new Map([
    ['2.16.840.1.101.3.4.1.2', { cipher: 'aes-128-cbc', keyBytes: 16 }],
    ['2.16.840.1.101.3.4.1.22', { cipher: 'aes-192-cbc', keyBytes: 24 }],
    ['2.16.840.1.101.3.4.1.42', { cipher: 'aes-256-cbc', keyBytes: 32 }],
    ['1.2.840.113549.3.7', { cipher: 'des-ede3-cbc', keyBytes: 24 }],
  ]);

const HMACS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

/**
 * Decrypts what a password protects, by PKCS12's own schemes or by PBES2.
 *
 * @param algorithm - the AlgorithmIdentifier
 * @returns `null` when the password is wrong (as far as the padding tells)
 * @throws StoreError for an algorithm that is not known
 */
export function decryptWithPassword(
  algorithm: DerValue,
  password: string,
  data: Buffer,
): Buffer | null {
  const [oid, parameters] = algorithm.expect(DER.SEQUENCE).children;
  if (oid === undefined || parameters === undefined) throw new StoreError('it is damaged');
  if (oid.oid === PBES2) return decryptPbes2(parameters, password, data);
  const scheme = PKCS12_SCHEMES.get(oid.oid);
  if (scheme === undefined) throw unknown('encryption', oid.oid);
  const salt = parameters.child(0, DER.OCTETS).octets;
  const secret = { password, salt, iterations: parameters.child(1, DER.INTEGER).integer };
  const key = pkcs12Key(SHA1, PKCS12_PURPOSE.KEY, secret, scheme.keyBytes);
  const iv = pkcs12Key(SHA1, PKCS12_PURPOSE.IV, secret, PKCS12_IV_BYTES);
  if (scheme.cipher === 'rc2') return unpadded(rc2CbcDecrypt(key, iv, data));
  // OpenSSL has two-key triple DES under the three-key name only: the first key is the third, too.
  const whole = scheme.keyBytes === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  return decrypt('des-ede3-cbc', whole, iv, data);
}

function decryptPbes2(parameters: DerValue, password: string, data: Buffer): Buffer | null {
  const derivation = parameters.child(0, DER.SEQUENCE);
  const scheme = parameters.child(1, DER.SEQUENCE);
  const kdf = derivation.child(0, DER.OID).oid;
  if (kdf !== PBKDF2) throw unknown('key derivation', kdf);
  const cipherOid = scheme.child(0, DER.OID).oid;
  const cipher = PBES2_CIPHERS.get(cipherOid);
  if (cipher === undefined) throw unknown('encryption', cipherOid);
  const [salt, iterations, ...options] = derivation.child(1, DER.SEQUENCE).children;
  if (salt === undefined || iterations === undefined) throw new StoreError('it is damaged');
  const prf = options.find((each) => each.tag === DER.SEQUENCE)?.child(0, DER.OID).oid;
  const hmac = prf === undefined ? 'sha1' : HMACS.get(prf);
  if (hmac === undefined) throw unknown('key derivation', prf ?? '');
  const count = checkIterations(iterations.integer);
  const key = pbkdf2Sync(password, salt.octets, count, cipher.keyBytes, hmac);
  return decrypt(cipher.cipher, key, scheme.child(1, DER.OCTETS).octets, data);
}

function decrypt(cipher: string, key: Buffer, iv: Buffer, data: Buffer): Buffer | null {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    // Bad padding, or no whole blocks: OpenSSL has no more to say than "wrong password".
    return null;
  }
}

function unpadded(plain: Buffer): Buffer | null {
  const padding = plain.at(-1) ?? 0;
  if (padding < 1 || padding > 8 || padding > plain.length) return null;
  const end = plain.length - padding;
  return plain.subarray(end).every((byte) => byte === padding) ? plain.subarray(0, end) : null;
}

function unknown(what: string, oid: string): StoreError {
  return new StoreError(
    `it uses the ${what} ${oid}, which is not known here; write it anew with a current keytool`,
  );
}
