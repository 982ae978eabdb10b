// A cluster in memory behind real sockets: what a consumer without group membership asks for, with leaders, epochs, topic
// ids, fetch sessions and committed offsets, and with faults that tests order. It counts what it was asked and what went wrong.
import { createServer, type Server, type Socket } from 'node:net';
import {
  decodeRequestBody,
  decodeRequestFrame,
  encodeResponseFrame,
  ERROR_CODES,
  type ErrorName,
  type MessageCodec,
  type RequestFrame,
  type Writer,
} from '@sluice/protocol';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { FetchRequest } from '@sluice/protocol/gen/fetch-request';
import { FetchResponse } from '@sluice/protocol/gen/fetch-response';
import { FindCoordinatorRequest } from '@sluice/protocol/gen/find-coordinator-request';
import { FindCoordinatorResponse } from '@sluice/protocol/gen/find-coordinator-response';
import { ListOffsetsRequest } from '@sluice/protocol/gen/list-offsets-request';
import { ListOffsetsResponse } from '@sluice/protocol/gen/list-offsets-response';
import { MetadataRequest } from '@sluice/protocol/gen/metadata-request';
import { MetadataResponse } from '@sluice/protocol/gen/metadata-response';
import { OffsetCommitRequest } from '@sluice/protocol/gen/offset-commit-request';
import { OffsetCommitResponse } from '@sluice/protocol/gen/offset-commit-response';
import { OffsetFetchRequest } from '@sluice/protocol/gen/offset-fetch-request';
import { OffsetFetchResponse } from '@sluice/protocol/gen/offset-fetch-response';
import { OffsetForLeaderEpochRequest } from '@sluice/protocol/gen/offset-for-leader-epoch-request';
import { OffsetForLeaderEpochResponse } from '@sluice/protocol/gen/offset-for-leader-epoch-response';
import { FrameAssembler } from '../src/connection/frame-assembler.ts';
import { FakeFetchSessions, type FetchFault } from './fake-fetch-sessions.ts';
import { HandMadeLog } from './hand-made-log.ts';

/** One partition of a fake topic. */
export interface FakePartition {
  readonly log: HandMadeLog;
  leader: number;
  /** The replica that the leader recommends to clients with a rack; -1 for none. */
  preferredReplica: number;
}

export interface FakeTopic {
  readonly topicId: string;
  readonly partitions: readonly FakePartition[];
}

interface FakeNode {
  readonly id: number;
  readonly port: number;
  readonly server: Server;
  readonly sockets: Set<Socket>;
  readonly sessions: FakeFetchSessions;
}

const UNKNOWN = { leader: -1, epoch: -1 } as const;
const FRAME_MAX_BYTES = 1 << 20;

export class FakeCluster implements AsyncDisposable {
  readonly topics = new Map<string, FakeTopic>();
  /** What groups have committed, by `group topic-partition`. */
  readonly committed = new Map<string, { readonly offset: number; readonly epoch: number }>();
  /** Every OffsetCommit that was accepted or refused, in order. */
  readonly commits: OffsetCommitRequest[] = [];
  /** For the next commits, one each. */
  readonly commitAnswers: ErrorName[] = [];
  /** For the next OffsetFetches, one each. */
  readonly offsetFetchAnswers: ErrorName[] = [];
  /** Called, and awaited, before a commit is answered. */
  onCommit: () => void | Promise<void> = () => undefined;
  /** How often each API was asked, and each fault happened. */
  readonly counts = new Map<string, number>();
  /** For the next fetches, one each. */
  readonly fetchFaults: FetchFault[] = [];
  readonly #nodes: FakeNode[] = [];
  #lastTopic = 0;

  private constructor() {
    // Made by `start` alone.
  }

  static async start(nodeCount = 1): Promise<FakeCluster> {
    const cluster = new FakeCluster();
    for (let id = 0; id < nodeCount; id++) cluster.#nodes.push(await cluster.#listen(id));
    return cluster;
  }

  get bootstrapServers(): string {
    return this.#nodes.map(({ port }) => `127.0.0.1:${port}`).join();
  }

