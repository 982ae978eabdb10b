import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_INFOS, encodeRequestFrame } from '@sluice/protocol';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import fc from 'fast-check';
import {
  ensureTopic,
  FETCH,
  FETCH_BY_NAME,
  fetchRequest,
  PRODUCE,
  PRODUCE_BY_NAME,
  produceRequest,
} from '../../test/apis.ts';
import { type Stage, withBroker } from '../../test/with-broker.ts';
import { advertisedApis } from '../handlers/api-table.ts';

const API_VERSIONS = { request: ApiVersionsRequest, response: ApiVersionsResponse };
const RUNS = 150;

/** Sends bytes on a connection of their own; whether it was closed or answered does not matter. */
async function throwAt({ connect }: Stage, bytes: Buffer): Promise<void> {
  await using bad = await connect();
  const answer = bad.nextFrame().catch(() => undefined);
  bad.write(bytes);
  // What waits for an answer (a join, a long poll) waits no more than this.
  await Promise.race([answer, bad.closed, new Promise((resolve) => setTimeout(resolve, 20))]);
}

async function assertAlive({ client, complaints }: Stage): Promise<void> {
  const who = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };
  assert.equal((await client.ask(API_VERSIONS, who)).errorCode, 0);
  const faults = complaints.filter((text) => text.includes('a request failed'));
  assert.deepEqual(faults, [], 'no request ended in an error that nobody foresaw');
}

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length, 0);
  return Buffer.concat([length, body]);
}

test('whatever stands behind a good header, the broker stays up', () =>
  withBroker(async (stage) => {
    const api = fc.constantFrom(...advertisedApis());
    const body = fc.uint8Array({ maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(api, fc.nat(30), body, async ({ apiKey, maxVersion }, version, bytes) => {
        const head = Buffer.alloc(10);
        head.writeInt16BE(apiKey, 0);
        const min = API_INFOS[apiKey]?.minVersion ?? 0;
        head.writeInt16BE(min + (version % (maxVersion - min + 1)), 2);
        head.writeInt16BE(-1, 8);
        await throwAt(stage, framed(Buffer.concat([head, bytes])));
      }),
      { numRuns: RUNS },
    );
    await assertAlive(stage);
  }));

test('a changed byte anywhere in a good request leaves the broker up', () =>
  withBroker(async (stage) => {
    await ensureTopic(stage.client, 't');
    const header = { correlationId: 1, clientId: 'x' };
    const produce = { ...header, apiVersion: PRODUCE_BY_NAME };
    const fetch = { ...header, apiVersion: FETCH_BY_NAME };
    const frames = [
      encodeRequestFrame(PRODUCE.request, produce, produceRequest()).toBuffer(),
      encodeRequestFrame(FETCH.request, fetch, fetchRequest()).toBuffer(),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...frames),
        fc.nat(),
        fc.nat(255),
        async (good, at, byte) => {
          const bytes = Buffer.from(good);
          // Not the length: a longer frame would only be waited for.
          bytes.writeUInt8(byte, 4 + (at % (bytes.length - 4)));
          await throwAt(stage, bytes);
        },
      ),
      { numRuns: RUNS },
    );
    await assertAlive(stage);
  }));
