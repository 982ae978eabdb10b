import {
  ConfigDef,
  withRecord,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';
import { JavaRegex } from '@sluice/api/java-regex';
import { validRegex } from '../text/regex-validator.ts';
import { TopicCache } from './topic-cache.ts';

const CONFIG = new ConfigDef({
  regex: {
    type: 'STRING',
    validator: validRegex(),
    importance: 'HIGH',
    doc: 'A regular expression (java.util.regex) that has to match the whole topic.',
  },
  replacement: {
    type: 'STRING',
    importance: 'HIGH',
    doc: 'The new topic; $1 and ${name} stand for what the groups of regex matched.',
  },
});

/**
 * Changes the topic by a regular expression. As in Java, once the whole topic matches, the
 * expression is looked for again from the start, and may then match less (`a|ab` in `ab`).
 * Mirrors `org.apache.kafka.connect.transforms.RegexRouter`.
 */
class RegexRouter implements Transformation {
  #topics = new TopicCache((topic) => topic);

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const regex = new JavaRegex(config.regex);
    this.#topics = new TopicCache((topic) => {
      if (!regex.matches(topic)) return topic;
      // Read here, not at configure: Java too fails a wrong replacement only when it is used.
      return regex.replaceFirst(topic, regex.replacement(config.replacement));
    });
  }

  apply<R extends AnyRecord>(record: R): R {
    const topic = this.#topics.get(record.topic);
    return topic === record.topic ? record : withRecord(record, { topic });
  }
}

/** `org.apache.kafka.connect.transforms.RegexRouter` */
export const regexRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'org.apache.kafka.connect.transforms.RegexRouter',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new RegexRouter(),
};
