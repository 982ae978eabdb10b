import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import type { Cluster } from '../cluster/cluster.ts';
import { retrying } from '../cluster/retrying.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import type { KafkaError } from '../errors/kafka-error.ts';
import type { IdentitySource } from './identity-source.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerIdentity } from './partition-sequences.ts';

const EPOCH_MAX = 0x7fff;
const NO_TRANSACTION_TIMEOUT_MS = 0x7fff_ffff;

/**
 * The producer's id and epoch. A new id is always asked for with (-1, -1): any other values would
 * be taken for those of a producer that the broker should know, and fenced. An idempotent producer
 * raises its epoch by itself (KIP-360).
 */
export class ProducerId implements IdentitySource {
  readonly isTransactional = false;
  readonly unsentFail = null;
  readonly produceVersionMax: number = Number.POSITIVE_INFINITY;
  readonly #cluster: Cluster;
  readonly #onChange: () => void;
  readonly #toRestart = new Set<PartitionQueue>();
  #identity: ProducerIdentity | null = null;
  #asking: Promise<void> | null = null;
  #fatal: KafkaError | null = null;

  /** `onChange` is called when an id has come, or will never come. */
  constructor(cluster: Cluster, onChange: () => void) {
    this.#cluster = cluster;
    this.#onChange = onChange;
  }

  get identity(): ProducerIdentity | null {
    return this.#identity;
  }
  /** Set when the broker refuses an id for good. */
  get fatal(): KafkaError | null {
    return this.#fatal;
  }

  /**
   * Asks for an id unless there is one. Repeats until it comes, the broker refuses, or the client
   * is closed.
   */
  request(): void {
    if (this.#identity !== null || this.#asking !== null || this.#fatal !== null) return;
    this.#asking = this.#ask()
      .catch((error: unknown) => {
        this.#fatal = asKafkaError(error);
      })
      .finally(() => {
        this.#asking = null;
        this.#onChange();
      });
  }

  maySend(): boolean {
    return true;
  }

  gaveUp(): void {
    // The records of others are not concerned.
  }

  /**
   * The partition's sequences can't go on: it starts from 0 under a new epoch at the next {@link
   * ProducerId.settle}.
   */
  restart(queue: PartitionQueue): void {
    this.#toRestart.add(queue);
  }

  /** Raises the epoch if a partition needs it. */
  settle(): void {
    if (this.#ready().length === 0) return;
    if (this.#identity !== null) {
      const { producerId, producerEpoch } = this.#identity;
      const isUsedUp = producerEpoch >= EPOCH_MAX;
      const next = { producerId, producerEpoch: producerEpoch + 1, isTransactional: false };
      this.#identity = isUsedUp ? null : next;
    }
    if (this.#identity === null) {
      this.request();
      return;
    }
    this.#restartReady(this.#identity);
  }

  /** Those whose batches before the gap are settled; others wait under the old epoch. */
  #ready(): readonly PartitionQueue[] {
    return [...this.#toRestart].filter((queue) => queue.sequences.mayRestart);
  }

  #restartReady(identity: ProducerIdentity): void {
    for (const queue of this.#ready()) {
      queue.sequences.restart(identity);
      this.#toRestart.delete(queue);
    }
  }

  async #ask(): Promise<void> {
    const cluster = this.#cluster;
    const what = 'Asking for a producer id';
    const retry = cluster.retry({ deadlineMs: Number.POSITIVE_INFINITY, what });
    const response = await retrying(retry, async () => {
      const connection = await cluster.anyBroker();
      const answer = await connection.request(
        InitProducerIdRequest,
        InitProducerIdResponse,
        () => ({
          transactionalId: null,
          transactionTimeoutMs: NO_TRANSACTION_TIMEOUT_MS,
          producerId: -1,
          producerEpoch: -1,
          enable2Pc: false,
          keepPreparedTxn: false,
        }),
        { timeoutMs: cluster.config.requestTimeoutMs },
      );
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, what);
      return answer;
    });
    const { producerId, producerEpoch } = response;
    this.#identity = { producerId, producerEpoch, isTransactional: false };
    this.#restartReady(this.#identity);
  }
}
