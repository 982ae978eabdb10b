import type { Logger, Props } from '@sluice/api';
import type { DeliveryReport, KafkaAdmin, RecordConsumer, RecordProducer } from '@sluice/kafka';

/** What makes the Kafka clients of a task; `@sluice/kafka` is one, tests bring others. */
export interface KafkaClients {
  createProducer(
    config: Props,
    options: { readonly logger: Logger; readonly onDelivery: (report: DeliveryReport) => void },
  ): RecordProducer;
  createConsumer(config: Props, options: { readonly logger: Logger }): RecordConsumer;
  createAdmin(config: Props, options: { readonly logger: Logger }): KafkaAdmin;
}
