import type { KafkaError } from '../errors/kafka-error.ts';
import type { KafkaLogger } from '../logger.ts';
import { type Address, addressText } from './address.ts';

/** A broker that stays away is told of again after so long. */
const REMINDER_MS = 60_000;
/** More brokers away at once than this: the oldest is forgotten, and may be told of once more. */
const ADDRESSES_MAX = 1000;

interface Outage {
  readonly code: string;
  readonly toldAtMs: number;
  readonly failures: number;
}

/**
 * Tells a client's log about brokers that can't be reached: when that begins, when its reason
 * changes, once in a while as long as it lasts, and when it is over; not with every attempt.
 */
export class ConnectionLog {
  readonly #logger: KafkaLogger;
  readonly #now: () => number;
  readonly #outages = new Map<string, Outage>();

  constructor(logger: KafkaLogger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
  }

  failed(address: Address, error: KafkaError): void {
    const broker = addressText(address);
    const outage = this.#outages.get(broker);
    const failures = (outage?.failures ?? 0) + 1;
    const now = this.#now();
    const isNews = outage?.code !== error.code || now - outage.toldAtMs >= REMINDER_MS;
    const toldAtMs = isNews ? now : (outage?.toldAtMs ?? now);
    this.#outages.set(broker, { code: error.code, toldAtMs, failures });
    this.#forgetOldest();
    const count = failures === 1 ? '' : ` (attempt ${failures})`;
    if (isNews) this.#logger.warn(error.message + count);
    else this.#logger.debug(error.message + count);
  }

  connected(address: Address): void {
    const broker = addressText(address);
    const outage = this.#outages.get(broker);
    if (outage === undefined) return;
    this.#outages.delete(broker);
    this.#logger.info(
      `Connected to the broker at ${broker} after ${outage.failures} failed attempts`,
    );
  }

  #forgetOldest(): void {
    if (this.#outages.size <= ADDRESSES_MAX) return;
    for (const broker of this.#outages.keys()) {
      this.#outages.delete(broker);
      return;
    }
  }
}
