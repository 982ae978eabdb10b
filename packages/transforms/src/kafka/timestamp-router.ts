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
import { TopicCache } from './topic-cache.ts';

const CONFIG = new ConfigDef({
  'topic.format': {
    type: 'STRING',
    default: '${topic}-${timestamp}',
    importance: 'HIGH',
    doc: 'The new topic; ${topic} and ${timestamp} stand for the old one and the time.',
  },
  'timestamp.format': {
    type: 'STRING',
    default: 'yyyyMMdd',
    importance: 'HIGH',
    doc: 'How the time is written, in UTC: a pattern as of java.text.SimpleDateFormat.',
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
  /** What the time was written as last: it seldom changes, and then topics are made anew. */
  #lastText: string | null = null;
  #topics = new TopicCache((topic) => topic);

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#topicFormat = config['topic.format'];
    this.#timestampFormat = config['timestamp.format'];
    this.#dateFormat = null;
    this.#lastText = null;
  }

  apply<R extends AnyRecord>(record: R): R {
    const { timestamp } = record;
    if (timestamp === null) {
      throw new DataError(`Timestamp missing on record: ${recordText(record)}`);
    }
    const text = this.#textOf(timestamp);
    if (text !== this.#lastText) {
      this.#lastText = text;
      this.#topics = new TopicCache((topic) => this.#topicOf(topic, text));
    }
    return withRecord(record, { topic: this.#topics.get(record.topic) });
  }

  #topicOf(topic: string, text: string): string {
    return this.#topicFormat
      .replaceAll('${topic}', () => topic)
      .replaceAll('${timestamp}', () => text);
  }

  #textOf(timestamp: number): string {
    this.#dateFormat ??= new SimpleDateFormat(this.#timestampFormat);
    return this.#dateFormat.format(new Date(timestamp));
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
