import { errorInfo } from '@sluice/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import type { Coordinators } from '../cluster/coordinators.ts';
import { type Retrying, retrying } from '../cluster/retrying.ts';
import type { Connection } from '../connection/connection.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';

/** How long a call may take, and what it is called in errors. */
export type Retry = Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>;

/** What one item of a call came to: errors of single items are data, as with the futures of Java's results. */
export type Outcome<T> = T | KafkaError;

/** What came of each item, by the item. `null` where there is nothing to tell but that it was done. */
export type Outcomes<K, T> = ReadonlyMap<K, Outcome<T>>;

/** What all admin calls are made with. */
export interface AdminCalls {
  readonly cluster: Cluster;
  readonly coordinators: Coordinators;
  /** From now to `default.api.timeout.ms`. */
  retry(what: string): Retry;
}

/** Errors of an item that pass by themselves, or when somebody else is asked. */
const PASSING: ReadonlySet<string> = new Set([
  'NOT_CONTROLLER',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'INVALID_RESPONSE',
  'CONCURRENT_TRANSACTIONS',
  'THROTTLING_QUOTA_EXCEEDED',
  'UNSTABLE_OFFSET_COMMIT',
]);

/**
 * What a broker said of one item: `value` without an error. An error that other calls would retry is final here, as in
 * Java (a topic that is not there will not come), unless it is about who was asked.
 */
export function outcomeOf<T>(
  code: number,
  what: string,
  value: T,
  detail: string | null = null,
): Outcome<T> {
  if (code === 0) return value;
  const error = brokerError(code, what, detail);
  return new KafkaError(error.code, error.message, {
    isRetriable: PASSING.has(errorInfo(code).name),
  });
}

/**
 * Asks for every item, again for those whose answer is a retriable error, until the deadline; what is still open then
 * has its last error. An error of the request as a whole is that of every item that it was about.
 *
 * @throws the signal's reason when aborted
 */
export async function forEachItem<K, T>(
  cluster: Cluster,
  items: readonly K[],
  retry: Retry,
  attempt: (open: readonly K[]) => Promise<Outcomes<K, T>>,
): Promise<Outcomes<K, T>> {
  const settled = new Map<K, Outcome<T>>();
  const openItems = (): readonly K[] => items.filter((item) => !settled.has(item));
  try {
    await retrying(cluster.retry(retry), async () => {
      const open = openItems();
      if (open.length === 0) return;
      const answers = await attempt(open);
      let again: KafkaError | null = null;
      for (const item of open) {
        const answer = answers.get(item);
        if (answer instanceof KafkaError && answer.isRetriable) again = answer;
        else if (answer === undefined) settled.set(item, unanswered(retry.what));
        else settled.set(item, answer);
      }
      if (again !== null) throw again;
    });
  } catch (thrown) {
    retry.signal?.throwIfAborted();
    const error = asKafkaError(thrown);
    for (const item of openItems()) settled.set(item, error);
  }
  return settled;
}

/** Sends one request to a broker, whichever answers, again while its errors are retriable. */
export function onAnyBroker<T>(
  { cluster }: AdminCalls,
  retry: Retry,
  send: (connection: Connection, timeoutMs: number) => Promise<T>,
): Promise<T> {
  return retrying(cluster.retry(retry), async () =>
    send(await cluster.anyBroker(), cluster.config.requestTimeoutMs),
  );
}

/** The value, or the item's error thrown: for calls about one thing. */
export function valueOf<T>(outcome: Outcome<T> | undefined, what: string): T {
  if (outcome instanceof KafkaError) throw outcome;
  if (outcome === undefined) throw unanswered(what);
  return outcome;
}

/** For an item that a broker's answer says nothing of. */
export function unanswered(what: string): KafkaError {
  return new KafkaError('INVALID_RESPONSE', `${what}: the broker's answer leaves this item out.`);
}
