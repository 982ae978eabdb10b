// Goal: versions are agreed with each broker for itself (kafka-wire 1.6 row "Versions"), as in a cluster that is being upgraded.
// Method: two scripted servers of one cluster that speak different versions of the same API.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeResponseFrame } from '@sluice/protocol';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { DescribeClusterRequest } from '@sluice/protocol/gen/describe-cluster-request';
import { DescribeClusterResponse } from '@sluice/protocol/gen/describe-cluster-response';
import { MetadataRequest } from '@sluice/protocol/gen/metadata-request';
import type { MetadataResponse } from '@sluice/protocol/gen/metadata-response';
import type { Cluster } from '../src/cluster/cluster.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { clusterOf } from './connection-clients.ts';
import { honestAnswer, type Script, ScriptedServer } from './connection-scripted-server.ts';

interface Age {
  readonly metadataMax: number;
  /** -1: the API is not known. */
  readonly describeClusterMax: number;
  readonly transactionLevel: number;
}

const NEW: Age = { metadataMax: 13, describeClusterMax: 1, transactionLevel: 2 };
const OLD: Age = { metadataMax: 8, describeClusterMax: -1, transactionLevel: 0 };

/** A broker of this age; `brokers` are those of its cluster. */
function broker(age: Age, brokers: () => MetadataResponse['brokers']): Script {
  return (asked, socket, server) => {
    const answer =
      asked.apiKey === ApiVersionsRequest.apiKey
        ? versionsAnswer(age, asked.version, asked.correlationId)
        : honestAnswer(asked, server, { brokers: brokers() });
    if (answer !== null) socket.write(answer);
  };
}

function versionsAnswer(age: Age, version: number, correlationId: number): Buffer {
  const api = (apiKey: number, maxVersion: number) => ({ apiKey, minVersion: 0, maxVersion });
  const hasDescribe = age.describeClusterMax >= 0;
  const level = age.transactionLevel;
  const feature = { name: 'transaction.version', minVersionLevel: 0, maxVersionLevel: level };
  return encodeResponseFrame(ApiVersionsResponse, version, correlationId, {
    errorCode: 0,
    apiKeys: [
      api(ApiVersionsRequest.apiKey, 4),
      api(MetadataRequest.apiKey, age.metadataMax),
      ...(hasDescribe ? [api(DescribeClusterRequest.apiKey, age.describeClusterMax)] : []),
    ],
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: 1,
    finalizedFeatures: [feature],
    zkMigrationReady: false,
  }).toBuffer();
}

/** Asks that very broker; answers with the number of brokers that it knows. */
async function describe(cluster: Cluster, id: number): Promise<number> {
  const connection = await cluster.connection(id);
  const response = await connection.request(
    DescribeClusterRequest,
    DescribeClusterResponse,
    () => ({
      includeClusterAuthorizedOperations: false,
      endpointType: 1,
      includeFencedBrokers: false,
    }),
    { timeoutMs: 10_000 },
  );
  return response.brokers.length;
}

for (const order of ['new first', 'old first'] as const) {
  test(`each broker is asked in the versions that it speaks (${order})`, async () => {
    const host = '127.0.0.1';
    const brokers = (): MetadataResponse['brokers'] => [
      { nodeId: 1, host, port: newer.port, rack: null },
      { nodeId: 2, host, port: older.port, rack: null },
    ];
    await using newer = await ScriptedServer.start(broker(NEW, brokers));
    await using older = await ScriptedServer.start(broker(OLD, brokers));
    const first = order === 'new first' ? newer : older;
    using cluster = clusterOf({ 'bootstrap.servers': first.address });
    await cluster.refresh();
    const [one, two] = [await cluster.connection(1), await cluster.connection(2)];
    assert.equal(one.versionOf(MetadataRequest), NEW.metadataMax);
    assert.equal(two.versionOf(MetadataRequest), OLD.metadataMax);
    assert.equal(one.versions?.features.get('transaction.version'), 2);
    assert.equal(two.versions?.features.get('transaction.version'), 0);
    // An API that one of them does not know: said of that one alone.
    assert.equal(await describe(cluster, 1), 1);
    await assert.rejects(
      describe(cluster, 2),
      (error: unknown) => error instanceof KafkaError && error.code === 'UNSUPPORTED_VERSION',
    );
    // Whichever is asked for metadata gets what it can read.
    for (let i = 0; i < 20; i++) await cluster.refresh();
    const metadataVersions = ({ asked }: ScriptedServer): ReadonlySet<number> =>
      new Set(asked.filter((each) => each.apiKey === MetadataRequest.apiKey).map((e) => e.version));
    for (const [server, { metadataMax }] of [
      [newer, NEW],
      [older, OLD],
    ] as const) {
      for (const version of metadataVersions(server)) assert.equal(version, metadataMax);
    }
    assert.ok(metadataVersions(newer).size + metadataVersions(older).size > 0);
  });
}
