// The way from a client to the simulated brokers: the client's own connections over sockets that lead nowhere, and metadata
// that is as old as the last refresh.
import { Socket } from 'node:net';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { AddOffsetsToTxnRequest } from '@sluice/protocol/gen/add-offsets-to-txn-request';
import { AddPartitionsToTxnRequest } from '@sluice/protocol/gen/add-partitions-to-txn-request';
import { DescribeProducersRequest } from '@sluice/protocol/gen/describe-producers-request';
import { EndTxnRequest } from '@sluice/protocol/gen/end-txn-request';
import { FindCoordinatorRequest } from '@sluice/protocol/gen/find-coordinator-request';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import { TxnOffsetCommitRequest } from '@sluice/protocol/gen/txn-offset-commit-request';
import { type Clock, pause } from '../src/clock.ts';
import { ClusterMetadata } from '../src/cluster/cluster-metadata.ts';
import { Cluster, type ClusterOptions } from '../src/cluster/cluster.ts';
import { Connection } from '../src/connection/connection.ts';
import { FrameAssembler } from '../src/connection/frame-assembler.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { type SimulatedKafka, type SimulatedSocket, TOPIC, TOPIC_ID } from './simulated-kafka.ts';

const CODECS = [
  AddOffsetsToTxnRequest,
  AddPartitionsToTxnRequest,
  DescribeProducersRequest,
  EndTxnRequest,
  FindCoordinatorRequest,
  InitProducerIdRequest,
  ProduceRequest,
  TxnOffsetCommitRequest,
];
const FRAME_MAX_BYTES = 1 << 24;
const CONNECT_MS = 1;

/** A clock that stands still between ticks. Timers are those of `mock.timers`. */
export class SimulatedClock implements Clock {
  #now = 0;
  now(): number {
    return this.#now;
  }
  wall(): number {
    return this.#now;
  }
  /** Lets time pass, a millisecond at a time, until `isOver`; false when it is not after `maxMs`. */
  async run(isOver: () => boolean, maxMs: number): Promise<boolean> {
    for (let i = 0; i < maxMs; i++) {
      await turn();
      if (isOver()) return true;
      this.#now++;
      mock.timers.tick(1);
    }
    return false;
  }
}

class Wire extends Socket implements SimulatedSocket {
  readonly node: number;
  isClosed = false;
  readonly #requests: FrameAssembler;
  #client: Connection | null = null;

  constructor(kafka: SimulatedKafka, node: number) {
    super();
    this.node = node;
    this.#requests = new FrameAssembler(FRAME_MAX_BYTES, (bytes) => kafka.take(this, bytes));
  }
  attach(client: Connection): void {
    this.#client = client;
    client.onClose(() => {
      this.isClosed = true;
    });
  }
  override write(piece: Uint8Array | string): boolean {
    if (typeof piece !== 'string') this.#requests.push(Buffer.from(piece));
    return true;
  }
  receive(bytes: Buffer): void {
    this.#client?.receive(bytes);
  }
  cut(): void {
    const text = 'The simulated connection was cut';
    this.#client?.close(new KafkaError('NETWORK_EXCEPTION', text, { isRetriable: true }));
  }
}

export class SimulatedCluster extends Cluster {
  readonly #kafka: SimulatedKafka;
  readonly #connections = new Map<number, Connection>();
  readonly #opening = new Map<number, Promise<Connection>>();
  readonly #onRefresh = new Set<() => void>();
  #picture = ClusterMetadata.empty;

  constructor(options: ClusterOptions, kafka: SimulatedKafka) {
    super(options);
    this.#kafka = kafka;
  }

  override get metadata(): ClusterMetadata {
    return this.#picture;
  }
  override learnLeader(): void {
    // The simulated brokers do not tell.
  }
  override onRefresh(listener: () => void): () => void {
    this.#onRefresh.add(listener);
    return () => this.#onRefresh.delete(listener);
  }
  override async refresh(): Promise<void> {
    await pause(CONNECT_MS);
    if (this.isClosed) return;
    this.#picture = this.#look();
    for (const listener of this.#onRefresh) listener();
  }
  override readyConnection(node: number): Connection | null {
    const known = this.#connections.get(node);
    return known === undefined || known.isClosed ? null : known;
  }
  override async connection(node: number): Promise<Connection> {
    const ready = this.readyConnection(node);
    if (ready !== null) return ready;
    const opening = this.#opening.get(node) ?? this.#open(node);
    this.#opening.set(node, opening);
    return await opening.finally(() => this.#opening.delete(node));
  }
  override anyBroker(): Promise<Connection> {
    return this.connection(Math.floor(this.random() * this.#kafka.nodes.length));
  }
  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    for (const connection of this.#connections.values()) connection.close();
  }

  async #open(node: number): Promise<Connection> {
    await pause(CONNECT_MS);
    if (this.isClosed) throw new KafkaError('CLIENT_CLOSED', 'The client was closed');
    const socket = new Wire(this.#kafka, node);
    const connection = new Connection({
      address: { host: 'simulated', port: node },
      socket,
      clientId: 'model',
      responseMaxBytes: FRAME_MAX_BYTES,
      idleMaxMs: 0,
      now: () => this.clock.now(),
      meters: this.network?.opened(`node-${node}`) ?? null,
    });
    connection.acceptData();
    socket.attach(connection);
    const level = this.#kafka.transactions.isSecondProtocol ? 2 : 0;
    connection.versions = {
      ranges: new Map(
        CODECS.map((codec) => [codec.apiKey, { min: 0, max: codec.latestStableVersion }]),
      ),
      features: new Map([['transaction.version', level]]),
    };
    this.#connections.set(node, connection);
    return connection;
  }

  #look(): ClusterMetadata {
    const { nodes, leaders, leaderEpochs } = this.#kafka;
    const partitions = leaders.map((leader, partition) => ({
      partition,
      leader,
      leaderEpoch: leaderEpochs[partition] ?? 0,
      replicas: nodes,
      isr: nodes,
    }));
    return new ClusterMetadata({
      clusterId: 'simulated',
      controllerId: 0,
      brokers: new Map(nodes.map((id) => [id, { id, host: 'simulated', port: id, rack: null }])),
      topics: new Map([[TOPIC, { name: TOPIC, topicId: TOPIC_ID, isInternal: false, partitions }]]),
      topicErrors: new Map(),
    });
  }
}
