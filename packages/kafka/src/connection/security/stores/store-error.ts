/** Why a key store could not be read; never holds a password or a key. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** The words of Java's key stores for it. */
export function wrongPassword(): StoreError {
  return new StoreError('keystore password was incorrect');
}

/** The words of Java's key stores when the store opens, but a key in it does not. */
export function wrongKeyPassword(alias: string): StoreError {
  return new StoreError(
    `Cannot recover key "${alias}": "ssl.key.password" (or, without it, the store's) is not its own`,
  );
}
