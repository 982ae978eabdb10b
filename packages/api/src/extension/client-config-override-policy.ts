import type { ConfigValue } from '../config/config-value.ts';
import type { PluginDefinition, Props } from '../connector.ts';

/** Client settings that a connector's config asks for. Mirrors `ConnectorClientConfigRequest`. */
export interface ClientConfigRequest {
  readonly connectorName: string;
  readonly connectorType: 'source' | 'sink';
  readonly clientType: 'PRODUCER' | 'CONSUMER' | 'ADMIN';
  /** Without the prefix `producer.override.` or its like. */
  readonly clientProps: Props;
}

/**
 * Decides which client settings connectors may override (KIP-458). Mirrors
 * `ConnectorClientConfigOverridePolicy`.
 */
export interface ClientConfigOverridePolicy {
  configure(props: Props): void;
  /** One value per setting asked for; those with errors are refused. */
  validate(request: ClientConfigRequest): readonly ConfigValue[];
  close?(): void;
}

export interface ClientConfigOverridePolicyPlugin
  extends PluginDefinition<ClientConfigOverridePolicy> {
  readonly type: 'connector_client_config_override_policy';
}
