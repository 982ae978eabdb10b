import type { ConfigValue } from '../config/config-value.ts';
import type { PluginDefinition, Props } from '../connector.ts';

/** Client settings that a connector's config asks for. Mirrors `ConnectorClientConfigRequest`. */
export interface ClientConfigRequest {
  readonly connectorName: string;
  readonly connectorType: 'source' | 'sink';
  /** The class that `connector.class` means, with its package. */
  readonly connectorClass: string;
  readonly clientType: 'PRODUCER' | 'CONSUMER' | 'ADMIN';
  /** Without the prefix `producer.override.` or its like. */
  readonly clientProps: Props;
}

/**
 * Decides which client settings connectors may override (KIP-458). The worker runs it in its own
 * thread, once for each kind of client that a config overrides something of. Mirrors
 * `ConnectorClientConfigOverridePolicy`.
 */
export interface ClientConfigOverridePolicy {
  /** Called once, before anything else. @param props the worker's properties, secrets looked up */
  configure(props: Props): void;
  /**
   * One value per setting asked for, by its name without the prefix; those with errors are refused.
   * Must not wait. What it throws refuses the request as a whole.
   */
  validate(request: ClientConfigRequest): readonly ConfigValue[];
  /** The worker has stopped. */
  close?(): void;
}

export interface ClientConfigOverridePolicyPlugin
  extends PluginDefinition<ClientConfigOverridePolicy> {
  readonly type: 'connector_client_config_override_policy';
}
