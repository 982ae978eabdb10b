import { DescribeTransactionsRequest } from '@sluice/protocol/gen/describe-transactions-request';
import { DescribeTransactionsResponse } from '@sluice/protocol/gen/describe-transactions-response';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import { ListTransactionsRequest } from '@sluice/protocol/gen/list-transactions-request';
import { ListTransactionsResponse } from '@sluice/protocol/gen/list-transactions-response';
import { retrying } from '../cluster/retrying.ts';
import type { Connection } from '../connection/connection.ts';
import type { TopicPartition } from '../consumer/contract.ts';
import { brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import {
  type AdminCalls,
  forEachItem,
  type Outcome,
  type Outcomes,
  outcomeOf,
} from './admin-calls.ts';

/** Whom a transactional id belongs to after it was fenced. */
export interface FencedProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A transactional id as its coordinator knows it (KIP-664). */
export interface TransactionDescription {
  /** As the broker says: `Empty`, `Ongoing`, `PrepareCommit`, `CompleteAbort` … */
  readonly state: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  /** In milliseconds since the epoch; `null` when none is open. */
  readonly startTimeMs: number | null;
  readonly partitions: readonly TopicPartition[];
}

/** A transactional id as coordinators list them. */
export interface TransactionListing {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly state: string;
}

/** Which transactional ids to list; what is left out matches all. */
export interface TransactionFilter {
  readonly states?: readonly string[];
  readonly producerIds?: readonly number[];
  /** Running for at least so many milliseconds (KIP-994). */
  readonly durationMs?: number;
  /** A regular expression of RE2 that the id has to match (KIP-1152). */
  readonly transactionalIdPattern?: string;
}

const NO_PRODUCER = -1;
const NO_EPOCH = -1;
const ANY_DURATION = -1;
const DURATION_FROM = 1;
const PATTERN_FROM = 2;

/** Transactional ids, each with its own outcome. */
export class TransactionAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /**
   * Puts producers out of office (KIP-618): their open transactions are aborted, and whatever they send from now on is
   * refused. An id that nobody has used is fenced as well. Repeated while an older transaction is being ended.
   */
  fenceProducers(transactionalIds: readonly string[]): Promise<Outcomes<string, FencedProducer>> {
    return this.#atTheirCoordinators(
      transactionalIds,
      'Fencing the producer',
      async (connection, transactionalId, what) => {
        const { requestTimeoutMs: timeoutMs } = this.#calls.cluster.config;
        const { errorCode, producerId, producerEpoch } = await connection.request(
          InitProducerIdRequest,
          InitProducerIdResponse,
          () => ({
            transactionalId,
            // Of a producer that will never begin a transaction: any that the broker allows.
            transactionTimeoutMs: timeoutMs,
            producerId: NO_PRODUCER,
            producerEpoch: NO_EPOCH,
            enable2Pc: false,
            keepPreparedTxn: false,
          }),
          { timeoutMs },
        );
        return outcomeOf(errorCode, what, { producerId, producerEpoch });
      },
    );
  }

  /** `TRANSACTIONAL_ID_NOT_FOUND` for one that nobody has used. */
  describe(transactionalIds: readonly string[]): Promise<Outcomes<string, TransactionDescription>> {
    return this.#atTheirCoordinators(
      transactionalIds,
      'Describing the transaction',
      async (connection, transactionalId, what) => {
        const { transactionStates } = await connection.request(
          DescribeTransactionsRequest,
          DescribeTransactionsResponse,
          () => ({ transactionalIds: [transactionalId] }),
          { timeoutMs: this.#calls.cluster.config.requestTimeoutMs },
        );
        const found = transactionStates.find((each) => each.transactionalId === transactionalId);
        if (found === undefined) return undefined;
        const { transactionStartTimeMs, transactionTimeoutMs, transactionState } = found;
        return outcomeOf(found.errorCode, what, {
          state: transactionState,
          producerId: found.producerId,
          producerEpoch: found.producerEpoch,
          timeoutMs: transactionTimeoutMs,
          startTimeMs: transactionStartTimeMs < 0 ? null : transactionStartTimeMs,
          partitions: found.topics.flatMap(({ topic, partitions }) =>
            partitions.map((partition) => ({ topic, partition })),
          ),
        });
      },
    );
  }

  /**
   * The transactional ids of all coordinators.
   *
   * @throws KafkaError `UNSUPPORTED_VERSION` for a filter that a broker does not know; what a broker says
   */
  async list(filter: TransactionFilter = {}): Promise<readonly TransactionListing[]> {
    const { cluster } = this.#calls;
    const retry = this.#calls.retry('Listing transactions');
    await retrying(cluster.retry(retry), () => cluster.refresh());
    const lists = await Promise.all(
      [...cluster.metadata.brokers.keys()].map((id) =>
        retrying(cluster.retry(retry), async () =>
          askForTransactions(await cluster.connection(id), filter, cluster.config.requestTimeoutMs),
        ),
      ),
    );
    return [...new Map(lists.flat().map((each) => [each.transactionalId, each])).values()];
  }

  async #atTheirCoordinators<T>(
    transactionalIds: readonly string[],
    doing: string,
    ask: (
      connection: Connection,
      transactionalId: string,
      what: string,
    ) => Promise<Outcome<T> | undefined>,
  ): Promise<Outcomes<string, T>> {
    const { coordinators, cluster } = this.#calls;
    const outcomes = await Promise.all(
      transactionalIds.map((id) => {
        const what = `${doing} of the transactional id "${id}"`;
        const retry = this.#calls.retry(what);
        return forEachItem<string, T>(cluster, [id], retry, () =>
          coordinators.call('transaction', id, retry, async (connection) => {
            const answer = await ask(connection, id, what);
            coordinators.noteError('transaction', id, answer);
            return new Map(answer === undefined ? [] : [[id, answer]]);
          }),
        );
      }),
    );
    return new Map(outcomes.flatMap((each) => [...each]));
  }
}

async function askForTransactions(
  connection: Connection,
  filter: TransactionFilter,
  timeoutMs: number,
): Promise<readonly TransactionListing[]> {
  const { states = [], producerIds = [], durationMs, transactionalIdPattern } = filter;
  const response = await connection.request(
    ListTransactionsRequest,
    ListTransactionsResponse,
    (version) => {
      refuseUnless(version >= DURATION_FROM || durationMs === undefined, 'by duration');
      refuseUnless(version >= PATTERN_FROM || transactionalIdPattern === undefined, 'by pattern');
      return {
        stateFilters: states,
        producerIdFilters: producerIds,
        durationFilter: durationMs ?? ANY_DURATION,
        transactionalIdPattern: transactionalIdPattern ?? null,
      };
    },
    { timeoutMs },
  );
  if (response.errorCode !== 0) throw brokerError(response.errorCode, 'Listing transactions');
  return response.transactionStates.map(({ transactionalId, producerId, transactionState }) => ({
    transactionalId,
    producerId,
    state: transactionState,
  }));
}

function refuseUnless(isKnown: boolean, what: string): void {
  if (isKnown) return;
  const text = `Listing transactions: the broker is too old for a filter ${what}. Leave it out.`;
  throw new KafkaError('UNSUPPORTED_VERSION', text);
}
