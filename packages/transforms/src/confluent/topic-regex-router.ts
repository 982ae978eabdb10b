import {
  ConfigDef,
  withRecord,
  type AnyRecord,
  type Props,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { TopicCache } from '../kafka/topic-cache.ts';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';
import { JavaRegex } from '@sluice/api/java-regex';
import { validRegex } from '../text/regex-validator.ts';

const CONFIG = new ConfigDef({
  regex: {
    type: 'STRING',
    importance: 'HIGH',
    validator: validRegex(),
    doc: 'A regular expression that has to match the whole topic.',
  },
  replacement: {
    type: 'STRING',
    importance: 'HIGH',
    doc: 'The new topic; $1 stands for what the first group matched.',
  },
});

/**
 * Changes the topic by a regular expression.
 * Mirrors `io.confluent.connect.cloud.transforms.TopicRegexRouter`, whose RE2 expressions are a
 * part of what is understood here.
 */
class TopicRegexRouter implements Transformation {
  #topics = new TopicCache((topic) => topic);

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const regex = new JavaRegex(config.regex);
    const replacement = regex.replacement(config.replacement);
    this.#topics = new TopicCache((topic) =>
      regex.matches(topic) ? regex.replaceFirst(topic, replacement) : topic,
    );
  }

  apply<R extends AnyRecord>(record: R): R {
    const topic = this.#topics.get(record.topic);
    return topic === record.topic ? record : withRecord(record, { topic });
  }
}

/** `io.confluent.connect.cloud.transforms.TopicRegexRouter` */
export const topicRegexRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.confluent.connect.cloud.transforms.TopicRegexRouter',
  version: CONFLUENT_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new TopicRegexRouter(),
};
