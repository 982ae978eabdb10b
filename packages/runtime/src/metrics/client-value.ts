/** One value that a Kafka client measures, under the names of Java's JMX attributes. */
export interface ClientValue {
  /** `consumer-fetch-manager-metrics` and the like. */
  readonly group: string;
  readonly name: string;
  /** `client-id`, `node-id`, `topic`, `partition`. */
  readonly tags: Readonly<Record<string, string>>;
  /** NaN where there is nothing to look at. */
  readonly value: number;
  readonly description: string;
}

/** A client that tells what it measures; not all of them do. */
export interface Metered {
  metrics?(): readonly ClientValue[];
}

/** What a client measures, if it does. */
export function clientValues(client: Metered): readonly ClientValue[] {
  return client.metrics?.() ?? [];
}
