// Transactions by hand, request by request, so that the consumer's tests decide what is open, aborted and committed when.
// It speaks the versions before KIP-890, which every broker knows.
import { AddPartitionsToTxnRequest } from '@sluice/protocol/gen/add-partitions-to-txn-request';
import { AddPartitionsToTxnResponse } from '@sluice/protocol/gen/add-partitions-to-txn-response';
import { EndTxnRequest } from '@sluice/protocol/gen/end-txn-request';
import { EndTxnResponse } from '@sluice/protocol/gen/end-txn-response';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import { ProduceResponse } from '@sluice/protocol/gen/produce-response';
import { waitUntil } from '@sluice/testing';
import { parseAdminConfig } from '../src/admin/admin-config.ts';
import { RecordBatchBuilder } from '../src/batch/index.ts';
import { systemClock } from '../src/clock.ts';
import { NO_TOPIC_ID } from '../src/cluster/cluster-metadata.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { retrying } from '../src/cluster/retrying.ts';
import { Coordinators } from '../src/cluster/coordinators.ts';
import type { Connection } from '../src/connection/connection.ts';
import { brokerError } from '../src/errors/broker-error.ts';
import { silentLogger } from '../src/logger.ts';

const TIMEOUT_MS = 10_000;
const VERSIONS = { init: 5, add: 3, produce: 11, end: 4 } as const;

/** One transactional id on one partition. */
export class TransactionalWriter implements Disposable {
  readonly #id: string;
  readonly #topic: string;
  readonly #cluster: Cluster;
  readonly #coordinators: Coordinators;
  #producer = { producerId: -1, producerEpoch: -1 };
  #sequence = 0;

  private constructor(servers: string, id: string, topic: string) {
    this.#id = id;
    this.#topic = topic;
    const { client } = parseAdminConfig({ 'bootstrap.servers': servers }, silentLogger);
    this.#cluster = new Cluster({
      config: client,
      logger: silentLogger,
      clock: systemClock,
      random: Math.random,
      isCreatingTopics: false,
    });
    this.#cluster.want([topic]);
    this.#coordinators = new Coordinators(this.#cluster);
  }

  static async start(servers: string, id: string, topic: string): Promise<TransactionalWriter> {
    const writer = new TransactionalWriter(servers, id, topic);
    await waitUntil(`${topic} to have a leader`, async () => {
      await writer.#cluster.refresh();
      return (writer.#cluster.metadata.partition(topic, 0)?.leader ?? -1) >= 0;
    });
    await writer.#init();
    return writer;
  }

  /** Writes one batch to partition 0 as part of the open transaction, which it opens if need be. */
  async write(values: readonly string[]): Promise<void> {
    await this.#add();
    const builder = new RecordBatchBuilder();
    for (const value of values) builder.append(Date.now(), null, Buffer.from(value), []);
    const records = builder.finish(
      { ...this.#producer, baseSequence: this.#sequence, isTransactional: true },
      null,
    );
    this.#sequence += values.length;
    const retry = { deadlineMs: systemClock.now() + TIMEOUT_MS, what: 'Producing' };
    // A broker may not know yet that it leads a new partition. Repeating is safe: the batch has its sequence.
    await retrying(this.#cluster.retry(retry), async () => {
      await this.#cluster.refresh();
      await this.#produce(records);
    });
  }

  async #produce(records: Buffer): Promise<void> {
    const leader = this.#cluster.metadata.partition(this.#topic, 0)?.leader ?? -1;
    const connection = await this.#cluster.connection(leader);
    const { responses } = await connection.request(
      ProduceRequest,
      ProduceResponse,
      () => ({
        transactionalId: this.#id,
        acks: -1,
        timeoutMs: TIMEOUT_MS,
        topicData: [
          { name: this.#topic, topicId: NO_TOPIC_ID, partitionData: [{ index: 0, records }] },
        ],
      }),
      { timeoutMs: TIMEOUT_MS, versionMax: VERSIONS.produce },
    );
    check('Producing', responses[0]?.partitionResponses[0]?.errorCode);
  }

  /** Ends the transaction and waits until its marker is in the log: the next one can begin. */
  async end(committed: boolean): Promise<void> {
    await this.#ask('Ending the transaction', (connection) =>
      connection.request(
        EndTxnRequest,
        EndTxnResponse,
        () => ({ transactionalId: this.#id, ...this.#producer, committed }),
        { timeoutMs: TIMEOUT_MS, versionMax: VERSIONS.end },
      ),
    );
  }

  [Symbol.dispose](): void {
    this.#cluster[Symbol.dispose]();
  }

  async #init(): Promise<void> {
    const { producerId, producerEpoch } = await this.#ask('Starting the producer', (connection) =>
      connection.request(
        InitProducerIdRequest,
        InitProducerIdResponse,
        () => ({
          transactionalId: this.#id,
          transactionTimeoutMs: 60_000,
          producerId: -1,
          producerEpoch: -1,
          enable2Pc: false,
          keepPreparedTxn: false,
        }),
        { timeoutMs: TIMEOUT_MS, versionMax: VERSIONS.init },
      ),
    );
    this.#producer = { producerId, producerEpoch };
  }

  /** The coordinator refuses while the markers of the transaction before are being written. */
  async #add(): Promise<void> {
    await this.#ask('Adding the partition', async (connection) => {
      const response = await connection.request(
        AddPartitionsToTxnRequest,
        AddPartitionsToTxnResponse,
        () => ({
          transactions: [],
          v3AndBelowTransactionalId: this.#id,
          v3AndBelowProducerId: this.#producer.producerId,
          v3AndBelowProducerEpoch: this.#producer.producerEpoch,
          v3AndBelowTopics: [{ name: this.#topic, partitions: [0] }],
        }),
        { timeoutMs: TIMEOUT_MS, versionMax: VERSIONS.add },
      );
      const [result] = response.resultsByTopicV3AndBelow[0]?.resultsByPartition ?? [];
      return { errorCode: result?.partitionErrorCode ?? -1 };
    });
  }

  #ask<R extends { readonly errorCode: number }>(
    what: string,
    request: (connection: Connection) => Promise<R>,
  ): Promise<R> {
    const deadlineMs = systemClock.now() + TIMEOUT_MS;
    const retry = { deadlineMs, what };
    return this.#coordinators.call('transaction', this.#id, retry, async (connection) => {
      const response = await request(connection);
      check(what, response.errorCode);
      return response;
    });
  }
}

function check(what: string, errorCode: number | undefined): void {
  if (errorCode !== 0) throw brokerError(errorCode ?? -1, what);
}
