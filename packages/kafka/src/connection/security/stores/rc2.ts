/**
 * RC2 (RFC 2268), decryption in CBC mode: what Java up to 8, and OpenSSL 1, protected the
 * certificates of PKCS12 stores with. OpenSSL 3 keeps it in a provider that Node does not load.
 */
const BLOCK_BYTES = 8;
const WORDS = 64;
const KEY_BYTES = 128;

/** The permutation of the RFC, section 2. */
const PI = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

/** Decrypts whole blocks; padding stays. The effective key has all bits of `key`. */
export function rc2CbcDecrypt(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const words = expand(key);
  const plain = Buffer.alloc(data.length);
  let previous = iv;
  for (let at = 0; at + BLOCK_BYTES <= data.length; at += BLOCK_BYTES) {
    const block = data.subarray(at, at + BLOCK_BYTES);
    decryptBlock(words, block, plain.subarray(at, at + BLOCK_BYTES));
    for (let i = 0; i < BLOCK_BYTES; i++)
      plain[at + i] = byteAt(plain, at + i) ^ byteAt(previous, i);
    previous = block;
  }
  return plain;
}

function expand(key: Buffer): Uint16Array {
  const bytes = Buffer.alloc(KEY_BYTES);
  key.copy(bytes);
  for (let i = key.length; i < KEY_BYTES; i++) {
    bytes[i] = byteAt(PI, (byteAt(bytes, i - 1) + byteAt(bytes, i - key.length)) & 0xff);
  }
  bytes[KEY_BYTES - key.length] = byteAt(PI, byteAt(bytes, KEY_BYTES - key.length));
  for (let i = KEY_BYTES - key.length - 1; i >= 0; i--) {
    bytes[i] = byteAt(PI, byteAt(bytes, i + 1) ^ byteAt(bytes, i + key.length));
  }
  const words = new Uint16Array(WORDS);
  for (let i = 0; i < WORDS; i++) words[i] = bytes.readUInt16LE(i * 2);
  return words;
}

const ROTATIONS = [1, 2, 3, 5] as const;
/** Rounds after which (counted from the end) the words are mashed as well. */
const MASHED_AFTER = new Set([4, 10]);
const ROUNDS = 16;

function decryptBlock(key: Uint16Array, block: Buffer, target: Buffer): void {
  const r = new Uint16Array(4);
  for (let i = 0; i < 4; i++) r[i] = block.readUInt16LE(i * 2);
  let j = WORDS - 1;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 3; i >= 0; i--) {
      const by = ROTATIONS[i] ?? 0;
      const turned = (wordAt(r, i) >>> by) | (wordAt(r, i) << (16 - by));
      const [a, b, c] = [wordAt(r, i + 3), wordAt(r, i + 2), wordAt(r, i + 1)];
      r[i] = turned - wordAt(key, j--, WORDS) - (a & b) - (~a & c);
    }
    if (!MASHED_AFTER.has(round)) continue;
    for (let i = 3; i >= 0; i--) {
      r[i] = wordAt(r, i) - wordAt(key, wordAt(r, i + 3) & (WORDS - 1), WORDS);
    }
  }
  for (let i = 0; i < 4; i++) target.writeUInt16LE(wordAt(r, i), i * 2);
}

function byteAt(bytes: Buffer, index: number): number {
  return bytes[index] ?? 0;
}

function wordAt(words: Uint16Array, index: number, count = 4): number {
  return words[index % count] ?? 0;
}
