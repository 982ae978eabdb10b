import { type ConfigValue, ConnectError, type Props } from '@sluice/api';
import type {
  PluginRef,
  PreviewOutcome,
  PreviewSpec,
  SinkOffsetAlteration,
  SourceOffsetAlteration,
} from './contract.ts';
import type { Lane } from './lane.ts';

/** Just under the REST server's own limit of 90 s, so that the caller learns the reason. */
const CALL_MS_MAX = 80_000;
/** A user who creates one connector often creates more. */
const IDLE_MS_MAX = 10_000;

/**
 * A thread for what plug-ins are asked without being started: validation and offset changes. A
 * plug-in that blocks there disturbs no task, and is ended with the thread (R6.14).
 */
export class ValidationLane {
  readonly #start: (label: string) => Lane;
  #lane: Lane | null = null;
  #calls = 0;
  #idle: NodeJS.Timeout | null = null;

  constructor(start: (label: string) => Lane) {
    this.#start = start;
  }

  get lane(): Lane | null {
    return this.#lane;
  }

  validate(plugin: PluginRef, props: Props): Promise<readonly ConfigValue[]> {
    return this.#call(plugin, (lane) =>
      lane.channel.call('validate', { plugin, props }, CALL_MS_MAX),
    );
  }

  alterOffsets(
    plugin: PluginRef,
    props: Props,
    offsets: readonly (SourceOffsetAlteration | SinkOffsetAlteration)[],
  ): Promise<boolean | null> {
    return this.#call(plugin, (lane) =>
      lane.channel.call('alterOffsets', { plugin, props, offsets }, CALL_MS_MAX),
    );
  }

  preview(spec: PreviewSpec): Promise<PreviewOutcome> {
    return this.#call(spec.connector.plugin, (lane) =>
      lane.channel.call('preview', spec, CALL_MS_MAX),
    );
  }

  onGone(lane: Lane): void {
    if (this.#lane === lane) this.#lane = null;
  }

  async #call<T>(plugin: PluginRef, call: (lane: Lane) => Promise<T>): Promise<T> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#lane ??= this.#start('validation');
    const lane = this.#lane;
    this.#calls += 1;
    try {
      return await call(lane);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      await lane.end(`${plugin.className} did not finish validating in time`);
      throw new ConnectError(
        `${plugin.className} did not finish validating within ${CALL_MS_MAX} ms; its thread was ` +
          'ended. The system it validates against may not answer',
        { cause: error, code: 'CONNECT_VALIDATION_TIMEOUT' },
      );
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) this.#endWhenIdle();
    }
  }

  #endWhenIdle(): void {
    this.#idle = setTimeout(() => {
      const lane = this.#lane;
      this.#lane = null;
      void lane?.end('It had nothing to do');
    }, IDLE_MS_MAX);
    // An idle thread must not hold up a worker that ends.
    this.#idle.unref();
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof ConnectError && error.code === 'CONNECT_LANE_TIMEOUT';
}
