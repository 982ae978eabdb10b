export { type DevBroker, type DevBrokerOptions, startDevBroker } from './dev-broker.ts';
export type { BrokerLogger } from './storage/broker-log.ts';
export { BrokerStartError, type BrokerStartErrorCode } from './storage/broker-start-error.ts';
