import {
  ConfigDef,
  nonNull,
  newHeader,
  parseString,
  withRecord,
  type AnyRecord,
  type Header,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';

const CONFIG = new ConfigDef({
  header: {
    type: 'STRING',
    validator: nonNull(),
    importance: 'HIGH',
    doc: 'Name of the header.',
  },
  'value.literal': {
    type: 'STRING',
    validator: nonNull(),
    importance: 'HIGH',
    doc: 'Its value, whose type is inferred from the text: 1 is an INT8, [1,2] an array.',
  },
});

/**
 * Adds a fixed header to each record, behind those of the same name that are there.
 * Mirrors `org.apache.kafka.connect.transforms.InsertHeader`.
 */
class InsertHeader implements Transformation {
  #header: Header = newHeader('', null);

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const literal = parseString(config['value.literal']);
    this.#header = newHeader(config.header, literal?.value ?? null, literal?.schema ?? null);
  }

  apply<R extends AnyRecord>(record: R): R {
    return withRecord(record, { headers: [...record.headers, this.#header] });
  }
}

/** `org.apache.kafka.connect.transforms.InsertHeader` */
export const insertHeader: TransformationPlugin = {
  type: 'transformation',
  className: 'org.apache.kafka.connect.transforms.InsertHeader',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new InsertHeader(),
};
