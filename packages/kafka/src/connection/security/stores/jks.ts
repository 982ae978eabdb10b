import { hash } from 'node:crypto';
import { DER, DerValue } from './der.ts';
import type { KeyEntry, KeyStore, StorePasswords } from './key-store.ts';
import { StoreError, wrongKeyPassword, wrongPassword } from './store-error.ts';

export const JKS_MAGIC = 0xfeed_feed;

const DIGEST_BYTES = 20;
/** Java's key protection, which exists nowhere else. */
const KEY_PROTECTOR = '1.3.6.1.4.1.42.2.17.1.1';
/** Hashed in between the password and the content; part of the format. */
const WHITENER = 'Mighty Aphrodite';

const KEY_ENTRY = 1;
const TRUSTED_ENTRY = 2;
const VERSION_WITH_TYPES = 2;

/** Reads a Java key store ("JKS"). @throws StoreError */
export function readJks(bytes: Buffer, passwords: StorePasswords): KeyStore {
  if (passwords.store !== null) checkIntegrity(bytes, passwords.store);
  const reader = new JksReader(bytes.subarray(0, bytes.length - DIGEST_BYTES));
  reader.int32();
  const hasTypes = reader.int32() === VERSION_WITH_TYPES;
  const keys: KeyEntry[] = [];
  const trusted: Buffer[] = [];
  for (let left = reader.int32(); left > 0; left--) {
    const tag = reader.int32();
    const alias = reader.text();
    reader.skip(8);
    if (tag === TRUSTED_ENTRY) {
      trusted.push(certificate(reader, hasTypes));
    } else if (tag === KEY_ENTRY) {
      const protectedKey = reader.block();
      const chain: Buffer[] = [];
      for (let certs = reader.int32(); certs > 0; certs--) {
        chain.push(certificate(reader, hasTypes));
      }
      const privateKey =
        passwords.key === null ? Buffer.alloc(0) : unprotect(alias, protectedKey, passwords.key);
      keys.push({ alias, privateKey, chain });
    } else {
      throw new StoreError(`it is damaged: entry "${alias}" is of the unknown kind ${tag}`);
    }
  }
  return { keys, trusted };
}

function certificate(reader: JksReader, hasType: boolean): Buffer {
  if (hasType) reader.text();
  return reader.block();
}

function checkIntegrity(bytes: Buffer, password: string): void {
  const end = bytes.length - DIGEST_BYTES;
  const text = Buffer.concat([
    passwordBytes(password),
    Buffer.from(WHITENER),
    bytes.subarray(0, end),
  ]);
  if (!hash('sha1', text, 'buffer').equals(bytes.subarray(end))) throw wrongPassword();
}

/** A stream of hashes, each of the password and the one before, over the key; a hash proves it. */
function unprotect(alias: string, protectedKey: Buffer, password: string): Buffer {
  const info = DerValue.parse(protectedKey);
  const oid = info.child(0, DER.SEQUENCE).child(0, DER.OID).oid;
  if (oid !== KEY_PROTECTOR) {
    throw new StoreError(`its key "${alias}" is protected by ${oid}, which is not known here`);
  }
  const data = info.child(1, DER.OCTETS).octets;
  const secret = passwordBytes(password);
  const keyEnd = data.length - DIGEST_BYTES;
  if (keyEnd < DIGEST_BYTES) throw wrongKeyPassword(alias);
  const key = Buffer.from(data.subarray(DIGEST_BYTES, keyEnd));
  let stream: Buffer = data.subarray(0, DIGEST_BYTES);
  for (let at = 0; at < key.length; at++) {
    const i = at % DIGEST_BYTES;
    if (i === 0) stream = hash('sha1', Buffer.concat([secret, stream]), 'buffer');
    key[at] = (key[at] ?? 0) ^ (stream[i] ?? 0);
  }
  const check = hash('sha1', Buffer.concat([secret, key]), 'buffer');
  if (!check.equals(data.subarray(keyEnd))) throw wrongKeyPassword(alias);
  return key;
}

function passwordBytes(password: string): Buffer {
  return Buffer.from(password, 'utf16le').swap16();
}

/** Numbers with the high byte first, texts and blocks with their length before them. */
class JksReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  int32(): number {
    return this.#take(4).readInt32BE();
  }
  text(): string {
    return this.#take(this.#take(2).readUInt16BE()).toString();
  }
  block(): Buffer {
    return this.#take(this.int32());
  }
  skip(bytes: number): void {
    this.#take(bytes);
  }
  #take(bytes: number): Buffer {
    const end = this.#at + bytes;
    if (bytes < 0 || end > this.#bytes.length) {
      throw new StoreError('it is damaged: it ends in the middle of an entry');
    }
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
