import {
  ConfigDef,
  validList,
  withRecord,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';

const CONFIG = new ConfigDef({
  headers: {
    type: 'LIST',
    validator: validList([], { isEmptyAllowed: false }),
    importance: 'HIGH',
    doc: 'Names of the headers to remove; all headers of a name go.',
  },
});

/** Removes headers. Mirrors `org.apache.kafka.connect.transforms.DropHeaders`. */
class DropHeaders implements Transformation {
  #names: ReadonlySet<string> = new Set();

  configure(props: Props): void {
    this.#names = new Set(CONFIG.parse(props).headers);
  }

  apply<R extends AnyRecord>(record: R): R {
    const headers = record.headers.filter((header) => !this.#names.has(header.key));
    return headers.length === record.headers.length ? record : withRecord(record, { headers });
  }
}

/** `org.apache.kafka.connect.transforms.DropHeaders` */
export const dropHeaders: TransformationPlugin = {
  type: 'transformation',
  className: 'org.apache.kafka.connect.transforms.DropHeaders',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new DropHeaders(),
};
