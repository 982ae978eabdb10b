import type {
  ClientConfigOverridePolicy,
  ClientConfigOverridePolicyPlugin,
  Props,
} from '@sluice/api';
import type { Discovery } from './discover-plugins.ts';
import { definesPlugin, importWorkerPlugin, type WorkerPluginKind } from './worker-plugin.ts';

const OVERRIDE_POLICY: WorkerPluginKind<ClientConfigOverridePolicyPlugin> = {
  type: 'connector_client_config_override_policy',
  label: 'override policy',
  isOfKind: (value): value is ClientConfigOverridePolicyPlugin =>
    definesPlugin(value, 'connector_client_config_override_policy'),
};
const KEY = 'connector.client.config.override.policy';

/**
 * The override policy that a worker's properties name and a package brings, configured with these
 * properties; `null` when it is one of Kafka's own, or none that is known.
 *
 * @throws ConfigError when the package that lists it can't give it
 */
export async function overridePolicyPlugin(
  props: Props,
  discovery: Discovery,
): Promise<ClientConfigOverridePolicy | null> {
  const name = props[KEY]?.trim();
  if (name === undefined) return null;
  const plugin = await importWorkerPlugin(discovery, OVERRIDE_POLICY, name);
  if (plugin === null) return null;
  const policy = plugin.create();
  policy.configure(props);
  return policy;
}
