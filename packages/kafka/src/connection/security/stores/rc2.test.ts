import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rc2CbcDecrypt } from './rc2.ts';

describe('RC2', () => {
  // RFC 2268, section 5: those whose effective key has all bits of the key.
  for (const [key, plain, cipher] of [
    ['ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
    ['3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
    ['88bca90e90875a7f0f79c384627bafb2', '0000000000000000', '2269552ab0f85ca6'],
  ] as const) {
    test(`decrypts the RFC's example under a key of ${key.length * 4} bits`, () => {
      const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
      const decrypted = rc2CbcDecrypt(bytes(key), Buffer.alloc(8), bytes(cipher));
      assert.equal(decrypted.toString('hex'), plain);
    });
  }
});
