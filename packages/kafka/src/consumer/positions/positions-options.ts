import type { Cluster } from '../../cluster/cluster.ts';
import type { Coordinators } from '../../cluster/coordinators.ts';
import type { OffsetReset } from '../../config/offset-reset.ts';
import type { MetadataRefresher } from '../metadata-refresher.ts';
import type { PartitionTable } from '../partition-table.ts';

/** What positions are found with. */
export interface PositionsOptions {
  readonly cluster: Cluster;
  readonly coordinators: Coordinators;
  readonly partitions: PartitionTable;
  readonly metadata: MetadataRefresher;
  /** `null`: nothing is committed anywhere. */
  readonly groupId: string | null;
  readonly offsetReset: OffsetReset;
  readonly isolationLevel: number;
  readonly signal: AbortSignal;
  /** A position was found, or an error for the next poll. */
  readonly onNews: () => void;
}
