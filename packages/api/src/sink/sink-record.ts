import type { ConnectRecord } from '../data/connect-record.ts';

/** What a sink task is given. Mirrors `org.apache.kafka.connect.sink.SinkRecord`. */
export interface SinkRecord extends ConnectRecord {
  readonly kafkaPartition: number;
  readonly kafkaOffset: number;
  readonly timestampType: 'NoTimestampType' | 'CreateTime' | 'LogAppendTime';
  /** Where the record was read, before transformations (KIP-793): use these for offsets. */
  readonly originalTopic: string;
  readonly originalKafkaPartition: number;
  readonly originalKafkaOffset: number;
}
