import { logSettings, topicConfig } from '../src/config/topic-configs.ts';
import type { LogSettings } from '../src/log/log-settings.ts';
import { PartitionLog } from '../src/log/partition-log.ts';
import type { PartitionLogSpec } from '../src/log/partition-log-spec.ts';
import { SILENT_LOGGER } from '../src/storage/broker-log.ts';
import { openLogFile } from '../src/storage/log-file.ts';
import { A_MOMENT } from './a-batch.ts';

/** A topic's settings: Kafka's defaults and what the test changes. */
export function someSettings(changes: Partial<LogSettings> = {}): LogSettings {
  return { ...logSettings((name) => topicConfig(name)?.default ?? ''), ...changes };
}

/** A log in `directory`, by the broker's defaults except for what the test changes. */
export function aPartitionLog(
  directory: string,
  changes: Partial<PartitionLogSpec> = {},
): Promise<PartitionLog> {
  return PartitionLog.open({
    name: 'orders-0',
    directory,
    leaderEpoch: 0,
    openFile: openLogFile,
    settings: () => someSettings(),
    logger: SILENT_LOGGER,
    now: () => A_MOMENT,
    ...changes,
  });
}
