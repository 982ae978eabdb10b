import { FindCoordinatorRequest } from '@sluice/protocol/gen/find-coordinator-request';
import { FindCoordinatorResponse } from '@sluice/protocol/gen/find-coordinator-response';
import type { Connection } from '../connection/connection.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { Cluster, Lane } from './cluster.ts';
import { type Retrying, retrying } from './retrying.ts';

/** What a coordinator coordinates. */
export type CoordinatorKind = 'group' | 'transaction';

const KEY_TYPES: Readonly<Record<CoordinatorKind, number>> = { group: 0, transaction: 1 };

/** From this version on, one request asks for several keys. */
const MANY_KEYS_FROM = 4;

/** Errors after which the coordinator has to be looked up again. */
const MOVED = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
]);

/** Which broker coordinates a group or a transactional id: asked once, remembered until it moves. */
export class Coordinators {
  readonly #cluster: Cluster;
  readonly #known = new Map<string, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /**
   * Calls `attempt` with a connection to the coordinator, again while its errors are retriable; when
   * the coordinator has moved, it is looked up anew.
   */
  call<R>(
    kind: CoordinatorKind,
    key: string,
    retry: Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>,
    attempt: (connection: Connection) => Promise<R>,
  ): Promise<R> {
    return retrying(this.#cluster.retry(retry), async () => {
      try {
        return await attempt(await this.connection(kind, key));
      } catch (error) {
        this.noteError(kind, key, error);
        throw error;
      }
    });
  }

  /** A connection to the coordinator. @throws KafkaError retriable, when it isn't known or there */
  async connection(kind: CoordinatorKind, key: string, lane: Lane = 'main'): Promise<Connection> {
    const known = this.#known.get(`${kind}:${key}`);
    const brokerId = known ?? (await this.#find(kind, key));
    if (!this.#cluster.metadata.brokers.has(brokerId)) await this.#cluster.refresh();
    return this.#cluster.connection(brokerId, lane);
  }

  /** Forgets the coordinator when the error says that it is another broker now, or not there. */
  noteError(kind: CoordinatorKind, key: string, error: unknown): void {
    if (MOVED.has(asKafkaError(error).code)) this.#known.delete(`${kind}:${key}`);
  }

  async #find(kind: CoordinatorKind, key: string): Promise<number> {
    const connection = await this.#cluster.anyBroker();
    const response = await connection.request(
      FindCoordinatorRequest,
      FindCoordinatorResponse,
      (version) => ({
        key: version < MANY_KEYS_FROM ? key : '',
        keyType: KEY_TYPES[kind],
        coordinatorKeys: version < MANY_KEYS_FROM ? [] : [key],
      }),
      { timeoutMs: this.#cluster.config.requestTimeoutMs },
    );
    const answer = response.coordinators[0] ?? response;
    if (answer.errorCode !== 0) {
      const what = `Finding the coordinator of the ${kind} "${key}"`;
      throw brokerError(answer.errorCode, what, answer.errorMessage);
    }
    if (answer.nodeId < 0) {
      const text = `The ${kind} "${key}" has no coordinator yet`;
      throw new KafkaError('COORDINATOR_NOT_AVAILABLE', text, { isRetriable: true });
    }
    this.#known.set(`${kind}:${key}`, answer.nodeId);
    return answer.nodeId;
  }
}