  /** Makes a topic, in place of one of the same name. */
  makeTopic(name: string, partitionCount = 1): readonly FakePartition[] {
    const topicId = Buffer.alloc(16, ++this.#lastTopic).toString('base64url');
    const partitions = Array.from({ length: partitionCount }, (_, i) => ({
      log: new HandMadeLog(),
      leader: i % this.#nodes.length,
      preferredReplica: -1,
    }));
    this.topics.set(name, { topicId, partitions });
    return partitions;
  }

  /** Lets the next node lead, in another epoch. */
  moveLeader(partition: FakePartition): void {
    partition.leader = (partition.leader + 1) % this.#nodes.length;
    partition.log.leaderEpoch++;
  }

  /** Cuts all connections of one node. */
  cut(nodeId: number): void {
    this.count('cut');
    for (const socket of this.#nodes[nodeId]?.sockets ?? []) socket.destroy();
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { server, sockets } of this.#nodes) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #listen(id: number): Promise<FakeNode> {
    const sockets = new Set<Socket>();
    const sessions = new FakeFetchSessions(this, id);
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      let last = Promise.resolve();
      const assembler = new FrameAssembler(FRAME_MAX_BYTES, (bytes) => {
        const frame = decodeRequestFrame(bytes);
        // One after the other, as brokers do.
        last = last.then(() => this.#answer(socket, sessions, frame));
      });
      socket.on('data', (piece: Buffer) => assembler.push(piece));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { id, port: address.port, server, sockets, sessions };
  }

  async #answer(socket: Socket, sessions: FakeFetchSessions, frame: RequestFrame): Promise<void> {
    const writer = await this.#respond(sessions, frame);
    if (writer === null) socket.destroy();
    else if (!socket.destroyed) socket.write(writer.toBuffer());
  }

  /** `null`: the connection is cut instead. */
  async #respond(sessions: FakeFetchSessions, frame: RequestFrame): Promise<Writer | null> {
    const { requestApiKey, requestApiVersion: version, correlationId } = frame.header;
    const encode = <T>(codec: MessageCodec<T>, response: T): Writer => {
      this.count(codec.name.replace('Response', ''));
      return encodeResponseFrame(codec, version, correlationId, response);
    };
    switch (requestApiKey) {
      case ApiVersionsResponse.apiKey:
        return encode(ApiVersionsResponse, apiVersions());
      case MetadataRequest.apiKey:
        return encode(MetadataResponse, this.#metadata(decodeRequestBody(MetadataRequest, frame)));
      case FindCoordinatorRequest.apiKey: {
        const { coordinatorKeys } = decodeRequestBody(FindCoordinatorRequest, frame);
        return encode(FindCoordinatorResponse, this.#coordinator(coordinatorKeys[0] ?? ''));
      }
      case OffsetFetchRequest.apiKey:
        return encode(
          OffsetFetchResponse,
          this.#offsets(decodeRequestBody(OffsetFetchRequest, frame)),
        );
      case OffsetCommitRequest.apiKey:
        return encode(
          OffsetCommitResponse,
          await this.#commit(decodeRequestBody(OffsetCommitRequest, frame)),
        );
      case ListOffsetsRequest.apiKey:
        return encode(
          ListOffsetsResponse,
          this.#ends(decodeRequestBody(ListOffsetsRequest, frame)),
        );
      case OffsetForLeaderEpochRequest.apiKey: {
        const request = decodeRequestBody(OffsetForLeaderEpochRequest, frame);
        return encode(OffsetForLeaderEpochResponse, this.#epochEnds(request));
      }
      case FetchRequest.apiKey: {
        const response = await sessions.fetch(decodeRequestBody(FetchRequest, frame));
        return response === null ? null : encode(FetchResponse, response);
      }
      default:
        throw new Error(`The fake cluster does not know the API ${requestApiKey}`);
    }
  }

  #metadata({ topics }: MetadataRequest): MetadataResponse {
    const names = topics?.map(({ name }) => name ?? '') ?? [...this.topics.keys()];
    return {
      throttleTimeMs: 0,
      brokers: this.#nodes.map(({ id, port }) => ({
        nodeId: id,
        host: '127.0.0.1',
        port,
        rack: `rack-${id}`,
      })),
      clusterId: 'fake',
      controllerId: 0,
      clusterAuthorizedOperations: -2147483648,
      errorCode: 0,
      topics: names.map((name) => {
        const topic = this.topics.get(name);
        return {
          errorCode: topic === undefined ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION : 0,
          name,
          topicId: topic?.topicId ?? 'AAAAAAAAAAAAAAAAAAAAAA',
          isInternal: false,
          topicAuthorizedOperations: -2147483648,
          partitions: (topic?.partitions ?? []).map(({ leader, log }, partitionIndex) => ({
            errorCode: 0,
            partitionIndex,
            leaderId: leader,
            leaderEpoch: log.leaderEpoch,
            replicaNodes: this.#nodes.map(({ id }) => id),
            isrNodes: this.#nodes.map(({ id }) => id),
            offlineReplicas: [],
          })),
        };
      }),
    };
  }

