import {
  ConfigDef,
  DataError,
  caseInsensitiveValidString,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';

const CONFIG = new ConfigDef({
  behavior: {
    type: 'STRING',
    default: 'warn',
    importance: 'MEDIUM',
    validator: caseInsensitiveValidString('warn', 'ignore', 'fail'),
    doc: 'warn and ignore drop records without value; fail fails on them.',
  },
});

/**
 * Drops tombstones, or fails on them.
 * Mirrors `io.confluent.connect.transforms.TombstoneHandler`, as its documentation tells it.
 */
class TombstoneHandler implements Transformation {
  #isFailing = false;

  configure(props: Props): void {
    this.#isFailing = CONFIG.parse(props).behavior.toLowerCase() === 'fail';
  }

  apply<R extends AnyRecord>(record: R): R | null {
    if (record.value !== null) return record;
    if (!this.#isFailing) return null;
    throw new DataError(
      `A tombstone (a record without value) came from topic ${record.topic}. Set behavior to ` +
        'warn or ignore to drop tombstones.',
    );
  }
}

/** `io.confluent.connect.transforms.TombstoneHandler` */
export const tombstoneHandler: TransformationPlugin = {
  type: 'transformation',
  className: 'io.confluent.connect.transforms.TombstoneHandler',
  version: CONFLUENT_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new TombstoneHandler(),
};
