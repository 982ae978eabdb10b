import type { BrokerConfig } from '../config/broker-config.ts';
import type { GroupCoordinator } from '../groups/group-coordinator.ts';
import type { ProducerIds } from '../producers/producer-ids.ts';
import type { BrokerLogger } from '../storage/broker-log.ts';
import type { TransactionCoordinator } from '../transactions/transaction-coordinator.ts';
import type { TopicRegistry } from '../topics/topic-registry.ts';

/** Where clients reach the broker. */
export interface BrokerEndpoint {
  readonly host: string;
  readonly port: number;
}

/** An API as ApiVersions advertises it. */
export interface AdvertisedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** All that handlers work with. */
export interface BrokerServices {
  /** What is served, in the order of the keys. */
  readonly apis: readonly AdvertisedApi[];
  readonly config: BrokerConfig;
  readonly clusterId: string;
  readonly endpoint: BrokerEndpoint;
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly producerIds: ProducerIds;
  readonly transactions: TransactionCoordinator;
  readonly logger: BrokerLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
