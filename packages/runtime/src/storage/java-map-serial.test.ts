import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError } from '@sluice/api';
import fc from 'fast-check';
import { readJavaMap, TruncatedStreamError, writeJavaMap } from './java-map-serial.ts';

// Written by OpenJDK 17: new ObjectOutputStream(out).writeObject(map) of a
// HashMap<byte[], byte[]> with the entries ("k1" -> "v1"), (null -> "nk"), ("k2" -> null).
const FROM_JAVA =
  'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAA' +
  'AAx3CAAAABAAAAADdXIAAltCrPMX+AYIVOACAAB4cAAAAAJrMXVxAH4AAgAAAAJ2MXB1cQB+AAIAAAACbmt1cQB+AAIA' +
  'AAACazJweA==';

test("R9.03 Java's own bytes are read", () => {
  const entries = readJavaMap(Buffer.from(FROM_JAVA, 'base64')).map(([key, value]) => [
    key === null ? null : String(key),
    value === null ? null : String(value),
  ]);
  assert.deepEqual(
    entries.toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    [
      ['k1', 'v1'],
      ['k2', null],
      [null, 'nk'],
    ],
  );
});

test('R9.03 the same entries in the same order give the same bytes as Java', () => {
  const java = Buffer.from(FROM_JAVA, 'base64');
  assert.deepEqual(writeJavaMap(readJavaMap(java)), java);
});

test('whatever is written is read back', () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes), { maxLength: 60 }), (entries) => {
      const read = readJavaMap(writeJavaMap(entries));
      assert.deepEqual(
        read.map((pair) => pair.map((each) => (each === null ? null : [...each]))),
        entries.map((pair) => pair.map((each) => (each === null ? null : [...each]))),
      );
    }),
  );
});

test('every truncation is told as one', () => {
  const java = Buffer.from(FROM_JAVA, 'base64');
  for (let length = 0; length < java.length; length++) {
    assert.throws(() => readJavaMap(java.subarray(0, length)), TruncatedStreamError);
  }
});

test('R9.03 other objects and other files are refused, naming what was found', () => {
  assert.throws(() => readJavaMap(Buffer.from('name=value\n')), /does not start as a Java object/);
  const other = Buffer.from(FROM_JAVA, 'base64');
  other.write('java.util.HashSet', 8, 'latin1');
  assert.throws(() => readJavaMap(other), /Expected HashMap but found class java\.util\.HashSet/);
});

test('damaged bytes give an error of ours, never anything else', () => {
  const java = Buffer.from(FROM_JAVA, 'base64');
  fc.assert(
    fc.property(fc.nat(java.length - 1), fc.nat(255), (at, value) => {
      const damaged = Buffer.from(java);
      damaged[at] = value;
      try {
        readJavaMap(damaged);
      } catch (error) {
        assert.ok(error instanceof ConnectError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
