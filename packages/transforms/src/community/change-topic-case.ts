import {
  ConfigDef,
  validString,
  withRecord,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { TopicCache } from '../kafka/topic-cache.ts';
import { COMMUNITY_PLUGIN_VERSION } from '../plugin-version.ts';
import { changeCase, NAME_CASES, nameCaseOf } from './name-case.ts';

const CASES_DOC =
  'LOWER_CAMEL (lowerCamel), LOWER_HYPHEN (lower-hyphen), LOWER_UNDERSCORE (lower_underscore), ' +
  'UPPER_CAMEL (UpperCamel) or UPPER_UNDERSCORE (UPPER_UNDERSCORE).';

const CONFIG = new ConfigDef({
  from: {
    type: 'STRING',
    validator: validString(...NAME_CASES),
    importance: 'HIGH',
    doc: `How the topic is written: ${CASES_DOC}`,
  },
  to: {
    type: 'STRING',
    validator: validString(...NAME_CASES),
    importance: 'HIGH',
    doc: `How the topic is to be written: ${CASES_DOC}`,
  },
});

/**
 * Writes the topic in another case.
 * Mirrors `com.github.jcustenborder.kafka.connect.transform.common.ChangeTopicCase`.
 */
class ChangeTopicCase implements Transformation {
  #topics = new TopicCache((topic) => topic);

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const from = nameCaseOf(config.from);
    const to = nameCaseOf(config.to);
    this.#topics = new TopicCache((topic) => changeCase(topic, from, to));
  }

  apply<R extends AnyRecord>(record: R): R {
    const topic = this.#topics.get(record.topic);
    return topic === record.topic ? record : withRecord(record, { topic });
  }
}

/** `com.github.jcustenborder.kafka.connect.transform.common.ChangeTopicCase` */
export const changeTopicCase: TransformationPlugin = {
  type: 'transformation',
  className: 'com.github.jcustenborder.kafka.connect.transform.common.ChangeTopicCase',
  version: COMMUNITY_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ChangeTopicCase(),
};
