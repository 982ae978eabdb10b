import {
  ConfigDef,
  ConfigError,
  DataError,
  caseInsensitiveValidString,
  lastHeader,
  withRecord,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';
import { isObjectValue } from '../record/requirements.ts';
import { JsonPath } from './json-path.ts';

const CONFIG = new ConfigDef({
  field: {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    doc: 'The field (of $Header: the header) whose text becomes the topic; empty: the whole part.',
  },
  'field.format': {
    type: 'STRING',
    default: 'PLAIN',
    importance: 'MEDIUM',
    validator: caseInsensitiveValidString('PLAIN', 'JSON_PATH'),
    doc: 'PLAIN: field is a name. JSON_PATH: it is a JSON path, for instance $["a"]["b"].',
  },
  'skip.missing.or.null': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    doc: 'What to do when there is no text: true keeps the topic, false fails.',
  },
});

type Part = 'key' | 'value' | 'header';

/**
 * Makes the topic out of the key, the value, a field of them, or a header.
 * Mirrors `io.confluent.connect.transforms.ExtractTopic`, as its documentation tells it.
 */
class ExtractTopic implements Transformation {
  readonly #part: Part;
  #field = '';
  #plain = new FieldPath('', 'V1');
  #path: JsonPath | null = null;
  #skipsMissing = false;

  constructor(part: Part) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#field = config.field;
    this.#plain = new FieldPath(config.field, 'V1');
    const isPath = config['field.format'].toUpperCase() === 'JSON_PATH' && this.#part !== 'header';
    this.#path = isPath && config.field !== '' ? new JsonPath(config.field) : null;
    this.#skipsMissing = config['skip.missing.or.null'];
    if (this.#part === 'header' && config.field === '') {
      throw ConfigError.ofValue('field', '', 'ExtractTopic$Header needs the name of a header');
    }
  }

  apply<R extends AnyRecord>(record: R): R {
    const topic = this.#topicOf(record) ?? null;
    if (typeof topic === 'string' && topic !== '') return withRecord(record, { topic });
    if (topic !== null && typeof topic !== 'string') throw this.#failed(record, 'is no string');
    if (this.#skipsMissing) return record;
    throw this.#failed(record, 'is missing, null or empty');
  }

  #topicOf(record: AnyRecord): unknown {
    if (this.#part === 'header') return lastHeader(record.headers, this.#field)?.value;
    const data = this.#part === 'key' ? record.key : record.value;
    if (this.#field === '' || data === null) return data;
    if (this.#path !== null) return this.#path.evaluate(data).values[0];
    if (!isObjectValue(data)) throw this.#failed(record, 'is no field: there is no struct or map');
    return this.#plain.valueInMap(data);
  }

  #failed(record: AnyRecord, what: string): DataError {
    const where =
      this.#field === '' ? `the ${this.#part}` : `"${this.#field}" in the ${this.#part}`;
    return new DataError(
      `Can't take the topic of a record of topic ${record.topic} from ${where}: it ${what}. ` +
        'Set skip.missing.or.null to keep the topic of records without it.',
    );
  }
}

function plugin(part: Part, suffix: string): TransformationPlugin {
  return {
    type: 'transformation',
    className: `io.confluent.connect.transforms.ExtractTopic$${suffix}`,
    version: CONFLUENT_PLUGIN_VERSION,
    config: CONFIG,
    create: () => new ExtractTopic(part),
  };
}

/** `io.confluent.connect.transforms.ExtractTopic$Key` */
export const extractTopicKey: TransformationPlugin = plugin('key', 'Key');
/** `io.confluent.connect.transforms.ExtractTopic$Value` */
export const extractTopicValue: TransformationPlugin = plugin('value', 'Value');
/** `io.confluent.connect.transforms.ExtractTopic$Header` */
export const extractTopicHeader: TransformationPlugin = plugin('header', 'Header');
