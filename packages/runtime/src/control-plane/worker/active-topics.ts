/**
 * Which topics each connector has used since it was created or its set was reset (KIP-558). In
 * memory, as standalone Java keeps them.
 */
export class ActiveTopics {
  readonly #topics = new Map<string, Set<string>>();

  add(connector: string, topic: string): void {
    const known = this.#topics.get(connector);
    if (known === undefined) this.#topics.set(connector, new Set([topic]));
    else known.add(topic);
  }

  /** Sorted; empty for a connector of which nothing is known. */
  of(connector: string): readonly string[] {
    return [...(this.#topics.get(connector) ?? [])].sort();
  }

  /** A reset, or the connector is gone. */
  forget(connector: string): void {
    this.#topics.delete(connector);
  }
}
