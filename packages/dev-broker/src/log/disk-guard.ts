import { BrokerError } from '../storage/broker-error.ts';
import { type BrokerLogger, reasonOf } from '../storage/broker-log.ts';

/**
 * Makes a failing disk the client's `KAFKA_STORAGE_ERROR`, and says so once, not once a request. A
 * log that was closed refuses everything.
 */
export class DiskGuard {
  readonly #name: string;
  readonly #directory: string;
  readonly #logger: BrokerLogger;
  #isInTrouble = false;
  #isClosed = false;

  constructor(spec: {
    readonly name: string;
    readonly directory: string;
    readonly logger: BrokerLogger;
  }) {
    this.#name = spec.name;
    this.#directory = spec.directory;
    this.#logger = spec.logger;
  }

  /** From now on, what fails fails because the log is closed. */
  close(): void {
    this.#isClosed = true;
  }

  /** @throws BrokerError `KAFKA_STORAGE_ERROR`, `NOT_LEADER_OR_FOLLOWER`, or what `action` throws of its own */
  async run<T>(what: 'append' | 'read' | 'delete records', action: () => Promise<T>): Promise<T> {
    try {
      const result = await action();
      if (this.#isInTrouble && what === 'append') {
        this.#isInTrouble = false;
        this.#logger.info('The disk takes writes again', { partition: this.#name });
      }
      return result;
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      throw this.#isClosed ? this.#closed() : this.#trouble(what, error);
    }
  }

  #closed(): BrokerError {
    const text = `The log of ${this.#name} was closed or deleted`;
    return new BrokerError('NOT_LEADER_OR_FOLLOWER', text);
  }

  #trouble(what: string, error: unknown): BrokerError {
    const text = `The broker could not ${what} on ${this.#name} in ${this.#directory}: ${reasonOf(error)}`;
    if (!this.#isInTrouble) {
      this.#isInTrouble = true;
      this.#logger.error(`${text}. Free space or mend the disk; clients try again`);
    }
    return new BrokerError('KAFKA_STORAGE_ERROR', text, error);
  }
}
