import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeResponseFrame, encodeRequestFrame, errorCode } from '@sluice/protocol';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { METADATA, metadataRequest, PRODUCE, produceRequest } from '../../test/apis.ts';
import { withBroker } from '../../test/with-broker.ts';

const API_VERSIONS = { request: ApiVersionsRequest, response: ApiVersionsResponse };
const WHO = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };

test('requests sent at once are answered one by one, in order', () =>
  withBroker(async ({ client }) => {
    const frames = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        i % 2 === 0
          ? client.send(METADATA.request, metadataRequest(`t${i}`), 12)
          : client.send(API_VERSIONS.request, WHO, 4),
      ),
    );
    assert.deepEqual(
      frames.map((frame) => frame.readInt32BE(0)),
      frames.map((_, i) => i + 1),
    );
  }));

test('a request that arrives byte by byte is answered', () =>
  withBroker(async ({ client }) => {
    const header = { apiVersion: 4, correlationId: 7, clientId: null };
    const bytes = encodeRequestFrame(ApiVersionsRequest, header, WHO).toBuffer();
    const answer = client.nextFrame();
    for (const byte of bytes) client.write(Buffer.of(byte));
    assert.equal(decodeResponseFrame(ApiVersionsResponse, 4, await answer).errorCode, 0);
  }));

test('a newer ApiVersions request is answered in version 0 with what there is', () =>
  withBroker(async ({ client }) => {
    const request = Buffer.from('0000000a0012006300000005ffff', 'hex');
    const answer = client.nextFrame();
    client.write(request);
    const versions = decodeResponseFrame(ApiVersionsResponse, 0, await answer);
    assert.equal(versions.errorCode, errorCode('UNSUPPORTED_VERSION'));
    assert.deepEqual(
      versions.apiKeys.find((api) => api.apiKey === 18),
      { apiKey: 18, minVersion: 0, maxVersion: 4 },
    );
  }));

test('produce is offered from version 0, as librdkafka needs it, and refused below 3', () =>
  withBroker(async ({ client, complaints }) => {
    const { apiKeys } = await client.ask(API_VERSIONS, WHO);
    const produce = apiKeys.find((api) => api.apiKey === 0);
    assert.deepEqual(produce, { apiKey: 0, minVersion: 0, maxVersion: 13 });
    const old = Buffer.from('0000000a0000000200000001ffff', 'hex');
    client.write(old);
    await client.closed;
    assert.match(complaints.join(), /a Produce request has version 2; only 3 to 13 are served/);
  }));

test('garbage closes its own connection, with the reason, and no other', () =>
  withBroker(async ({ client, complaints, connect }) => {
    const cases: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from('GET / HTTP/1.1\r\n\r\n'), /an HTTP request came in/],
      [Buffer.from('7fffffff', 'hex'), /claims a length of 2147483647 bytes/],
      [Buffer.from('00000004deadbeef', 'hex'), /a request has only 4 bytes/],
      [Buffer.from('000000080bad00000000000100', 'hex'), /asks for API 2989/],
      [Buffer.from('00000009000300010000000100', 'hex'), /./],
      [truncatedProduce(), /ProduceRequest version 12/],
    ];
    for (const [bytes, reason] of cases) {
      await using bad = await connect();
      bad.write(bytes);
      await bad.closed;
      assert.match(complaints.at(-1) ?? '', reason);
      assert.match(complaints.at(-1) ?? '', /^Closing the connection of 127\.0\.0\.1:\d+/);
    }
    assert.equal((await client.ask(API_VERSIONS, WHO)).errorCode, 0);
  }));

/** A frame whose body ends in the middle. */
function truncatedProduce(): Buffer {
  const header = { apiVersion: 12, correlationId: 1, clientId: 'x' };
  const whole = encodeRequestFrame(PRODUCE.request, header, produceRequest()).toBuffer();
  const cut = Buffer.from(whole.subarray(0, whole.length - 20));
  cut.writeInt32BE(cut.length - 4, 0);
  return cut;
}
