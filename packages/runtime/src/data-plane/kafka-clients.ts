import type { Logger, Props } from '@sluice/api';
import type { DeliveryReport, KafkaAdmin, RecordConsumer, ColumnProducer } from '@sluice/kafka';
import type { Metered } from '../metrics/client-value.ts';

/** What makes the Kafka clients of a task; `@sluice/kafka` is one, tests bring others. */
export interface KafkaClients {
  createProducer(
    config: Props,
    options: { readonly logger: Logger; readonly onDelivery: (report: DeliveryReport) => void },
  ): ColumnProducer & Metered;
  createConsumer(config: Props, options: { readonly logger: Logger }): RecordConsumer & Metered;
  createAdmin(config: Props, options: { readonly logger: Logger }): KafkaAdmin;
}
