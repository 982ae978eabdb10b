import type { BrokerLogger } from '../storage/broker-log.ts';
import type { OpenLogFile } from '../storage/log-file.ts';
import type { LogSettings } from './log-settings.ts';

/** A partition's place in the world. */
export interface PartitionLogSpec {
  /** `orders-0`, for messages. */
  readonly name: string;
  readonly directory: string;
  /** Epoch of this run of the broker. */
  readonly leaderEpoch: number;
  readonly openFile: OpenLogFile;
  /** Asked at every append, because topic configs change. */
  readonly settings: () => LogSettings;
  readonly logger: BrokerLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
