import type { BrokerConfig } from '../config/broker-config.ts';
import type { GroupCoordinator } from '../groups/group-coordinator.ts';
import type { ProducerIds } from '../producers/producer-ids.ts';
import type { BrokerLogger } from '../storage/broker-log.ts';
import type { TopicRegistry } from '../topics/topic-registry.ts';

/** Where clients reach the broker. */
export interface BrokerEndpoint {
  readonly host: string;
  readonly port: number;
}

/** All that handlers work with. */
export interface BrokerServices {
  readonly config: BrokerConfig;
  readonly clusterId: string;
  readonly endpoint: BrokerEndpoint;
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly producerIds: ProducerIds;
  readonly logger: BrokerLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
