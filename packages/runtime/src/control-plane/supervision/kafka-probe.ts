import type { Props } from '@sluice/api';
import type { KafkaAdmin } from '@sluice/kafka';
import type { HealthPart } from '@sluice/rest';
import { messageOf } from '../../data-plane/errors/thrown.ts';
import { workerAdminConfig } from '../../task-host/client-configs.ts';

/** A health check is to answer sooner than those who ask for it give up. */
const TIMEOUT_MS = 3_000;
/** Checks that come more often share an answer: each opens a connection. */
const KEPT_MS = 5_000;

export interface KafkaProbeOptions {
  /** Makes an admin client; the probe closes it. */
  readonly openAdmin: (config: Props) => Promise<Pick<KafkaAdmin, 'describeCluster' | 'close'>>;
  readonly workerProps: Props;
  /** Milliseconds of a clock that nobody sets. */
  readonly steadyNow: () => number;
  /** Default 3,000. */
  readonly timeoutMs?: number;
}

/** Asks Kafka, as the worker's own admin client, whether it is there. */
export class KafkaProbe {
  readonly #options: KafkaProbeOptions;
  #asked: { readonly atMs: number; readonly part: Promise<HealthPart> } | null = null;

  constructor(options: KafkaProbeOptions) {
    this.#options = options;
  }

  /** Never rejects. Answers of the last five seconds are given again. */
  part(): Promise<HealthPart> {
    const nowMs = this.#options.steadyNow();
    if (this.#asked === null || nowMs - this.#asked.atMs >= KEPT_MS)
      this.#asked = { atMs: nowMs, part: this.#ask() };
    return this.#asked.part;
  }

  async #ask(): Promise<HealthPart> {
    const { openAdmin, workerProps, timeoutMs = TIMEOUT_MS } = this.#options;
    const config = workerAdminConfig(workerProps);
    const servers = config['bootstrap.servers'] ?? '';
    try {
      const admin = await openAdmin(config);
      try {
        const { nodes } = await admin.describeCluster(AbortSignal.timeout(timeoutMs));
        return {
          name: 'kafka',
          status: 'healthy',
          message: `Answers; brokers: ${nodes.length}.`,
        };
      } finally {
        await admin.close();
      }
    } catch (error) {
      return {
        name: 'kafka',
        status: 'unhealthy',
        message:
          `No answer within ${timeoutMs} ms from ${servers}: ${messageOf(error)}. Tasks wait and go ` +
          'on when it is back; if it does not come back, see the brokers and bootstrap.servers.',
      };
    }
  }
}
