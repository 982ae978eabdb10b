import type { ConnectorConfigInput } from '@sluice/rest';
import { javaRegex } from '../../config/java-regex.ts';

const TOPICS = 'topics';
const REGEX = 'topics.regex';
const DEAD_LETTERS = 'errors.deadletterqueue.topic.name';

/**
 * What a sink's topics are missing or have too much of (R2.63, R2.64), by key. Mirrors
 * `SinkConnectorConfig.validate`.
 */
export function topicErrors(config: ConnectorConfigInput): ReadonlyMap<string, readonly string[]> {
  const topics = config[TOPICS]?.trim() ?? '';
  const regex = config[REGEX]?.trim() ?? '';
  const deadLetters = config[DEAD_LETTERS]?.trim() ?? '';
  if (topics !== '' && regex !== '')
    return both(`${TOPICS} and ${REGEX} are mutually exclusive options, but both are set.`);
  if (topics === '' && regex === '') return both(`Must configure one of ${TOPICS} or ${REGEX}`);
  if (deadLetters === '') return new Map();
  const listed = [...new Set(topics.split(',').map((topic) => topic.trim()))];
  if (topics !== '' && listed.includes(deadLetters))
    return new Map([
      [
        TOPICS,
        [
          `The DLQ topic '${deadLetters}' may not be included in the list of topics ` +
            `('${TOPICS}=[${listed.join(', ')}]') consumed by the connector`,
        ],
      ],
    ]);
  if (regex !== '' && matches(regex, deadLetters))
    return new Map([
      [
        REGEX,
        [
          `The DLQ topic '${deadLetters}' may not be matched by the regex for the topics ` +
            `('${REGEX}=${regex}') consumed by the connector`,
        ],
      ],
    ]);
  return new Map();
}

function both(message: string): ReadonlyMap<string, readonly string[]> {
  return new Map([
    [TOPICS, [message]],
    [REGEX, [message]],
  ]);
}

function matches(regex: string, topic: string): boolean {
  try {
    return javaRegex(REGEX, regex).test(topic);
  } catch {
    // No regular expression at all: its own key says so.
    return false;
  }
}
