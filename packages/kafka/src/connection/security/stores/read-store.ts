import { JKS_MAGIC, readJks } from './jks.ts';
import type { KeyStore, StorePasswords } from './key-store.ts';
import { readPkcs12 } from './pkcs12.ts';
import { StoreError } from './store-error.ts';

const JCEKS_MAGIC = 0xcece_cece;
const SEQUENCE = 0x30;

/**
 * Reads a key store, whichever of the two kinds it is: Java's "JKS" and "PKCS12" both open both
 * (`keystore.type.compat`), so that the type in a config may be the wrong one of them.
 *
 * @throws StoreError
 */
export function readStore(bytes: Buffer, passwords: StorePasswords): KeyStore {
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32BE();
  if (magic === JKS_MAGIC) return readJks(bytes, passwords);
  if (magic === JCEKS_MAGIC) {
    throw new StoreError(
      'it is a JCEKS store, which is not read here: "keytool -importkeystore" makes PKCS12 of it',
    );
  }
  if (bytes[0] === SEQUENCE) return readPkcs12(bytes, passwords);
  const isPem = bytes.subarray(0, 5).toString('latin1') === '-----';
  throw new StoreError(
    isPem
      ? 'it is a PEM file: set its "ssl.…store.type" to PEM'
      : 'it is neither a JKS nor a PKCS12 store',
  );
}
