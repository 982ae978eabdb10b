import type { MetricTags } from '@sluice/api';

/** One value of the group `plugins` (KIP-877), as it crosses from a lane to the main thread. */
export interface PluginValue {
  readonly name: string;
  readonly description: string;
  /** The plug-in's own and those that say whose it is. */
  readonly tags: MetricTags;
  readonly value: number;
}
