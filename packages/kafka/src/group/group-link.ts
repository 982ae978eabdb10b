import type { Cluster, Lane } from '../cluster/cluster.ts';
import type { CoordinatorKind } from '../cluster/coordinators.ts';
import type { Connection } from '../connection/connection.ts';

/** What a membership needs of a connection. */
export type RequestSender = Pick<Connection, 'request'>;

/** What a membership needs of the cluster it lives in. `Cluster` has it. */
export type GroupCluster = Pick<
  Cluster,
  'clock' | 'config' | 'logger' | 'random' | 'metadata' | 'want' | 'refresh' | 'onRefresh'
>;

/** How a membership finds its coordinator. `Coordinators` has it. */
export interface GroupCoordinator {
  /** @throws KafkaError retriable, when it isn't known or there */
  connection(kind: CoordinatorKind, key: string, lane?: Lane): Promise<RequestSender>;
  /** Told every error, since some mean that the coordinator is another broker now. */
  noteError(kind: CoordinatorKind, key: string, error: unknown): void;
}
