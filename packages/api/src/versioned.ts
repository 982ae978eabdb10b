/** Something with a version of its own. Mirrors `org.apache.kafka.connect.components.Versioned`. */
export interface Versioned {
  /** Never empty. */
  readonly version: string;
}
