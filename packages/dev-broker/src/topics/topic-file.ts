import path from 'node:path';
import { readFileIfThere, replaceFile } from '../storage/atomic-file.ts';
import { reasonOf } from '../storage/broker-log.ts';
import { BrokerStartError } from '../storage/broker-start-error.ts';
import type { TopicRecord } from './topic.ts';

const FILE_NAME = 'topics.json';

/** Replaces the list of topics on the disk. */
export async function writeTopicFile(
  directory: string,
  topics: readonly TopicRecord[],
): Promise<void> {
  await replaceFile(path.join(directory, FILE_NAME), `${JSON.stringify({ topics }, null, 1)}\n`);
}

/**
 * The topics of a data directory; `null` when it has no list yet.
 *
 * @throws BrokerStartError `DATA_DIR_DAMAGED`: guessing would mean losing topics
 */
export async function readTopicFile(directory: string): Promise<readonly TopicRecord[] | null> {
  const file = path.join(directory, FILE_NAME);
  const text = await readFileIfThere(file);
  if (text === null) return null;
  try {
    return decodeTopicFile(JSON.parse(text));
  } catch (error) {
    const message =
      `The list of topics in ${file} can't be understood (${reasonOf(error)}). ` +
      'Mend the file, or start with another data directory.';
    throw new BrokerStartError('DATA_DIR_DAMAGED', message, error);
  }
}

function decodeTopicFile(value: unknown): readonly TopicRecord[] {
  if (typeof value !== 'object' || value === null || !('topics' in value)) {
    throw new TypeError('no "topics"');
  }
  if (!Array.isArray(value.topics)) throw new TypeError('"topics" is not a list');
  return value.topics.map(decodeTopic);
}

function decodeTopic(value: unknown): TopicRecord {
  if (typeof value !== 'object' || value === null) throw new TypeError('a topic is not an object');
  const { name, id, partitions, configs } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof id !== 'string') {
    throw new TypeError('a topic without name or id');
  }
  if (typeof partitions !== 'number' || typeof configs !== 'object' || configs === null) {
    throw new TypeError(`topic ${name} has no partitions or configs`);
  }
  const texts = Object.entries(configs).map(([key, text]) => [key, String(text)]);
  return { name, id, partitions, configs: Object.fromEntries(texts) };
}
