import { ConnectError, type Logger, type Props } from '@sluice/api';
import { withinDeadline } from '../data-plane/within-deadline.ts';
import { renderTrace } from '../logging/render-trace.ts';
import type { ConnectorSpec, ConnectorTarget, TaskHostListener } from './contract.ts';
import type { Lane } from './lane.ts';
import type { LanePool } from './lane-pool.ts';

export interface HostedConnectorsOptions {
  readonly pool: LanePool;
  readonly listener: TaskHostListener;
  readonly logger: Logger;
}

interface HostedConnector {
  readonly spec: ConnectorSpec;
  readonly lane: Lane;
  target: ConnectorTarget;
  readonly isQuarantined: boolean;
}

/** The connector instances of a worker and the lanes they live in. */
export class HostedConnectors {
  readonly #options: HostedConnectorsOptions;
  readonly #connectors = new Map<string, HostedConnector>();

  constructor(options: HostedConnectorsOptions) {
    this.#options = options;
  }

  async start(spec: ConnectorSpec): Promise<void> {
    if (this.#connectors.has(spec.name)) {
      throw new ConnectError(`Connector ${spec.name} is running already`);
    }
    await this.#launch(spec, false);
  }

  async setTarget(name: string, target: ConnectorTarget): Promise<void> {
    const connector = this.#get(name);
    connector.target = target;
    await connector.lane.channel.call('setConnectorTarget', { name, target }, null);
  }

  async taskConfigs(name: string, maxTasks: number): Promise<readonly Props[]> {
    return this.#get(name).lane.channel.call('taskConfigs', { name, maxTasks }, null);
  }

  async stop(name: string, timeoutMs: number): Promise<void> {
    const connector = this.#connectors.get(name);
    if (connector === undefined) return;
    this.#connectors.delete(name);
    const { lane } = connector;
    const { logger, pool } = this.#options;
    try {
      const stopped = await withinDeadline(
        lane.channel.call('stopConnector', { name }, null),
        timeoutMs,
      );
      if (stopped.isLate) {
        logger.error(`Connector ${name} did not stop within ${timeoutMs} ms; it is given up`);
      }
    } catch (error) {
      logger.error(`Error while shutting down connector ${name}`, { error });
    }
    await pool.leave(lane, lodgerName(name));
  }

  async stopAll(timeoutMs: number): Promise<void> {
    await Promise.all([...this.#connectors.keys()].map((name) => this.stop(name, timeoutMs)));
  }

  countIn(lane: Lane): number {
    return [...this.#connectors.values()].filter((each) => each.lane === lane).length;
  }

  /** As for tasks: the only one in the lane has failed, of several each goes on by itself. */
  onLaneGone(lane: Lane, trace: string, isGuiltKnown: boolean): void {
    for (const [name, connector] of this.#connectors) {
      if (connector.lane !== lane) continue;
      this.#connectors.delete(name);
      if (isGuiltKnown || connector.isQuarantined) {
        this.#options.listener.onConnectorFailed(name, trace);
      } else {
        void this.#quarantine(connector);
      }
    }
  }

  async #quarantine({ spec, target }: HostedConnector): Promise<void> {
    try {
      await this.#launch({ ...spec, target, isolation: 'task' }, true);
    } catch (error) {
      this.#options.listener.onConnectorFailed(spec.name, renderTrace(error));
    }
  }

  async #launch(spec: ConnectorSpec, isQuarantined: boolean): Promise<void> {
    const { name, isolation, target } = spec;
    const lodger = lodgerName(name);
    const lane = this.#options.pool.enter({
      isolation,
      connector: name,
      name: lodger,
      maxHeapMb: null,
    });
    const connector: HostedConnector = { spec, lane, target, isQuarantined };
    this.#connectors.set(name, connector);
    try {
      await lane.channel.call('startConnector', spec, null);
    } catch (error) {
      // A lane that ended under the call has been reported by its end; the caller hears it too.
      if (this.#connectors.get(name) === connector) {
        this.#connectors.delete(name);
        await this.#options.pool.leave(lane, lodger);
      }
      throw error;
    }
  }

  #get(name: string): HostedConnector {
    const connector = this.#connectors.get(name);
    if (connector === undefined) throw new ConnectError(`Connector ${name} is not running here`);
    return connector;
  }
}

function lodgerName(connector: string): string {
  return `connector ${connector}`;
}
