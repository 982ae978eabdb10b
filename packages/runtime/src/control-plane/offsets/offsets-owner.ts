import type { Props } from '@sluice/api';
import type { KafkaAdmin } from '@sluice/kafka';
import type { Plugin } from '../../plugins/plugin-catalog.ts';

/** A connector whose offsets are asked for. */
export interface OffsetsOwner {
  readonly name: string;
  readonly plugin: Plugin;
  /** The connector's config, references resolved. */
  readonly props: Props;
}

/** Makes an admin client; the caller closes it. */
export type OpenAdmin = (config: Props) => Promise<KafkaAdmin>;
