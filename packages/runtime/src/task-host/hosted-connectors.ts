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
  /** Rejects once the connector is given up, and so does every call into it. */
  readonly givenUp: Promise<never>;
  readonly giveUp: (error: ConnectError) => void;
  /** What calls into it fail with, once it is given up. */
  failure: ConnectError | null;
  /** Settles when the calls into it that are under way have. */
  busy: Promise<unknown>;
}

/** How long a lane may take to show that it is alive when its connector does not stop. */
const PING_MS_MAX = 1_000;

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
    const { channel } = connector.lane;
    await inTurn(connector, channel.call('setConnectorTarget', { name, target }, null));
  }

  async taskConfigs(name: string, maxTasks: number): Promise<readonly Props[]> {
    const connector = this.#get(name);
    return inTurn(connector, connector.lane.channel.call('taskConfigs', { name, maxTasks }, null));
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
        await this.#abandon(connector, `it did not stop within ${timeoutMs} ms`);
        return;
      }
    } catch (error) {
      logger.error(`Error while shutting down connector ${name}`, { error });
    }
    await pool.leave(lane, lodgerName(name));
  }

  /**
   * Lets nobody wait for ever behind a call into the connector that never ends: unless it ends in
   * time it fails, and the instance is gone. Never rejects.
   */
  async hurry(name: string, timeoutMs: number): Promise<void> {
    const connector = this.#connectors.get(name);
    if (connector === undefined) return;
    const { isLate } = await withinDeadline(connector.busy, timeoutMs);
    if (!isLate || this.#connectors.get(name) !== connector) return;
    this.#connectors.delete(name);
    const why = `it did not return within ${timeoutMs} ms of what was asked next`;
    this.#options.logger.error(`A call of connector ${name} is given up: ${why}`);
    await this.#abandon(connector, why);
  }

  async stopAll(timeoutMs: number): Promise<void> {
    await Promise.all([...this.#connectors.keys()].map((name) => this.stop(name, timeoutMs)));
  }

  isIn(lane: Lane, name: string): boolean {
    return this.#connectors.get(name)?.lane === lane;
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
    const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
    // Nobody may be waiting for it.
    givenUp.catch(() => undefined);
    const busy = Promise.resolve();
    const connector: HostedConnector = {
      spec,
      lane,
      target,
      isQuarantined,
      givenUp,
      giveUp,
      failure: null,
      busy,
    };
    this.#connectors.set(name, connector);
    try {
      await inTurn(connector, lane.channel.call('startConnector', spec, null));
    } catch (error) {
      // A lane that ended under the call has been reported by its end; the caller hears it too.
      if (this.#connectors.get(name) === connector) {
        this.#connectors.delete(name);
        await this.#options.pool.leave(lane, lodger);
      }
      throw error;
    }
  }

  /**
   * Whatever it still does is nobody's business; a lane that it blocks has to end for its neighbours.
   * Whoever waits for it hears of it when all is done: a new start may follow at once.
   */
  async #abandon(connector: HostedConnector, why: string): Promise<void> {
    const { spec, lane } = connector;
    const failure = new ConnectError(`A call of connector ${spec.name} was given up: ${why}`);
    connector.failure = failure;
    if (!(await lane.answers(PING_MS_MAX)))
      await lane.end(`The thread '${lane.label}' was ended: connector ${spec.name} blocked it`);
    await this.#options.pool.leave(lane, lodgerName(spec.name));
    connector.giveUp(failure);
  }

  #get(name: string): HostedConnector {
    const connector = this.#connectors.get(name);
    if (connector === undefined) throw new ConnectError(`Connector ${name} is not running here`);
    return connector;
  }
}

/** What a call into a connector comes to, or that the connector was given up. */
function inTurn<T>(connector: HostedConnector, call: Promise<T>): Promise<T> {
  const heard = call.catch((error: unknown) => {
    throw connector.failure ?? error;
  });
  const outcome = Promise.race([heard, connector.givenUp]);
  connector.busy = Promise.allSettled([connector.busy, outcome]);
  return outcome;
}

function lodgerName(connector: string): string {
  return `connector ${connector}`;
}
