import { pause } from '../clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { backoffMs } from '../connection/backoff.ts';
import { asKafkaError } from '../errors/broker-error.ts';

/** After so long without a request the next one need not wait. */
const QUIET_MS = 5000;

/**
 * Refreshes metadata in the background when somebody found it stale. Asked for again and again (a topic that is gone,
 * say), it does so less and less often, by `retry.backoff.ms` and `retry.backoff.max.ms`.
 */
export class MetadataRefresher {
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** Refreshes that followed each other closely. */
  #streak = 0;

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
    while (this.#isWanted && !this.#signal.aborted) {
      if (clock.now() - this.#lastMs > QUIET_MS) this.#streak = 0;
      const waitMs = backoffMs(config.retryBackoff, this.#streak++, random);
      await pause(this.#lastMs + waitMs - clock.now(), this.#signal);
      if (this.#signal.aborted) return;
      this.#isWanted = false;
      this.#lastMs = clock.now();
      try {
        await this.#cluster.refresh();
      } catch (error) {
        if (this.#signal.aborted) return;
        logger.debug(`Refreshing metadata: ${asKafkaError(error).message}`);
        this.#isWanted = true;
      }
    }
  }
}
