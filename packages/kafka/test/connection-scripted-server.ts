// A server on loopback whose answers a test writes byte for byte.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { encodeResponseFrame } from '@sluice/protocol';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { DescribeClusterRequest } from '@sluice/protocol/gen/describe-cluster-request';
import { DescribeClusterResponse } from '@sluice/protocol/gen/describe-cluster-response';
import { MetadataRequest } from '@sluice/protocol/gen/metadata-request';
import { MetadataResponse } from '@sluice/protocol/gen/metadata-response';

/** One request, as far as it has to be known to be answered. */
export interface Asked {
  readonly apiKey: number;
  readonly version: number;
  readonly correlationId: number;
}

/** What a server does with a request. */
export type Script = (asked: Asked, socket: Socket, server: ScriptedServer) => void;

const METADATA_VERSION = 13;

export class ScriptedServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly sockets = new Set<Socket>();
  /** Connections made so far. */
  connections = 0;
  script: Script;
  readonly #server: Server;
  #port = 0;
  #host = '';

  private constructor(script: Script) {
    this.script = script;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(script: Script, host = '127.0.0.1', port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    server.#server.listen(port, host);
    await once(server.#server, 'listening');
    const at = server.#server.address();
    server.#port = typeof at === 'object' && at !== null ? at.port : 0;
    server.#host = host;
    return server;
  }

  get port(): number {
    return this.#port;
  }
  get address(): string {
    return this.#host.includes(':')
      ? `[${this.#host}]:${this.#port}`
      : `${this.#host}:${this.#port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    let left = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      left = Buffer.concat([left, piece]);
      while (left.length >= 12 && left.length >= left.readInt32BE(0) + 4) {
        const asked = {
          apiKey: left.readInt16BE(4),
          version: left.readInt16BE(6),
          correlationId: left.readInt32BE(8),
        };
        left = left.subarray(left.readInt32BE(0) + 4);
        this.asked.push(asked);
        this.script(asked, socket, this);
      }
    });
  }
}

/** Answers as a broker with nothing in it would; `metadata` changes what it says of the cluster. */
export function honest(metadata: Partial<MetadataResponse> = {}): Script {
  return (asked, socket, server) => {
    const answer = honestAnswer(asked, server, metadata);
    if (answer !== null) socket.write(answer);
  };
}

export function honestAnswer(
  { apiKey, version, correlationId }: Asked,
  server: ScriptedServer,
  metadata: Partial<MetadataResponse> = {},
): Buffer | null {
  const host = '127.0.0.1';
  if (apiKey === ApiVersionsRequest.apiKey) {
    return encodeResponseFrame(ApiVersionsResponse, version, correlationId, {
      errorCode: 0,
      apiKeys: [
        { apiKey, minVersion: 0, maxVersion: 4 },
        { apiKey: MetadataRequest.apiKey, minVersion: 0, maxVersion: METADATA_VERSION },
        { apiKey: DescribeClusterRequest.apiKey, minVersion: 0, maxVersion: 1 },
      ],
      throttleTimeMs: 0,
      supportedFeatures: [],
      finalizedFeaturesEpoch: -1,
      finalizedFeatures: [],
      zkMigrationReady: false,
    }).toBuffer();
  }
  if (apiKey === MetadataRequest.apiKey) {
    return encodeResponseFrame(MetadataResponse, version, correlationId, {
      throttleTimeMs: 0,
      brokers: [{ nodeId: 1, host, port: server.port, rack: null }],
      clusterId: 'scripted',
      controllerId: 1,
      topics: [],
      clusterAuthorizedOperations: -2_147_483_648,
      errorCode: 0,
      ...metadata,
    }).toBuffer();
  }
  if (apiKey !== DescribeClusterRequest.apiKey) return null;
  return encodeResponseFrame(DescribeClusterResponse, version, correlationId, {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    endpointType: 1,
    clusterId: 'scripted',
    controllerId: 1,
    brokers: [{ brokerId: 1, host, port: server.port, rack: null, isFenced: false }],
    clusterAuthorizedOperations: -2_147_483_648,
  }).toBuffer();
}
