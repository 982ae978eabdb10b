import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';

/** Which topics a consumer wants: by name, or all that match a pattern. */
export class TopicSubscription {
  readonly #wanted: readonly string[] | RegExp;
  readonly #isExcludingInternal: boolean;

  /** `isExcludingInternal`: patterns leave out Kafka's own topics. */
  constructor(wanted: readonly string[] | RegExp, isExcludingInternal: boolean) {
    this.#wanted = wanted instanceof RegExp ? wholeMatch(wanted) : [...new Set(wanted)];
    this.#isExcludingInternal = isExcludingInternal;
  }

  /** The names, when they were given; `null` for a pattern. */
  get names(): readonly string[] | null {
    return this.#wanted instanceof RegExp ? null : this.#wanted;
  }

  includes(topic: string): boolean {
    const wanted = this.#wanted;
    return wanted instanceof RegExp ? wanted.test(topic) : wanted.includes(topic);
  }

  /** The topics as known now; `null` while a pattern has nothing to look at. */
  topics(metadata: ClusterMetadata): readonly string[] | null {
    const wanted = this.#wanted;
    if (!(wanted instanceof RegExp)) return wanted;
    if (metadata.brokers.size === 0) return null;
    return [...metadata.topics.values()]
      .filter(({ isInternal }) => !(isInternal && this.#isExcludingInternal))
      .filter(({ name }) => wanted.test(name))
      .map(({ name }) => name);
  }
}

/**
 * Java's `Matcher.matches`: the pattern has to cover the whole name. Without the flags by which an expression remembers
 * where it stopped.
 */
function wholeMatch(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ''));
}