  #coordinator(key: string): FindCoordinatorResponse {
    const [node] = this.#nodes;
    const fine = { errorCode: 0, errorMessage: null };
    const where = { nodeId: 0, host: '127.0.0.1', port: node?.port ?? 0 };
    // From version 4 on the answer stands in the list alone.
    const nowhere = { nodeId: 0, host: '', port: 0 };
    const coordinators = [{ key, ...where, ...fine }];
    return { throttleTimeMs: 0, ...fine, ...nowhere, coordinators };
  }

  async #commit(request: OffsetCommitRequest): Promise<OffsetCommitResponse> {
    await this.onCommit();
    this.commits.push(request);
    const errorCode = ERROR_CODES[this.commitAnswers.shift() ?? 'NONE'];
    return {
      throttleTimeMs: 0,
      topics: request.topics.map(({ name, topicId, partitions }) => ({
        name,
        topicId,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
      })),
    };
  }

  #offsets({ groups }: OffsetFetchRequest): OffsetFetchResponse {
    const errorCode = ERROR_CODES[this.offsetFetchAnswers.shift() ?? 'NONE'];
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      topics: [],
      groups: groups.map(({ groupId, topics }) => ({
        groupId,
        errorCode,
        topics:
          errorCode !== 0
            ? []
            : (topics ?? []).map(({ name, topicId, partitionIndexes }) => ({
                name,
                topicId,
                partitions: partitionIndexes.map((partitionIndex) => {
                  const found = this.committed.get(`${groupId} ${name}-${partitionIndex}`);
                  return {
                    partitionIndex,
                    committedOffset: found?.offset ?? -1,
                    committedLeaderEpoch: found?.epoch ?? -1,
                    metadata: '',
                    errorCode: 0,
                  };
                }),
              })),
      })),
    };
  }

  #ends({ topics }: ListOffsetsRequest): ListOffsetsResponse {
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const log = this.topics.get(name)?.partitions[partitionIndex]?.log;
          const offset =
            timestamp === -1 ? log?.endOffset : timestamp === -2 ? log?.startOffset : -1;
          return {
            partitionIndex,
            errorCode: log === undefined ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION : 0,
            timestamp: -1,
            offset: offset ?? -1,
            leaderEpoch: log?.leaderEpoch ?? -1,
          };
        }),
      })),
    };
  }

  #epochEnds({ topics }: OffsetForLeaderEpochRequest): OffsetForLeaderEpochResponse {
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
          const log = this.topics.get(topic)?.partitions[partition]?.log;
          if (log === undefined || currentLeaderEpoch !== log.leaderEpoch) {
            const errorCode = ERROR_CODES.FENCED_LEADER_EPOCH;
            return { partition, errorCode, leaderEpoch: UNKNOWN.epoch, endOffset: -1 };
          }
          return { partition, errorCode: 0, ...log.epochEnd(leaderEpoch) };
        }),
      })),
    };
  }
}

function apiVersions(): ApiVersionsResponse {
  const codecs = [
    FetchRequest,
    ListOffsetsRequest,
    MetadataRequest,
    OffsetFetchRequest,
    OffsetCommitRequest,
    FindCoordinatorRequest,
    OffsetForLeaderEpochRequest,
  ];
  return {
    errorCode: 0,
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
    apiKeys: [
      { apiKey: ApiVersionsResponse.apiKey, minVersion: 0, maxVersion: 4 },
      ...codecs.map(({ apiKey, minVersion, latestStableVersion }) => ({
        apiKey,
        minVersion,
        maxVersion: latestStableVersion,
      })),
    ],
  };
}
