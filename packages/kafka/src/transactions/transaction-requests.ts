import { AddOffsetsToTxnRequest } from '@sluice/protocol/gen/add-offsets-to-txn-request';
import { AddOffsetsToTxnResponse } from '@sluice/protocol/gen/add-offsets-to-txn-response';
import { AddPartitionsToTxnRequest } from '@sluice/protocol/gen/add-partitions-to-txn-request';
import { AddPartitionsToTxnResponse } from '@sluice/protocol/gen/add-partitions-to-txn-response';
import { EndTxnRequest } from '@sluice/protocol/gen/end-txn-request';
import { EndTxnResponse } from '@sluice/protocol/gen/end-txn-response';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import { pause } from '../clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Coordinators } from '../cluster/coordinators.ts';
import type { Connection } from '../connection/connection.ts';
import type { TopicPartition } from '../consumer/contract.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { ProducerIdentity } from '../producer/partition-sequences.ts';

/** From this level of the cluster's feature on, transactions are those of KIP-890. */
const SECOND_PROTOCOL_LEVEL = 2;
const FEATURE = 'transaction.version';
/** Newest versions of the first protocol; what is above adds partitions by itself (KIP-890). */
const FIRST_PROTOCOL = { addPartitions: 3, endTxn: 4 } as const;
/** Only from this version on, a producer can ask for its own next epoch (KIP-360). */
const BUMP_VERSION = 3;
/**
 * The transaction before is still writing its markers: a matter of milliseconds, so the usual
 * back-off would be most of the time that small transactions take. Java's number.
 */
const CONCURRENT_PAUSE_MS = 20;
/** After so many, it takes long for some reason, and the usual back-off is right. */
const CONCURRENT_TRIES = 5;
const NO_ID = -1;

/** What the transaction coordinator gave, and which protocol its cluster wants. */
export interface CoordinatorAnswer {
  /** `null` where the answer has none: the old one goes on. */
  readonly identity: ProducerIdentity | null;
  readonly isSecondProtocol: boolean;
  /** Whether it gives the next epoch to whoever has this one. */
  readonly canBump: boolean;
}

export interface TransactionRequestsOptions {
  readonly cluster: Cluster;
  readonly coordinators: Coordinators;
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
}

/**
 * Requests to the coordinator of one transactional id. Each is repeated, without a deadline, until
 * it is answered with anything but a retriable error or the signal ends it; coordinators that move
 * are looked up again. What a repeated request did already is no error at the coordinator.
 */
export class TransactionRequests {
  /** A request was repeated, and the first one may still come to the coordinator. */
  isInDoubt = false;
  readonly #options: TransactionRequestsOptions;

  constructor(options: TransactionRequestsOptions) {
    this.#options = options;
  }

