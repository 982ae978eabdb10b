import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mskIamPayload, mskIamTokenOf } from './msk-iam.ts';

// Recorded from Amazon's own signers (@smithy/signature-v4 5, aws-msk-iam-sasl-signer-js 1.0.3) with
// the keys of AWS's documentation. No MSK cluster was asked.
const KEYS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const HOST = 'b-1.demo.abc123.c2.kafka.us-east-1.amazonaws.com';
const TOKEN = 'session/token+with=signs';

describe('AWS_MSK_IAM', () => {
  for (const [sessionToken, signature] of [
    [null, '47733026b6ff1e54de482b4c29fc0e0115508d0fc619ea266e9993c0caa33a1a'],
    [TOKEN, '1a703e493ba3f2d64c4319b7520c2367b57abe17b726a1eb01fed6950a9489eb'],
  ] as const) {
    const kind = sessionToken === null ? 'lasting' : 'temporary';
    test(`signs the login as Amazon's signer does, with ${kind} keys`, () => {
      const at = { host: HOST, region: 'us-east-1', dateMs: Date.UTC(2026, 10, 21, 12) };
      assert.deepEqual(JSON.parse(mskIamPayload(at, { ...KEYS, sessionToken })), {
        version: '2020_10_22',
        host: HOST,
        'user-agent': 'sluice',
        action: 'kafka-cluster:Connect',
        'x-amz-algorithm': 'AWS4-HMAC-SHA256',
        'x-amz-credential': 'AKIDEXAMPLE/20261121/us-east-1/kafka-cluster/aws4_request',
        'x-amz-date': '20261121T120000Z',
        'x-amz-expires': '900',
        ...(sessionToken === null ? {} : { 'x-amz-security-token': sessionToken }),
        'x-amz-signedheaders': 'host',
        'x-amz-signature': signature,
      });
    });
  }

  for (const [sessionToken, second, signature] of [
    [null, 10, 'e86e9f81b5def37c72213de1312b8840ab1d7ef55f4e0435420174bbc4111780'],
    [TOKEN, 11, 'be4bfa5a8bc99595221a3e811ff9889c02d9ceaa14c64f875141b28ae6d2ccfe'],
  ] as const) {
    test(`makes the OAuth token that Amazon's library makes, at second ${second}`, () => {
      const dateMs = Date.UTC(2026, 10, 21, 15, 55, second);
      const token = mskIamTokenOf({ region: 'eu-west-1', dateMs }, { ...KEYS, sessionToken });
      const url = new URL(Buffer.from(token, 'base64url').toString());
      assert.equal(url.origin + url.pathname, 'https://kafka.eu-west-1.amazonaws.com/');
      assert.equal(url.searchParams.get('X-Amz-Signature'), signature);
      assert.equal(url.searchParams.get('X-Amz-Security-Token'), sessionToken);
      assert.equal(url.searchParams.get('Action'), 'kafka-cluster:Connect');
    });
  }
});
