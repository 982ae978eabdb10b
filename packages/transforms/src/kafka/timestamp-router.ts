import {
  ConfigDef,
  DataError,
  withRecord,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';
import { recordText } from '../record/record-text.ts';
import { SimpleDateFormat } from '../text/simple-date-format.ts';

const CONFIG = new ConfigDef({
  'topic.format': {
    type: 'STRING',
    default: '${topic}-${timestamp}',
    importance: 'HIGH',
    doc: 'The new topic; <code>${topic}</code> and <code>${timestamp}</code> stand for the old one and the time.',
  },
  'timestamp.format': {
    type: 'STRING',
    default: 'yyyyMMdd',
    importance: 'HIGH',
    doc: 'How the time is written, in UTC: a pattern as of <code>java.text.SimpleDateFormat</code>.',
  },
});

/**
 * Makes the topic out of the old one and the record's timestamp.
 * Mirrors `org.apache.kafka.connect.transforms.TimestampRouter`.
 */
class TimestampRouter implements Transformation {
  #topicFormat = '';
  #timestampFormat = '';
  /** Made at the first record: Java too fails a wrong pattern only then. */
  #dateFormat: SimpleDateFormat | null = null;
  #lastTimestamp = Number.NaN;
  #lastText = '';

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#topicFormat = config['topic.format'];
    this.#timestampFormat = config['timestamp.format'];
    this.#dateFormat = null;
  }

  apply<R extends AnyRecord>(record: R): R {
    const { timestamp } = record;
    if (timestamp === null) {
      throw new DataError(`Timestamp missing on record: ${recordText(record)}`);
    }
    const text = this.#textOf(timestamp);
    const topic = this.#topicFormat
      .replaceAll('${topic}', () => record.topic)
      .replaceAll('${timestamp}', () => text);
    return withRecord(record, { topic });
  }

  #textOf(timestamp: number): string {
    if (timestamp === this.#lastTimestamp) return this.#lastText;
    this.#dateFormat ??= new SimpleDateFormat(this.#timestampFormat);
    this.#lastText = this.#dateFormat.format(new Date(timestamp));
    this.#lastTimestamp = timestamp;
    return this.#lastText;
  }
}

/** `org.apache.kafka.connect.transforms.TimestampRouter` */
export const timestampRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'org.apache.kafka.connect.transforms.TimestampRouter',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new TimestampRouter(),
};
