import {
  ConfigDef,
  DataError,
  validList,
  withRecord,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { memberOf } from '../record/plain-object.ts';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';
import { isObjectValue, type PlainObject } from '../record/requirements.ts';
import { SimpleDateFormat } from '../text/simple-date-format.ts';

const CONFIG = new ConfigDef({
  'topic.format': {
    type: 'STRING',
    default: '${topic}-${timestamp}',
    importance: 'HIGH',
    doc: 'The new topic; ${topic} and ${timestamp} stand for the old one and the time.',
  },
  'topic.timestamp.format': {
    type: 'STRING',
    default: 'yyyyMMdd',
    importance: 'HIGH',
    doc: 'How the time is written: a pattern as of java.text.SimpleDateFormat, in UTC.',
  },
  'message.timestamp.format': {
    type: 'STRING',
    default: '',
    importance: 'HIGH',
    doc: 'How texts are read; empty: ISO 8601. Numbers are milliseconds since 1970.',
  },
  'message.timestamp.keys': {
    type: 'LIST',
    importance: 'HIGH',
    validator: validList([], { isEmptyAllowed: false }),
    doc: 'Fields of the value; the first one that is there counts.',
  },
});

/**
 * Makes the topic out of the old one and a time found in the value, a map or (unlike in
 * Confluent's) a struct. Mirrors `io.confluent.connect.transforms.MessageTimestampRouter`.
 */
class MessageTimestampRouter implements Transformation {
  #topicFormat = '';
  #output = new SimpleDateFormat('yyyyMMdd');
  #input: SimpleDateFormat | null = null;
  #keys: readonly string[] = [];

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const inputFormat = config['message.timestamp.format'];
    this.#topicFormat = config['topic.format'];
    this.#output = new SimpleDateFormat(config['topic.timestamp.format']);
    this.#input = inputFormat === '' ? null : new SimpleDateFormat(inputFormat);
    this.#keys = config['message.timestamp.keys'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const { value } = record;
    if (!isObjectValue(value)) throw this.#failed(record, 'the value is no map');
    const text = this.#output.format(this.#timeOf(record, value));
    const topic = this.#topicFormat
      .replaceAll('${topic}', () => record.topic)
      .replaceAll('${timestamp}', () => text);
    return withRecord(record, { topic });
  }

  #timeOf(record: AnyRecord, value: PlainObject): Date {
    const found = this.#keys.map((key) => memberOf(value, key)).find((member) => member !== null);
    if (found === undefined) throw this.#failed(record, 'none of them is there');
    if (found instanceof Date) return found;
    if (typeof found === 'number' || typeof found === 'bigint') return new Date(Number(found));
    const text = typeof found === 'string' ? found : '';
    const time = this.#input === null ? new Date(text) : this.#input.parse(text);
    if (time === null || Number.isNaN(time.getTime())) {
      throw this.#failed(record, `"${text}" does not match message.timestamp.format`);
    }
    return time;
  }

  #failed(record: AnyRecord, what: string): DataError {
    return new DataError(
      `Can't find the time (${this.#keys.join(', ')}) in a record of topic ` +
        `${record.topic}: ${what}`,
    );
  }
}

/** `io.confluent.connect.transforms.MessageTimestampRouter` */
export const messageTimestampRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.confluent.connect.transforms.MessageTimestampRouter',
  version: CONFLUENT_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new MessageTimestampRouter(),
};
