import type * as Crypto from 'node:crypto';

/**
 * `node:crypto`, loaded when it is first needed: most clients never do, and an `import` would read all that the module
 * offers, Web Crypto included.
 */
export function nodeCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto');
}
