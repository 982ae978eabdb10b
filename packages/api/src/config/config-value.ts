/** One validated key. Mirrors `org.apache.kafka.common.config.ConfigValue`. */
export interface ConfigValue {
  readonly name: string;
  readonly value: unknown;
  readonly recommendedValues: readonly unknown[];
  readonly errorMessages: readonly string[];
  readonly visible: boolean;
}
