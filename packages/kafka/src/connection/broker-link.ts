import type { ClientConfig } from '../config/client-config.ts';
import { pause, type Clock } from '../clock.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { KafkaLogger } from '../logger.ts';
import { addressText, type Address } from './address.ts';
import { backoffMs } from './backoff.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './open-connection.ts';

/** What links to brokers need from their client. */
export interface LinkOptions {
  readonly config: ClientConfig;
  readonly logger: KafkaLogger;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Keeps a connection to one broker: opens it when it is needed, and again when it was lost, with
 * the back-off of `reconnect.backoff.ms`. Two links to the same broker have two connections.
 */
export class BrokerLink {
  readonly address: Address;
  readonly #options: LinkOptions;
  readonly #ending = new AbortController();
  #connection: Connection | null = null;
  #opening: Promise<Connection> | null = null;
  #failures = 0;
  #retryAtMs = 0;

  constructor(address: Address, options: LinkOptions) {
    this.address = address;
    this.#options = options;
  }

  /** The open connection, if there is one. */
  get ready(): Connection | null {
    return this.#connection !== null && !this.#connection.isClosed ? this.#connection : null;
  }

  /** Whether an attempt now would have to wait for the back-off. */
  get isBackingOff(): boolean {
    return this.#retryAtMs > this.#options.clock.now();
  }

  /**
   * The connection, opened if need be; waits out the back-off first. @throws KafkaError retriable,
   * when it fails
   */
  get(): Promise<Connection> {
    const ready = this.ready;
    if (ready !== null) return Promise.resolve(ready);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Ends the connection and whoever waits for it. */
  close(): void {
    this.#ending.abort();
    this.#connection?.close();
  }

  async #open(): Promise<Connection> {
    const { config, clock, logger, random } = this.#options;
    await pause(this.#retryAtMs - clock.now(), this.#ending.signal);
    if (this.#ending.signal.aborted) throw closed(this.address);
    try {
      const timeoutMs = backoffMs(config.setupTimeout, this.#failures, random);
      const connection = await openConnection(config, this.address, timeoutMs, this.#ending.signal);
      this.#connection = connection;
      this.#failures = 0;
      connection.onClose((error) => this.#lost(error));
      return connection;
    } catch (error) {
      const reason = asKafkaError(error);
      if (!this.#ending.signal.aborted) logger.warn(reason.message);
      this.#backOff();
      throw reason;
    }
  }

  #lost(error: KafkaError): void {
    this.#connection = null;
    this.#backOff();
    if (!this.#ending.signal.aborted) this.#options.logger.debug(error.message);
  }

  #backOff(): void {
    const { config, clock, random } = this.#options;
    this.#retryAtMs = clock.now() + backoffMs(config.reconnectBackoff, this.#failures, random);
    this.#failures++;
  }
}

function closed(address: Address): KafkaError {
  return new KafkaError(
    'CLIENT_CLOSED',
    `Connecting to the broker at ${addressText(address)}: the client was closed`,
  );
}
