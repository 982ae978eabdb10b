import type { ConnectClusterState, ConnectorHealth, HealthState, Props } from '@sluice/api';
import type { Herder } from '../../contract/herder.ts';
import type { StateInfo } from '../../contract/wire.ts';

/** What extensions may know of the cluster, asked of the herder. Mirrors `ConnectClusterStateImpl`. */
export class HerderClusterState implements ConnectClusterState {
  readonly #herder: Herder;

  constructor(herder: Herder) {
    this.#herder = herder;
  }

  get kafkaClusterId(): string {
    return this.#herder.serverInfo().kafka_cluster_id;
  }
  connectors(): Promise<readonly string[]> {
    return this.#herder.connectors();
  }
  async connectorHealth(name: string): Promise<ConnectorHealth> {
    const { connector, tasks, type } = await this.#herder.connectorStatus(name);
    return {
      name,
      type,
      connector: healthOf(connector),
      tasks: new Map(tasks.map((task) => [task.id, healthOf(task)])),
    };
  }
  connectorConfig(name: string): Promise<Props> {
    return this.#herder.connectorConfig(name);
  }
}

function healthOf(info: StateInfo): HealthState {
  return { state: info.state, workerId: info.worker_id, trace: info.trace ?? null };
}
