import { createHmac, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { DER, DerValue } from './der.ts';
import type { KeyEntry, KeyStore, StorePasswords } from './key-store.ts';
import { decryptWithPassword } from './password-decryption.ts';
import { type Digest, pkcs12Key, PKCS12_PURPOSE, SHA1 } from './pkcs12-key.ts';
import { StoreError, wrongKeyPassword, wrongPassword } from './store-error.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERT_BAG = '1.2.840.113549.1.12.10.1.3';
const NESTED_BAG = '1.2.840.113549.1.12.10.1.6';
const X509 = '1.2.840.113549.1.9.22.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
/** Java's mark on a certificate that is trusted, not just part of some key's chain. */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';

const MAC_DIGESTS: ReadonlyMap<string, Digest> = new Map([
  ['1.3.14.3.2.26', SHA1],
  ['2.16.840.1.101.3.4.2.1', { name: 'sha256', bytes: 32, blockBytes: 64 }],
  ['2.16.840.1.101.3.4.2.2', { name: 'sha384', bytes: 48, blockBytes: 128 }],
  ['2.16.840.1.101.3.4.2.3', { name: 'sha512', bytes: 64, blockBytes: 128 }],
]);

interface Bag {
  readonly alias: string;
  readonly localKeyId: string | null;
}
interface KeyBag extends Bag {
  readonly key: Buffer;
}
interface CertBag extends Bag {
  readonly certificate: Buffer;
  readonly isTrusted: boolean;
}

/** Reads a PKCS12 store (RFC 7292), as keytool and openssl write them. @throws StoreError */
export function readPkcs12(bytes: Buffer, passwords: StorePasswords): KeyStore {
  const pfx = DerValue.parse(bytes).expect(DER.SEQUENCE);
  const safes = contentOf(pfx.child(1, DER.SEQUENCE));
  const mac = pfx.children[2];
  if (mac !== undefined && passwords.store !== null) checkMac(mac, safes, passwords.store);
  const bags = new BagReader(passwords);
  for (const safe of DerValue.parse(safes).children) bags.readSafe(safe);
  return {
    keys: bags.keys.map((key) => entryOf(key, bags.certificates)),
    trusted: bags.certificates.filter((each) => each.isTrusted).map((each) => each.certificate),
  };
}

/** The bytes of a ContentInfo that holds plain data. */
function contentOf(info: DerValue): Buffer {
  const type = info.child(0, DER.OID).oid;
  if (type !== DATA) throw new StoreError(`it holds ${type}, not a password's own data`);
  const content = info.child(1, DER.CONTEXT_0).children[0];
  if (content === undefined) throw new StoreError('it is empty');
  return content.octets;
}

function checkMac(mac: DerValue, content: Buffer, password: string): void {
  const info = mac.child(0, DER.SEQUENCE);
  const oid = info.child(0, DER.SEQUENCE).child(0, DER.OID).oid;
  const digest = MAC_DIGESTS.get(oid);
  if (digest === undefined) {
    throw new StoreError(`its integrity is proven by ${oid}, which is not known here`);
  }
  const salt = mac.child(1, DER.OCTETS).octets;
  const iterations = mac.children[2]?.integer ?? 1;
  const secret = { password, salt, iterations };
  const key = pkcs12Key(digest, PKCS12_PURPOSE.MAC, secret, digest.bytes);
  const found = createHmac(digest.name, key).update(content).digest();
  if (!found.equals(info.child(1, DER.OCTETS).octets)) throw wrongPassword();
}

/** Takes the keys and certificates out of a store's safes. */
class BagReader {
  readonly keys: KeyBag[] = [];
  readonly certificates: CertBag[] = [];
  readonly #passwords: StorePasswords;

  constructor(passwords: StorePasswords) {
    this.#passwords = passwords;
  }

  readSafe(safe: DerValue): void {
    const type = safe.child(0, DER.OID).oid;
    if (type === DATA) this.#readBags(DerValue.parse(contentOf(safe)));
    else if (type === ENCRYPTED_DATA) this.#readBags(this.#open(safe));
    else throw new StoreError(`a part of it is protected by ${type}, not by a password`);
  }

  #open(safe: DerValue): DerValue {
    const password = this.#passwords.store;
    if (password === null) {
      throw new StoreError('its certificates are encrypted, and no password is set');
    }
    const data = safe.child(1, DER.CONTEXT_0).child(0, DER.SEQUENCE).child(1, DER.SEQUENCE);
    const [, algorithm, content] = data.children;
    if (algorithm === undefined || content === undefined) throw new StoreError('it is damaged');
    const plain = decryptWithPassword(algorithm, password, content.octets);
    if (plain === null) throw wrongPassword();
    return DerValue.parse(plain);
  }

  #readBags(bags: DerValue): void {
    for (const bag of bags.children) {
      const type = bag.child(0, DER.OID).oid;
      const value = bag.child(1, DER.CONTEXT_0).children[0];
      if (value === undefined) throw new StoreError('it is damaged');
      const attributes = attributesOf(bag.children[2]);
      const named = {
        alias: friendlyName(attributes),
        localKeyId: attributes.get(LOCAL_KEY_ID)?.octets.toString('hex') ?? null,
      };
      if (type === KEY_BAG) {
        this.keys.push({ ...named, key: encoded(value) });
      } else if (type === SHROUDED_KEY_BAG) {
        this.keys.push({ ...named, key: this.#unshroud(named.alias, value) });
      } else if (type === NESTED_BAG) {
        this.#readBags(value);
      } else if (type === CERT_BAG && value.child(0, DER.OID).oid === X509) {
        const certificate = contentBehindTag(value);
        const isTrusted = attributes.has(TRUSTED_KEY_USAGE);
        this.certificates.push({ ...named, certificate, isTrusted });
      }
      // Revocation lists and secrets are nothing that TLS would use.
    }
  }

  #unshroud(alias: string, info: DerValue): Buffer {
    const password = this.#passwords.key;
    if (password === null) return Buffer.alloc(0);
    const data = info.child(1, DER.OCTETS).octets;
    const key = decryptWithPassword(info.child(0, DER.SEQUENCE), password, data);
    if (key === null) throw wrongKeyPassword(alias);
    return key;
  }
}

