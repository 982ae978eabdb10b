import {
  ConnectError,
  type ConnectorContext,
  type Logger,
  type OffsetStorageReader,
  type Props,
  type SinkConnector,
  type SourceConnector,
} from '@sluice/api';
import { renderTrace } from '../logging/render-trace.ts';
import type { PluginMetricsRegistry } from '../metrics/plugin-metrics-registry.ts';
import type { PluginValue } from '../metrics/plugin-value.ts';
import type { ConnectorSpec, ConnectorTarget } from './contract.ts';
import { loadPlugin } from './plugin-loader.ts';

/** What a connector instance tells the one who runs it. */
interface ConnectorEvents {
  onFailed(trace: string): void;
  onReconfigurationRequested(): void;
}

export interface ConnectorRunnerOptions {
  readonly spec: ConnectorSpec;
  readonly offsetStorageReader: OffsetStorageReader;
  readonly events: ConnectorEvents;
  readonly logger: Logger;
  /** Closed with the connector. */
  readonly pluginMetrics: PluginMetricsRegistry;
}

type ConnectorState = 'initialized' | 'started' | 'suspended' | 'failed' | 'stopped';

/**
 * One connector instance: calls come one after another, as a connector may expect. Mirrors
 * `WorkerConnector`.
 */
export class ConnectorRunner {
  readonly #options: ConnectorRunnerOptions;
  #instance: SourceConnector | SinkConnector | null = null;
  #state: ConnectorState = 'initialized';
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ConnectorRunnerOptions) {
    this.#options = options;
  }

  /** Makes and initializes the instance, and starts it when it is wanted so. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { spec } = this.#options;
      if (spec.type === 'source') await this.#createSource();
      else await this.#createSink();
      if (spec.target === 'STARTED') await this.#startInstance();
      else this.#state = 'suspended';
    });
  }

  setTarget(target: ConnectorTarget): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'failed' && target !== 'STOPPED') {
        throw new ConnectError(
          `Cannot transition connector ${this.#options.spec.name} to ${target} since it has failed`,
        );
      }
      if (target === 'STARTED') {
        if (this.#state !== 'started') await this.#startInstance();
      } else {
        const wasStarted = this.#state === 'started';
        this.#state = 'suspended';
        if (wasStarted) await this.#suspend(target);
      }
    });
  }

  taskConfigs(maxTasks: number): Promise<readonly Props[]> {
    return this.#inTurn(async () => {
      const { name } = this.#options.spec;
      if (this.#instance === null) throw new ConnectError(`Connector ${name} is not there`);
      return this.#instance.taskConfigs(maxTasks);
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const wasStarted = this.#state === 'started';
      this.#state = 'stopped';
      try {
        if (wasStarted) await this.#instance?.stop();
      } finally {
        this.#options.pluginMetrics.close();
      }
    });
  }

  pluginValues(): readonly PluginValue[] {
    return this.#options.pluginMetrics.values();
  }

  async #createSource(): Promise<void> {
    const loaded = await loadPlugin(this.#options.spec.plugin, ['source']);
    const instance = loaded.create();
    instance.initialize({
      ...this.#context(),
      offsetStorageReader: this.#options.offsetStorageReader,
    });
    this.#instance = instance;
  }

  async #createSink(): Promise<void> {
    const loaded = await loadPlugin(this.#options.spec.plugin, ['sink']);
    const instance = loaded.create();
    instance.initialize(this.#context());
    this.#instance = instance;
  }

  /** What is to be STOPPED is, even if it failed at its stop; what is to be PAUSED has failed then. */
  async #suspend(target: ConnectorTarget): Promise<void> {
    try {
      await this.#instance?.stop();
    } catch (error) {
      if (target !== 'STOPPED') throw error;
      this.#options.logger.error('Error while stopping connector', { error });
    }
  }

  async #startInstance(): Promise<void> {
    try {
      await this.#instance?.start(this.#options.spec.props);
      this.#state = 'started';
    } catch (error) {
      this.#state = 'failed';
      throw error;
    }
  }

  #context(): ConnectorContext {
    const { events, logger, pluginMetrics } = this.#options;
    return {
      logger,
      pluginMetrics: pluginMetrics.of(),
      requestTaskReconfiguration: () => {
        if (this.#state !== 'stopped') events.onReconfigurationRequested();
      },
      raiseError: (error) => {
        if (this.#state === 'failed' || this.#state === 'stopped') return;
        logger.error('Connector raised an error', { error });
        this.#state = 'failed';
        events.onFailed(renderTrace(error));
      },
    };
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(call, call);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
