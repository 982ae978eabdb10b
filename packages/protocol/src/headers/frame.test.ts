import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiVersionsRequest } from '../gen/api-versions-request.ts';
import { ApiVersionsResponse } from '../gen/api-versions-response.ts';
import { MetadataRequest } from '../gen/metadata-request.ts';
import { MetadataResponse } from '../gen/metadata-response.ts';
import { ProduceRequest } from '../gen/produce-request.ts';
import { Reader } from '../reader.ts';
import { decodeRequestBody, decodeRequestFrame, encodeRequestFrame } from './request-frame.ts';
import { correlationIdOf, decodeResponseFrame, encodeResponseFrame } from './response-frame.ts';

const apiVersions: ApiVersionsRequest = {
  clientSoftwareName: 'sluice',
  clientSoftwareVersion: '1',
};

describe('frames', () => {
  test('a request is length, header and body, as the wire has it', () => {
    const header = { apiVersion: 3, correlationId: 7, clientId: 'me' };
    const bytes = encodeRequestFrame(ApiVersionsRequest, header, apiVersions).toBuffer();
    const expected = '00000017 0012 0003 00000007 0002 6d65 00 07 736c75696365 02 31 00';
    assert.equal(bytes.toString('hex'), expected.replaceAll(' ', ''));
  });

  test('a broker reads the header first and then the body', () => {
    const header = { apiVersion: 2, correlationId: -5, clientId: null };
    const plain = { clientSoftwareName: '', clientSoftwareVersion: '' };
    const bytes = encodeRequestFrame(ApiVersionsRequest, header, plain).toBuffer();
    const frame = decodeRequestFrame(bytes.subarray(4));
    assert.deepEqual(frame.header, {
      requestApiKey: 18,
      requestApiVersion: 2,
      correlationId: -5,
      clientId: null,
    });
    assert.deepEqual(decodeRequestBody(ApiVersionsRequest, frame), plain);
  });

  test('the length of a request counts records that go out by reference', () => {
    const records = Buffer.alloc(4000, 1);
    const request: ProduceRequest = {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1000,
      topicData: [
        { name: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAA', partitionData: [{ index: 0, records }] },
      ],
    };
    const header = { apiVersion: 9, correlationId: 1, clientId: 'c' };
    const writer = encodeRequestFrame(ProduceRequest, header, request);
    assert.ok(writer.chunks().includes(records));
    const bytes = Buffer.concat(writer.chunks());
    assert.equal(new Reader(bytes).int32(), bytes.length - 4);
    const frame = decodeRequestFrame(bytes.subarray(4));
    assert.deepEqual(decodeRequestBody(ProduceRequest, frame), request);
  });

  test('a response tells its correlation id before it is decoded', () => {
    const response: ApiVersionsResponse = {
      errorCode: 0,
      apiKeys: [{ apiKey: 1, minVersion: 4, maxVersion: 18 }],
      throttleTimeMs: 0,
      supportedFeatures: [],
      finalizedFeaturesEpoch: 9,
      finalizedFeatures: [{ name: 'transaction.version', maxVersionLevel: 2, minVersionLevel: 2 }],
      zkMigrationReady: false,
    };
    const frame = encodeResponseFrame(ApiVersionsResponse, 4, 77, response).toBuffer().subarray(4);
    assert.equal(correlationIdOf(frame), 77);
    assert.deepEqual(decodeResponseFrame(ApiVersionsResponse, 4, frame), response);
  });

  test('the example of the README works', () => {
    const request: MetadataRequest = {
      topics: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', name: 'orders' }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    };
    const writer = encodeRequestFrame(
      MetadataRequest,
      { apiVersion: 12, correlationId: 1, clientId: 'example' },
      request,
    );
    const frame = decodeRequestFrame(Buffer.concat(writer.chunks()).subarray(4));
    assert.deepEqual(decodeRequestBody(MetadataRequest, frame), request);
    const response: MetadataResponse = {
      throttleTimeMs: 0,
      brokers: [{ nodeId: 1, host: 'localhost', port: 9092, rack: null }],
      clusterId: 'c',
      controllerId: 1,
      topics: [],
      clusterAuthorizedOperations: -2147483648,
      errorCode: 0,
    };
    const answer = encodeResponseFrame(MetadataResponse, 12, 1, response).toBuffer().subarray(4);
    assert.deepEqual(decodeResponseFrame(MetadataResponse, 12, answer), response);
  });

  test('what is wrong with a frame is told with message, version and offset', () => {
    const header = { apiVersion: 3, correlationId: 7, clientId: 'me' };
    const bytes = encodeRequestFrame(ApiVersionsRequest, header, apiVersions).toBuffer();
    const longer = Buffer.concat([bytes.subarray(4), Buffer.of(0)]);
    const frame = decodeRequestFrame(longer);
    assert.throws(() => decodeRequestBody(ApiVersionsRequest, frame), {
      code: 'TrailingBytes',
      messageName: 'ApiVersionsRequest',
      version: 3,
      offset: longer.length - 1,
      message: /decode ApiVersionsRequest version 3, byte 23/,
    });
  });
});