function contentBehindTag(value: DerValue): Buffer {
  return value.child(1, DER.CONTEXT_0).child(0, DER.OCTETS).octets;
}

/** Attributes by their type; the first value of each. */
function attributesOf(set: DerValue | undefined): ReadonlyMap<string, DerValue> {
  const attributes = new Map<string, DerValue>();
  for (const attribute of set?.children ?? []) {
    const value = attribute.child(1, DER.SET).children[0];
    if (value !== undefined) attributes.set(attribute.child(0, DER.OID).oid, value);
  }
  return attributes;
}

function friendlyName(attributes: ReadonlyMap<string, DerValue>): string {
  const name = attributes.get(FRIENDLY_NAME);
  if (name?.tag !== DER.BMP_STRING || name.content.length % 2 !== 0) return '';
  return Buffer.from(name.content).swap16().toString('utf16le');
}

/** A SEQUENCE as it was written, up to the form of its length. */
function encoded({ tag, content }: DerValue): Buffer {
  const head = Buffer.from([tag, 0x84, 0, 0, 0, 0]);
  head.writeUInt32BE(content.length, 2);
  return Buffer.concat([head, content]);
}

/** The key with its chain: its own certificate, that one's issuer, and so on up. */
function entryOf(bag: KeyBag, certificates: readonly CertBag[]): KeyEntry {
  const { alias, key } = bag;
  const leaf =
    certificates.find((each) => bag.localKeyId !== null && each.localKeyId === bag.localKeyId) ??
    certificates.find((each) => key.length > 0 && belongsTo(each, key));
  if (leaf === undefined) return { alias, privateKey: key, chain: [] };
  const chain = [leaf.certificate];
  const rest = certificates.map((each) => new X509Certificate(each.certificate));
  let last = new X509Certificate(leaf.certificate);
  while (chain.length <= rest.length && !last.checkIssued(last)) {
    const issuer = rest.find((each) => last.checkIssued(each));
    if (issuer === undefined) break;
    chain.push(issuer.raw);
    last = issuer;
  }
  return { alias, privateKey: key, chain };
}

function belongsTo(bag: CertBag, key: Buffer): boolean {
  const privateKey = asKey(key);
  return privateKey !== null && new X509Certificate(bag.certificate).checkPrivateKey(privateKey);
}

function asKey(key: Buffer): KeyObject | null {
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    // Of a kind that OpenSSL does not know: it can't belong to a certificate that TLS could use.
    return null;
  }
}
