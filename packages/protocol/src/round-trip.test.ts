import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { arbitraryMessage } from '../test/arbitrary-message.ts';
import {
  type Fields,
  loadCodec,
  loadMessageSchemas,
  type MessageSchema,
} from '../test/message-schema.ts';
import type { MessageCodec } from './codec.ts';
import { decodeMessage, encodeMessage } from './decode-message.ts';
import { ProtocolError } from './protocol-error.ts';

const RUNS_PER_VERSION = 12;
const FUZZ_RUNS_PER_VERSION = 30;

interface Subject {
  readonly schema: MessageSchema;
  readonly codec: MessageCodec<Fields>;
  readonly version: number;
}

const subjects: Subject[] = [];

before(async () => {
  for (const schema of loadMessageSchemas()) {
    const codec = await loadCodec(schema);
    for (let version = codec.minVersion; version <= codec.maxVersion; version++) {
      subjects.push({ schema, codec, version });
    }
  }
  assert.equal(subjects.length, 625);
});

describe('generated codecs', () => {
  test('decode what they encode, for every message and version', () => {
    for (const { schema, codec, version } of subjects) {
      const property = fc.property(arbitraryMessage(schema, version), (message) => {
        const fields: Fields = Object.fromEntries(Object.entries(message));
        const decoded = decodeMessage(codec, encodeMessage(codec, fields, version), version);
        assert.deepEqual(decoded, message);
      });
      fc.assert(property, { numRuns: RUNS_PER_VERSION });
    }
  });

  test('give every decoded message the same shape, whatever its version', () => {
    for (const schema of loadMessageSchemas()) {
      const shapes = subjects
        .filter((subject) => subject.schema.name === schema.name)
        .map(({ codec, version }) => {
          const [message] = fc.sample(arbitraryMessage(schema, version), 1);
          const fields: Fields = Object.fromEntries(Object.entries(message ?? {}));
          return Object.keys(decodeMessage(codec, encodeMessage(codec, fields, version), version));
        });
      const names = schema.fields.map((field) => field.name);
      for (const shape of shapes) assert.deepEqual(shape, names, schema.name);
    }
  });

  test('meet random bytes with a message or a ProtocolError at an offset, nothing else', () => {
    let refused = 0;
    for (const { codec, version } of subjects) {
      const property = fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const message = decodeMessage(codec, bytes, version);
          const again = encodeMessage(codec, message, version);
          assert.deepEqual(decodeMessage(codec, again, version), message);
        } catch (error) {
          if (!(error instanceof ProtocolError) || error.offset === null) throw error;
          assert.ok(error.offset >= 0 && error.offset <= bytes.length, error.message);
          refused++;
        }
      });
      fc.assert(property, { numRuns: FUZZ_RUNS_PER_VERSION });
    }
    assert.ok(refused > 10_000, `${refused} inputs refused`);
  });
});
