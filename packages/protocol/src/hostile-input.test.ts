import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Fields,
  loadCodec,
  loadMessageSchemas,
  type SchemaType,
} from '../test/message-schema.ts';
import { loadInstances } from '../test/recordings.ts';
import type { MessageCodec } from './codec.ts';
import { decodeMessage } from './decode-message.ts';
import { FetchResponse } from './gen/fetch-response.ts';
import { MetadataResponse } from './gen/metadata-response.ts';
import { ProtocolError } from './protocol-error.ts';

const HEAP_GROWTH_MAX_BYTES = 64 * 1024 * 1024;

async function loadCodecs(): Promise<ReadonlyMap<string, MessageCodec<Fields>>> {
  const codecs = new Map<string, MessageCodec<Fields>>();
  for (const schema of loadMessageSchemas()) codecs.set(schema.name, await loadCodec(schema));
  return codecs;
}

/** The error with which decoding ends, or null when the bytes happen to be a message. */
function failure(
  codec: MessageCodec<Fields> | undefined,
  bytes: Uint8Array,
  version: number,
): ProtocolError | null {
  if (codec === undefined) throw new Error('no such codec');
  try {
    decodeMessage(codec, bytes, version);
    return null;
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.offset === null) throw error;
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, error.message);
    return error;
  }
}

describe('hostile input', () => {
  test('a message cut off at any byte is Truncated or LengthOutOfRange there', async () => {
    const codecs = await loadCodecs();
    let cuts = 0;
    for (const { message, version, style, bytes } of loadInstances()) {
      if (style !== 'FULL') continue;
      const whole = Buffer.from(bytes, 'base64');
      for (let length = 0; length < whole.length; length++) {
        const error = failure(codecs.get(message), whole.subarray(0, length), version);
        const code = error?.code ?? 'no error';
        assert.match(code, /^(Truncated|LengthOutOfRange)$/, `${message} ${version} at ${length}`);
        cuts++;
      }
    }
    assert.ok(cuts > 50_000, `${cuts} cuts`);
  });

  test('lengths and counts of 2^31 - 1 or below zero, put anywhere, allocate nothing', async () => {
    const codecs = await loadCodecs();
    const planted = ['7fffffff', '80000000', 'fffffffe', 'ffffffff07', 'ffffffff0f', 'ffffffffff'];
    const heapBefore = process.memoryUsage().heapUsed;
    let refused = 0;
    for (const { message, version, style, bytes } of loadInstances()) {
      if (style !== 'NULLS' || version !== codecs.get(message)?.maxVersion) continue;
      const whole = Buffer.from(bytes, 'base64');
      for (const hex of planted) {
        for (let at = 0; at < whole.length; at++) {
          const changed = Buffer.from(whole);
          changed.write(hex, at, 'hex');
          if (failure(codecs.get(message), changed, version) !== null) refused++;
        }
      }
    }
    assert.ok(refused > 10_000, `${refused} inputs refused`);
    const growth = process.memoryUsage().heapUsed - heapBefore;
    assert.ok(growth < HEAP_GROWTH_MAX_BYTES, `the heap grew by ${growth} bytes`);
  });

  test('a count is checked against the bytes that are left before the list is made', () => {
    // Throttle time, then 2^31 - 1 brokers in eight bytes.
    const metadata = Buffer.from('00000000 7fffffff 0000000000000000'.replaceAll(' ', ''), 'hex');
    assert.throws(() => decodeMessage(MetadataResponse, metadata, 8), {
      code: 'LengthOutOfRange',
      offset: 8,
      messageName: 'MetadataResponse',
      version: 8,
    });
  });

  test('2^32 - 1 tagged fields end with the input', () => {
    // Throttle time, error code, session id, no responses, then the count of tags.
    const fetch = Buffer.from(
      '00000000 0000 00000000 01 ffffffff0f 0900'.replaceAll(' ', ''),
      'hex',
    );
    assert.throws(() => decodeMessage(FetchResponse, fetch, 17), { code: 'Truncated', offset: 18 });
  });

  test('nesting is as deep as the definitions, never as deep as the input', () => {
    const depth = (type: SchemaType): number => {
      if (type.element !== undefined) return depth(type.element);
      return type.fields === undefined ? 0 : 1 + Math.max(...type.fields.map(depth), 0);
    };
    const depths = loadMessageSchemas().map((schema) =>
      depth({ type: 'struct', fields: schema.fields }),
    );
    assert.equal(Math.max(...depths), 6);
  });
});
