import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toJavaJson } from '../test/java-json.ts';
import {
  type Fields,
  loadCodec,
  loadMessageSchemas,
  type MessageSchema,
} from '../test/message-schema.ts';
import { loadInstances, type RecordedInstance } from '../test/recordings.ts';
import type { MessageCodec } from './codec.ts';
import { decodeMessage, encodeMessage } from './decode-message.ts';
import { ProtocolError } from './protocol-error.ts';

/** An instance with what belongs to it. */
interface Case {
  readonly instance: RecordedInstance;
  readonly schema: MessageSchema;
  readonly codec: MessageCodec<Fields>;
}

const cases: Case[] = [];

before(async () => {
  const schemas = new Map(loadMessageSchemas().map((schema) => [schema.name, schema]));
  for (const instance of loadInstances()) {
    const schema = schemas.get(instance.message);
    if (schema === undefined) throw new Error(`no schema of ${instance.message}`);
    cases.push({ instance, schema, codec: await loadCodec(schema) });
  }
});

function decode({ instance, codec }: Case, base64 = instance.bytes): Fields {
  return decodeMessage(codec, Buffer.from(base64, 'base64'), instance.version);
}

function encode({ codec }: Case, message: Fields, version: number): string {
  return encodeMessage(codec, message, version).toString('base64');
}

function label({ instance }: Case): string {
  return `${instance.message} version ${instance.version}, ${instance.style}`;
}

describe('every message in every version, as Java writes it', () => {
  test('the recordings cover all generated messages and all their versions', () => {
    const recorded = new Set(
      cases.map(({ instance }) => `${instance.message} ${instance.version}`),
    );
    const generated = loadMessageSchemas().flatMap(({ name, versions: [low, high] }) =>
      Array.from({ length: high - low + 1 }, (_, index) => `${name} ${low + index}`),
    );
    assert.deepEqual([...recorded].sort(), generated.sort());
    assert.equal(new Set(cases.map(({ instance }) => instance.message)).size, 190);
    assert.equal(recorded.size, 625);
    assert.equal(cases.length, 3750);
  });

  test("Java's bytes decode to Java's JSON", () => {
    for (const one of cases) {
      const json = toJavaJson(one.schema.fields, decode(one), one.instance.version);
      assert.deepEqual(json, one.instance.json, label(one));
    }
  });

  test("what was decoded encodes to Java's bytes again", () => {
    for (const one of cases) {
      assert.equal(encode(one, decode(one), one.instance.version), one.instance.bytes, label(one));
    }
  });

  test('unknown tagged fields are skipped, wherever they stand', () => {
    let checked = 0;
    for (const one of cases) {
      if (one.instance.tagged === undefined) continue;
      const message = decode(one, one.instance.tagged);
      assert.deepEqual(message, decode(one), label(one));
      checked++;
    }
    assert.equal(checked, 363);
  });

  test('other versions carry a message, drop what is ignorable, or refuse, as Java does', () => {
    let written = 0;
    let refused = 0;
    for (const one of cases) {
      for (const [version, expected] of Object.entries(one.instance.others ?? {})) {
        const text = `${label(one)}, written in version ${version}`;
        if (expected !== null) {
          assert.equal(encode(one, decode(one), Number(version)), expected, text);
          written++;
          continue;
        }
        const isRefusal = (error: unknown): boolean =>
          error instanceof ProtocolError &&
          error.code === 'UnwritableField' &&
          error.messageName === one.instance.message &&
          error.version === Number(version);
        assert.throws(() => encode(one, decode(one), Number(version)), isRefusal, text);
        refused++;
      }
    }
    assert.deepEqual({ written, refused }, { written: 6376, refused: 994 });
  });
});
