import { pause } from '../clock.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { addressText, type Address } from './address.ts';
import { backoffMs } from './backoff.ts';
import type { Connection } from './connection.ts';
import type { ConnectionLog } from './connection-log.ts';
import type { LinkOptions } from './link-options.ts';
import { openConnection } from './open-connection.ts';

/**
 * Keeps a connection to one broker: opens it when it is needed, and again when it was lost, with
 * the back-off of `reconnect.backoff.ms`. Two links to the same broker have two connections.
 */
export class BrokerLink {
  readonly address: Address;
  readonly #options: LinkOptions;
  readonly #log: ConnectionLog;
  readonly #nodeId: string;
  readonly #ending = new AbortController();
  #connection: Connection | null = null;
  #opening: Promise<Connection> | null = null;
  #failures = 0;
  #retryAtMs = 0;

  /** `nodeId`: the broker's name in metrics. */
  constructor(address: Address, options: LinkOptions, log: ConnectionLog, nodeId: string) {
    this.address = address;
    this.#options = options;
    this.#log = log;
    this.#nodeId = nodeId;
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
    const { config, clock, random } = this.#options;
    await pause(this.#retryAtMs - clock.now(), this.#ending.signal);
    if (this.#ending.signal.aborted) throw closed(this.address);
    try {
      const timeoutMs = backoffMs(config.setupTimeout, this.#failures, random);
      const { signal } = this.#ending;
      const connection = await openConnection(
        this.#options,
        this.address,
        timeoutMs,
        signal,
        this.#nodeId,
      );
      if (signal.aborted) {
        // Closed in the moment between: nobody else knows of the connection.
        connection.close();
        throw closed(this.address);
      }
      this.#connection = connection;
      this.#failures = 0;
      this.#log.connected(this.address);
      connection.onClose((error) => this.#lost(error));
      return connection;
    } catch (error) {
      const reason = asKafkaError(error);
      if (!this.#ending.signal.aborted) this.#log.failed(this.address, reason);
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