  /** A new id or epoch: the first, or (given the one had so far) the next of the same producer. */
  init(identity: ProducerIdentity | null, signal: AbortSignal): Promise<CoordinatorAnswer> {
    const { transactionalId, transactionTimeoutMs } = this.#options;
    const what = `Initializing the transactional id "${transactionalId}"`;
    return this.#call(what, signal, async (connection) => {
      const response = await connection.request(
        InitProducerIdRequest,
        InitProducerIdResponse,
        (version) => {
          if (identity !== null && version < BUMP_VERSION) throw noBump(what);
          return {
            transactionalId,
            transactionTimeoutMs,
            producerId: identity?.producerId ?? NO_ID,
            producerEpoch: identity?.producerEpoch ?? NO_ID,
            enable2Pc: false,
            keepPreparedTxn: false,
          };
        },
        this.#timeout,
      );
      check(what, response.errorCode);
      return answerOf(connection, response.producerId, response.producerEpoch);
    });
  }

  /** First protocol only: tells where the transaction will write. */
  addPartitions(
    identity: ProducerIdentity,
    partitions: readonly TopicPartition[],
    signal: AbortSignal,
  ): Promise<void> {
    const { transactionalId } = this.#options;
    const names = partitions.map(({ topic, partition }) => `${topic}-${partition}`);
    const shown = names.slice(0, NAMED_MAX).join(', ') + (names.length > NAMED_MAX ? ' ...' : '');
    const what = `Adding ${shown} to the transaction of "${transactionalId}"`;
    const topics = [...Map.groupBy(partitions, (each) => each.topic)].map(([name, each]) => ({
      name,
      partitions: each.map(({ partition }) => partition),
    }));
    return this.#call(what, signal, async (connection) => {
      const response = await connection.request(
        AddPartitionsToTxnRequest,
        AddPartitionsToTxnResponse,
        () => ({
          transactions: [],
          v3AndBelowTransactionalId: transactionalId,
          v3AndBelowProducerId: identity.producerId,
          v3AndBelowProducerEpoch: identity.producerEpoch,
          v3AndBelowTopics: topics,
        }),
        { ...this.#timeout, versionMax: FIRST_PROTOCOL.addPartitions },
      );
      const results = response.resultsByTopicV3AndBelow.flatMap(({ name, resultsByPartition }) =>
        resultsByPartition.map((each) => ({ name, ...each })),
      );
      const failed = results.filter((each) => each.partitionErrorCode !== CODE.NONE);
      // "Not attempted" is what all get when one of them can't be added.
      const cause =
        failed.find((each) => each.partitionErrorCode !== CODE.OPERATION_NOT_ATTEMPTED) ??
        failed[0];
      if (cause === undefined) return;
      const culprit = `${cause.name}-${cause.partitionIndex}`;
      throw brokerError(cause.partitionErrorCode, what, `refused for ${culprit}`);
    });
  }

  /** First protocol only: tells that the transaction will commit offsets of a group. */
  addOffsets(identity: ProducerIdentity, groupId: string, signal: AbortSignal): Promise<void> {
    const { transactionalId } = this.#options;
    const what = `Adding offsets of the group "${groupId}" to the transaction of "${transactionalId}"`;
    const { producerId, producerEpoch } = identity;
    return this.#call(what, signal, async (connection) => {
      const response = await connection.request(
        AddOffsetsToTxnRequest,
        AddOffsetsToTxnResponse,
        () => ({ transactionalId, producerId, producerEpoch, groupId }),
        this.#timeout,
      );
      check(what, response.errorCode);
    });
  }

  /** Commits or aborts. In the second protocol the answer holds the next epoch. */
  end(
    identity: ProducerIdentity,
    committed: boolean,
    isSecondProtocol: boolean,
    signal: AbortSignal,
  ): Promise<CoordinatorAnswer> {
    const { transactionalId } = this.#options;
    const what = `${committed ? 'Committing' : 'Aborting'} the transaction of "${transactionalId}"`;
    const { producerId, producerEpoch } = identity;
    const versionMax = isSecondProtocol ? Number.POSITIVE_INFINITY : FIRST_PROTOCOL.endTxn;
    return this.#call(what, signal, async (connection) => {
      const response = await connection.request(
        EndTxnRequest,
        EndTxnResponse,
        () => ({ transactionalId, producerId, producerEpoch, committed }),
        { ...this.#timeout, versionMax },
      );
      check(what, response.errorCode);
      return answerOf(connection, response.producerId, response.producerEpoch);
    });
  }

  get #timeout(): { readonly timeoutMs: number } {
    return { timeoutMs: this.#options.cluster.config.requestTimeoutMs };
  }

  #call<R>(
    what: string,
    signal: AbortSignal,
    attempt: (connection: Connection) => Promise<R>,
  ): Promise<R> {
    const { coordinators, transactionalId } = this.#options;
    const retry = { deadlineMs: Number.POSITIVE_INFINITY, signal, what };
    return coordinators.call('transaction', transactionalId, retry, async (connection) => {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(connection);
        } catch (error) {
          const { code } = asKafkaError(error);
          if (isAnswerLost(code)) this.isInDoubt = true;
          const isConcurrent = code === 'CONCURRENT_TRANSACTIONS';
          if (!isConcurrent || tries >= CONCURRENT_TRIES) throw error;
          await pause(CONCURRENT_PAUSE_MS, signal);
          signal.throwIfAborted();
        }
      }
    });
  }
}

/** Whether the request may have been carried out, or may still be. */
export function isAnswerLost(code: string): boolean {
  return code === 'NETWORK_EXCEPTION' || code === 'REQUEST_TIMED_OUT';
}

/** More names than this make no message clearer. */
const NAMED_MAX = 5;

function answerOf(
  connection: Connection,
  producerId: number,
  producerEpoch: number,
): CoordinatorAnswer {
  const level = connection.versions?.features.get(FEATURE) ?? 0;
  const identity = { producerId, producerEpoch, isTransactional: true };
  return {
    identity: producerId === NO_ID ? null : identity,
    isSecondProtocol: level >= SECOND_PROTOCOL_LEVEL,
    canBump: connection.versionOf(InitProducerIdRequest) >= BUMP_VERSION,
  };
}

function check(what: string, errorCode: number): void {
  if (errorCode !== CODE.NONE) throw brokerError(errorCode, what);
}

function noBump(what: string): KafkaError {
  const text = `${what}: a new epoch is needed, which brokers give from Kafka 2.5 on.`;
  return new KafkaError('UNSUPPORTED_VERSION', text);
}
