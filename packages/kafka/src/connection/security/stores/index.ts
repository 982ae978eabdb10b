/** Java's key stores alone: a worker's REST server has them too. */
export type { KeyEntry, KeyStore, StorePasswords } from './key-store.ts';
export { readStore } from './read-store.ts';
