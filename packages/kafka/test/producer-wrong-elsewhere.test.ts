// Goal: what other producers got wrong (kafka-wire 1.5 to 1.7) and no other test of this folder pins. Method: the whole producer on
// a fake clock against the simulated brokers, whose requests are looked at; versions against scripted servers.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { decodeRequestBody, decodeRequestFrame } from '@sluice/protocol';
import { AddPartitionsToTxnRequest } from '@sluice/protocol/gen/add-partitions-to-txn-request';
import { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import { TxnOffsetCommitRequest } from '@sluice/protocol/gen/txn-offset-commit-request';
import { pause } from '../src/clock.ts';
import type { Cluster, ClusterOptions } from '../src/cluster/cluster.ts';
import type { Connection } from '../src/connection/connection.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { silentLogger } from '../src/logger.ts';
import type { DeliveryReport } from '../src/producer/contract.ts';
import { createProducer, type Producer } from '../src/producer/producer.ts';
import { SimulatedClock, SimulatedCluster } from './simulated-cluster.ts';
import { SimulatedKafka, type SimulatedSocket, TOPIC } from './simulated-kafka.ts';
import { numbers } from './simulated-runs.ts';

const PARTITIONS = 8;
const CALL_MAX_MS = 60_000;
const GROUP = { groupId: 'g', generationId: -1, memberId: '', groupInstanceId: null };
const EACH = Array.from({ length: PARTITIONS }, (_, partition) => partition);

const ascending = (a: number, b: number): number => a - b;

/** Remembers, in order, what transactions were asked for. */
class WatchedKafka extends SimulatedKafka {
  readonly added: { readonly version: number; readonly partitions: readonly number[] }[] = [];
  readonly offsets: { readonly partition: number; readonly offset: number }[] = [];
  produceRequests = 0;

  override take(socket: SimulatedSocket, bytes: Buffer): void {
    const frame = decodeRequestFrame(Buffer.from(bytes));
    const { requestApiKey, requestApiVersion: version } = frame.header;
    if (requestApiKey === ProduceRequest.apiKey) this.produceRequests++;
    if (requestApiKey === AddPartitionsToTxnRequest.apiKey) {
      const request = decodeRequestBody(AddPartitionsToTxnRequest, frame);
      const partitions = request.v3AndBelowTopics.flatMap((each) => each.partitions);
      this.added.push({ version, partitions });
    }
    if (requestApiKey === TxnOffsetCommitRequest.apiKey) {
      const { topics } = decodeRequestBody(TxnOffsetCommitRequest, frame);
      for (const each of topics.flatMap(({ partitions }) => partitions)) {
        this.offsets.push({ partition: each.partitionIndex, offset: each.committedOffset });
      }
    }
    super.take(socket, bytes);
  }
}

class Scene {
  readonly clock = new SimulatedClock();
  readonly reports: DeliveryReport[] = [];
  readonly producer: Producer;

  constructor(
    makeCluster: (options: ClusterOptions) => Cluster,
    properties: Readonly<Record<string, string>>,
  ) {
    this.producer = createProducer(
      { 'bootstrap.servers': 'simulated:1', 'linger.ms': '2', ...properties },
      {
        logger: silentLogger,
        clock: this.clock,
        random: numbers(),
        makeCluster,
        onDelivery: (report) => this.reports.push(report),
      },
    );
  }

  send(partition: number, text: string): void {
    const rest = { key: null, headers: [], timestamp: null, token: 0 };
    this.producer.append({ topic: TOPIC, partition, value: Buffer.from(text), ...rest });
  }

  async settle(promise: Promise<unknown>): Promise<void> {
    let isOver = false;
    const watched = promise.finally(() => (isOver = true));
    watched.catch(() => undefined);
    assert.ok(await this.clock.run(() => isOver, CALL_MAX_MS), 'it never ended');
    await watched;
  }

  async wait(ms: number): Promise<void> {
    const untilMs = this.clock.now() + ms;
    await this.clock.run(() => this.clock.now() >= untilMs, ms + 1);
  }
}

async function inTransaction(
  isSecondProtocol: boolean,
  work: (scene: Scene, kafka: WatchedKafka) => Promise<void>,
): Promise<void> {
  const kafka = new WatchedKafka(PARTITIONS, [], isSecondProtocol);
  const makeCluster = (options: ClusterOptions): Cluster => new SimulatedCluster(options, kafka);
  const scene = new Scene(makeCluster, { 'transactional.id': 'one' });
  const { producer } = scene;
  await scene.settle(producer.initTransactions());
  await scene.settle(producer.prepare([TOPIC]));
  producer.beginTransaction();
  await work(scene, kafka);
  await scene.settle(producer.commitTransaction());
  await scene.wait(100);
  await scene.settle(producer.close());
  assert.deepEqual(kafka.violations, []);
}

const committedOf = ({ logs }: SimulatedKafka): readonly (readonly string[])[] =>
  logs.map(({ entries }) =>
    entries.filter(({ fate }) => fate === 'committed').map(({ value }) => value),
  );

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

for (const isSecondProtocol of [false, true]) {
  describe(`in a transaction of the ${isSecondProtocol ? 'second' : 'first'} protocol`, () => {
    // kafka-wire 1.5 B3
    test('sends in parallel register every partition, also those that come while others are', async () => {
      await inTransaction(isSecondProtocol, async (scene, kafka) => {
        for (const partition of EACH.slice(0, 4)) scene.send(partition, `a${partition}`);
        // The answer for the first four is on its way when the others come.
        await scene.clock.run(() => kafka.added.length > 0 || kafka.produceRequests > 0, 100);
        for (const partition of EACH.slice(2)) scene.send(partition, `b${partition}`);
        await scene.settle(scene.producer.flush());
        const registered = kafka.added.flatMap(({ partitions }) => partitions);
        assert.deepEqual(registered.toSorted(ascending), isSecondProtocol ? [] : EACH);
        assert.deepEqual([...kafka.transactions.partitions].toSorted(ascending), EACH);
      });
    });

    // kafka-wire 1.5 B4
    test('offsets handed over in parallel are all committed, each as it was', async () => {
      await inTransaction(isSecondProtocol, async (scene, kafka) => {
        const calls = EACH.map((partition) => {
          const offsets = [{ topic: TOPIC, partition, offset: 100 + partition }];
          return scene.producer.sendOffsetsToTransaction(offsets, GROUP);
        });
        await scene.settle(Promise.all(calls));
        const expected = EACH.map((partition) => ({ partition, offset: 100 + partition }));
        assert.deepEqual(kafka.offsets, expected);
      });
    });
  });
}

test('what was sent in parallel is committed with its transaction', async () => {
  let seen: SimulatedKafka | null = null;
  await inTransaction(false, (scene, kafka) => {
    seen = kafka;
    for (const partition of EACH) scene.send(partition, `v${partition}`);
    return Promise.resolve();
  });
  assert.ok(seen !== null);
  assert.deepEqual(
    committedOf(seen),
    EACH.map((partition) => [`v${partition}`]),
  );
});

// kafka-wire 1.5, "Further, by reading": from version 4 on, AddPartitionsToTxn is for brokers and needs their rights.
test('partitions are added in version 3 although the broker speaks newer ones', async () => {
  assert.ok(AddPartitionsToTxnRequest.latestStableVersion > 3, 'both sides know newer ones');
  await inTransaction(false, async (scene, kafka) => {
    scene.send(0, 'a');
    await scene.settle(scene.producer.flush());
    assert.deepEqual(kafka.added, [{ version: 3, partitions: [0] }]);
  });
});

const DEAD = 0;
const ELECTION_MS = 2000;
const RECONNECT_MS = 20;

/** A cluster one of whose nodes can't be reached any more. */
class MaimedCluster extends SimulatedCluster {
  isDead = false;
  attempts = 0;
  refreshes = 0;

  override async connection(node: number): Promise<Connection> {
    if (!this.isDead || node !== DEAD) return await super.connection(node);
    this.attempts++;
    // As a link does that was refused before.
    await pause(RECONNECT_MS);
    const text = 'The simulated node is dead';
    throw new KafkaError('NETWORK_EXCEPTION', text, { isRetriable: true });
  }
  override readyConnection(node: number): Connection | null {
    return this.isDead && node === DEAD ? null : super.readyConnection(node);
  }
  override async refresh(): Promise<void> {
    this.refreshes++;
    await super.refresh();
  }
}

// kafka-wire 1.7 row #377
test('a leader that died is not tried again before the metadata was fetched anew', async () => {
  const kafka = new SimulatedKafka(1, [], false);
  const made: MaimedCluster[] = [];
  const scene = new Scene(
    (options) => {
      const cluster = new MaimedCluster(options, kafka);
      made.push(cluster);
      return cluster;
    },
    { 'retry.backoff.ms': '20', 'retry.backoff.max.ms': '20' },
  );
  const { producer, reports } = scene;
  await scene.settle(producer.prepare([TOPIC]));
  const [cluster] = made;
  assert.ok(cluster !== undefined);
  scene.send(0, 'before');
  await scene.settle(producer.flush());
  // The connection ends with a request under way, and no other one comes up.
  const before = cluster.refreshes;
  scene.send(0, 'after');
  await scene.clock.run(() => cluster.readyConnection(DEAD)?.inFlight === 1, 100);
  cluster.readyConnection(DEAD)?.close();
  cluster.isDead = true;
  const flushing = producer.flush();
  await scene.wait(ELECTION_MS);
  assert.equal(reports.length, 1, 'the second one is not delivered yet');
  kafka.leaders[0] = 1;
  kafka.leaderEpochs[0] = 1;
  const electedMs = scene.clock.now();
  await scene.settle(flushing);
  assert.ok(scene.clock.now() - electedMs < 100, 'the new leader was found by asking, not by age');
  assert.deepEqual(
    reports.map(({ error }) => error),
    [null, null],
  );
  assert.deepEqual(
    kafka.logs[0]?.entries.map(({ value }) => value),
    ['before', 'after'],
  );
  const refreshes = cluster.refreshes - before;
  assert.ok(cluster.attempts > 1, 'it was tried');
  assert.ok(cluster.attempts <= refreshes, `${cluster.attempts} tries, ${refreshes} refreshes`);
  // 2 s at 20 ms each, and no busy loop.
  assert.ok(refreshes <= (2 * ELECTION_MS) / 20, `${refreshes} refreshes`);
  await scene.settle(producer.close());
});
