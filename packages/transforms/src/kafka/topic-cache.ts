/** More topics than most connectors have; beyond it the cache starts anew. */
const TOPICS_MAX = 1000;

/** What follows from a topic's name, worked out once per topic. Bounded. */
export class TopicCache<T> {
  readonly #make: (topic: string) => T;
  readonly #values = new Map<string, T>();

  /** @param make what it throws is not kept */
  constructor(make: (topic: string) => T) {
    this.#make = make;
  }

  get(topic: string): T {
    const known = this.#values.get(topic);
    if (known !== undefined) return known;
    const made = this.#make(topic);
    if (this.#values.size >= TOPICS_MAX) this.#values.clear();
    this.#values.set(topic, made);
    return made;
  }
}
