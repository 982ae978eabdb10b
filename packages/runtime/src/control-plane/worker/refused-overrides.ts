import { ConnectError, type Props } from '@sluice/api';
import type { Plugin } from '../../plugins/plugin-catalog.ts';
import { overrideInfos } from '../validation/client-overrides.ts';
import type { WorkerContext } from './worker-context.ts';
import { workerOverridePolicy } from './worker-override-policy.ts';

/** Who overrides: references of its config are resolved. */
interface OverridingConnector {
  readonly name: string;
  readonly plugin: Plugin;
  readonly props: Props;
}

/**
 * Asks the policy about a connector's overrides when its clients are to be made, as Java does (R7.05):
 * its config may have come on another way than through validation, or the policy may be another one
 * since then. Mirrors `Worker.connectorClientConfigOverrides`.
 *
 * @throws ConnectError with the words of the policy when it refuses any
 */
export function checkOverrides(
  { name, plugin, props }: OverridingConnector,
  worker: WorkerContext,
): void {
  const infos = overrideInfos(plugin, { ...props, name }, workerOverridePolicy(worker));
  const refused = infos.flatMap(({ value }) =>
    (value?.errors ?? []).map((error) => `${value?.name}: ${error}`),
  );
  if (refused.length === 0) return;
  throw new ConnectError(
    `Client Config Overrides not allowed: ${refused.join(' ')} Take them out of the config, or ` +
      'change connector.client.config.override.policy of the worker.',
    { code: 'CONNECT_CONFIG' },
  );
}
