/** A private key and the certificates that prove it, leaf first; all in DER. */
export interface KeyEntry {
  readonly alias: string;
  /** PKCS #8, not encrypted any more. */
  readonly privateKey: Buffer;
  readonly chain: readonly Buffer[];
}

/** What a key store file holds. */
export interface KeyStore {
  readonly keys: readonly KeyEntry[];
  /** Certificates that stand for themselves: what a trust store is made of. */
  readonly trusted: readonly Buffer[];
}

/** What opens a store. */
export interface StorePasswords {
  /** `null`: the store's integrity is not checked, as in Java. */
  readonly store: string | null;
  /** `null`: keys are not wanted, and stay closed. */
  readonly key: string | null;
}
