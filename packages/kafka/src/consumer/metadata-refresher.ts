import { pause } from '../clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { backoffMs } from '../connection/backoff.ts';
import { asKafkaError } from '../errors/broker-error.ts';

/** Refreshes metadata in the background when somebody found it stale, with the back-off of `retry.backoff.ms`. */
export class MetadataRefresher {
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(cluster: Cluster, signal: AbortSignal) {
    this.#cluster = cluster;
    this.#signal = signal;
  }

  /** Asks for a refresh; requests that come together are one. */
  request(): void {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Settles when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, config, logger, random } = this.#cluster;
    let failures = 0;
    while (this.#isWanted && !this.#signal.aborted) {
      const waitMs = backoffMs(config.retryBackoff, failures, random);
      await pause(this.#lastMs + waitMs - clock.now(), this.#signal);
      if (this.#signal.aborted) return;
      this.#isWanted = false;
      this.#lastMs = clock.now();
      try {
        await this.#cluster.refresh();
        // A topic that is not there yet may come: the broker creates it, or somebody else will.
        const isComplete = this.#cluster.metadata.topicErrors.size === 0;
        failures = isComplete ? 0 : failures + 1;
        if (!isComplete) this.#isWanted = true;
      } catch (thrown) {
        if (this.#signal.aborted) return;
        const error = asKafkaError(thrown);
        logger.debug(`Refreshing metadata: ${error.message}`);
        this.#isWanted = true;
        failures++;
      }
    }
  }
}
