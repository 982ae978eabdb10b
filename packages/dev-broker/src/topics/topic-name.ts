const NAME_MAX_CHARS = 249;
const INTERNAL_TOPICS: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state']);

/** Why there can be no topic of this name, or `null`. The rules are Kafka's. */
export function topicNameProblem(name: string): string | null {
  if (name === '') return 'The topic name is empty';
  if (name === '.' || name === '..') return `The topic name can't be "${name}"`;
  if (name.length > NAME_MAX_CHARS) {
    return `The topic name has ${name.length} characters; at most ${NAME_MAX_CHARS} are allowed`;
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return null;
  return `The topic name "${name}" holds a character other than ASCII letters, digits, '.', '_' and '-'`;
}

/** Names that differ only in dots and underscores clash in Kafka's metrics, so it refuses the second. */
export function namesCollide(one: string, other: string): boolean {
  return one !== other && one.replaceAll('.', '_') === other.replaceAll('.', '_');
}

/** Topics that belong to the broker itself. */
export function isInternalTopic(name: string): boolean {
  return INTERNAL_TOPICS.has(name);
}
