import {
  ConfigDef,
  DataError,
  caseInsensitiveValidString,
  lambdaValidator,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { partPlugin } from '../part-plugin.ts';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';
import { partValue, type RecordPart } from '../record/record-part.ts';
import { JsonPath } from './json-path.ts';

const CONFIG = new ConfigDef({
  'filter.condition': {
    type: 'STRING',
    importance: 'HIGH',
    validator: lambdaValidator((_name, value) => void new JsonPath(String(value)), 'a JSON path'),
    doc: "A JSON path with a condition, for instance $[?(@.amount < 42 && @.state == 'open')].",
  },
  'filter.type': {
    type: 'STRING',
    importance: 'HIGH',
    validator: caseInsensitiveValidString('include', 'exclude'),
    doc: 'include: records that the path finds something in are kept; exclude: they are dropped.',
  },
  'missing.or.null.behavior': {
    type: 'STRING',
    default: 'fail',
    importance: 'MEDIUM',
    validator: caseInsensitiveValidString('fail', 'include', 'exclude'),
    doc: 'What to do with records that lack what the condition asks for: fail, include, exclude.',
  },
});

/**
 * Keeps or drops records by a condition on their key or value.
 * Mirrors `io.confluent.connect.transforms.Filter`, as its documentation tells it.
 */
class ConfluentFilter implements Transformation {
  readonly #part: RecordPart;
  #condition = '';
  #path = new JsonPath('$');
  #isInclude = true;
  #missing = 'fail';

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#condition = config['filter.condition'];
    this.#path = new JsonPath(this.#condition);
    this.#isInclude = config['filter.type'].toLowerCase() === 'include';
    this.#missing = config['missing.or.null.behavior'].toLowerCase();
  }

  apply<R extends AnyRecord>(record: R): R | null {
    const value = partValue(record, this.#part);
    const { values, isIncomplete } = this.#path.evaluate(value);
    const isMatch = value !== null && values.length > 0;
    if (!isMatch && (value === null || isIncomplete)) return this.#applyToIncomplete(record);
    return isMatch === this.#isInclude ? record : null;
  }

  #applyToIncomplete<R extends AnyRecord>(record: R): R | null {
    if (this.#missing === 'include') return record;
    if (this.#missing === 'exclude') return null;
    throw new DataError(
      `The ${this.#part} of a record of topic ${record.topic} lacks what the filter condition ` +
        `${this.#condition} asks for. Set missing.or.null.behavior to include or exclude such ` +
        'records.',
    );
  }
}

const SHARED = {
  className: 'io.confluent.connect.transforms.Filter',
  version: CONFLUENT_PLUGIN_VERSION,
  config: CONFIG,
  create: (part: RecordPart): Transformation => new ConfluentFilter(part),
};

/** `io.confluent.connect.transforms.Filter$Key` */
export const confluentFilterKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `io.confluent.connect.transforms.Filter$Value` */
export const confluentFilterValue: TransformationPlugin = partPlugin(SHARED, 'value');
