import {
  ConfigDef,
  composite,
  nonEmptyString,
  type AnyRecord,
  type Predicate,
  type PredicatePlugin,
  type Props,
} from '@sluice/api';
import { TopicCache } from '../kafka/topic-cache.ts';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';
import { JavaRegex } from '@sluice/api/java-regex';
import { validRegex } from '../text/regex-validator.ts';

const CONFIG = new ConfigDef({
  pattern: {
    type: 'STRING',
    validator: composite(nonEmptyString(), validRegex()),
    importance: 'MEDIUM',
    doc: 'A regular expression (java.util.regex) that has to match the whole topic.',
  },
});

/**
 * True for records whose topic matches a regular expression.
 * Mirrors `org.apache.kafka.connect.transforms.predicates.TopicNameMatches`.
 */
class TopicNameMatches implements Predicate {
  #topics = new TopicCache<boolean>(() => false);

  configure(props: Props): void {
    const regex = new JavaRegex(CONFIG.parse(props).pattern);
    this.#topics = new TopicCache((topic) => regex.matches(topic));
  }

  test(record: AnyRecord): boolean {
    return this.#topics.get(record.topic);
  }
}

/** `org.apache.kafka.connect.transforms.predicates.TopicNameMatches` */
export const topicNameMatches: PredicatePlugin = {
  type: 'predicate',
  className: 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new TopicNameMatches(),
};
